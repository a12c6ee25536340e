// Messages that wait for their commit, in order of arrival; hands them out in batches.
import { objectBytes } from './memory-bounds.ts';
import type { Failure, Incoming, Outcome } from './message.ts';

export interface Waiting extends Incoming {
  /** The envelope as it came. */
  text: string;
  key: string;
  /** Called once, after the commit. */
  settle(outcome: Outcome): void;
  /** The publisher has gone without its acknowledgement: under pressure it may be let go, for it is sent again. */
  abandoned(): boolean;
  /** See Settlement. */
  failed?(why: Failure): void;
  /** Same key and same bytes, arrived while this one waited: settled with it. */
  twins?: Waiting[];
}

const batchRows = 500;
/** Rows that a batch takes where so many wait already: behind a slow disk, fewer commits for the same. */
const mostRows = 2000;
const batchBytes = 1024 * 1024;
/** How long the first of a batch waits for company, in milliseconds. */
const batchWait = 3;
/** What may wait at the most; beyond it what was abandoned is let go. */
const mostBytes = 64 * 1024 * 1024;

export interface IngestQueue {
  /** False where there is no room: the message is not taken, and its publisher is to send it again. */
  add(message: Waiting): boolean;
  /** The next batch, oldest first; none while it pays to wait for more. No key comes twice in it. */
  take(): Waiting[];
  /** Puts a batch that could not be stored back to where it was. */
  giveBack(batch: Waiting[]): void;
  size(): { messages: number; bytes: number };
}

/** `ring` is called when a batch is worth taking. */
export function ingestQueue(ring: () => void): IngestQueue {
  let waiting: Waiting[] = [];
  let head = 0;
  let bytes = 0;
  /** The first has waited long enough. A flag and not its age: a timer may fire a little before its time. */
  let ripe = false;
  let timer: NodeJS.Timeout | undefined;

  const count = () => waiting.length - head;
  const fits = (message: Waiting) => bytes + count() * objectBytes + message.bytes.length <= mostBytes;
  const full = () => count() >= batchRows || bytes >= batchBytes;

  function ripen(): void {
    ripe = true;
    ring();
  }

  function letGo(): void {
    const kept = waiting.slice(head).filter((message) => !message.abandoned());
    waiting = kept;
    head = 0;
    bytes = kept.reduce((sum, message) => sum + message.bytes.length, 0);
  }

  return {
    add(message) {
      if (!fits(message)) {
        letGo();
        if (!fits(message)) return false;
      }
      if (count() === 0) {
        timer = setTimeout(ripen, batchWait);
      }
      waiting.push(message);
      bytes += message.bytes.length;
      if (full()) ring();
      return true;
    },
    take() {
      if (count() === 0) return [];
      if (!full() && !ripe) return [];
      clearTimeout(timer);
      const batch: Waiting[] = [];
      const keys = new Map<string, Waiting>();
      let size = 0;
      while (head < waiting.length && batch.length < mostRows && size < batchBytes) {
        const next = waiting[head];
        if (next === undefined) break;
        const key = next.identity === '' ? next.key : `${next.identity}\0${next.key}`;
        const first = keys.get(key);
        if (first === undefined) {
          keys.set(key, next);
          batch.push(next);
        } else if (first.text === next.text) {
          first.twins ??= [];
          first.twins.push(next);
        } else {
          break;
        }
        head++;
        size += next.bytes.length;
        bytes -= next.bytes.length;
      }
      if (head === waiting.length) {
        waiting = [];
        head = 0;
        ripe = false;
      } else {
        if (head > 4096) {
          waiting = waiting.slice(head);
          head = 0;
        }
        // What is left arrived while an earlier batch was being stored.
        ripe = true;
        ring();
      }
      return batch;
    },
    giveBack(batch) {
      const all = batch.flatMap((message) => {
        const { twins = [] } = message;
        delete message.twins;
        return [message, ...twins];
      });
      waiting = [...all, ...waiting.slice(head)];
      head = 0;
      bytes += all.reduce((sum, message) => sum + message.bytes.length, 0);
      ripe = true;
    },
    size: () => ({ messages: count(), bytes }),
  };
}
