// Dead letters that wait for being written: bounded by what they take, written in bounded batches, let go of once they are.
import type { DeadLetter } from './dead-letters.ts';
import { objectBytes } from './memory-bounds.ts';

export interface LetterQueue {
  /** Is there room for one of so many bytes? Ours are added all the same: nobody would send them again. */
  hasRoom(bytes: number): boolean;
  add(letter: DeadLetter): void;
  count(): number;
  /** The oldest, as many as are written at once. */
  batch(): DeadLetter[];
  /** The batch was written. */
  written(batch: readonly DeadLetter[]): void;
}

const mostLetters = 1000;
const batchBytes = 4 * 1024 * 1024;
const mostBytes = 64 * 1024 * 1024;

export function letterQueue(onAdded: () => void): LetterQueue {
  let letters: DeadLetter[] = [];
  let bytes = 0;
  return {
    hasRoom: (more) => bytes + letters.length * objectBytes + more <= mostBytes,
    add(letter) {
      letters.push(letter);
      bytes += letter.bytes.length;
      onAdded();
    },
    count: () => letters.length,
    batch() {
      let size = 0;
      let count = 0;
      // A flood of one message is one row: identical ones cost no more room.
      while (count < letters.length && count < mostLetters && size < batchBytes) {
        size += letters[count]?.bytes.length ?? 0;
        count++;
      }
      return letters.slice(0, count);
    },
    written(batch) {
      letters = letters.slice(batch.length);
      for (const letter of batch) bytes -= letter.bytes.length;
    },
  };
}
