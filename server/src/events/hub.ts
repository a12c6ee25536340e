// Live streams: the mirror is read once for all of them, each catches up on its own and then joins.
import { setTimeout as pause } from 'node:timers/promises';
import type { Log } from '../db/log.ts';
import type { Handle } from '../db/transaction.ts';
import { messageOf } from './leader.ts';
import { createStream, type Stream, type StreamOptions } from './stream.ts';
import { newestId, oldestId, readAfter, type StreamRow } from './stream-queries.ts';

export interface HubOptions {
  db: Handle;
  log: Log;
  /** Between two comments on a quiet stream, in milliseconds. */
  heartbeat_every?: number;
}

export interface Hub {
  /** Serves one stream until it ends. */
  open(options: StreamOptions): Stream;
  /** Something was appended. */
  wake(): void;
  count(): number;
  /** Ends every stream: their clients come back and go on where they were. */
  close(): void;
}

const batchRows = 500;
const pollEvery = 1000;
/** A burst of doorbells is one read. */
const readEvery = 5;

export function createHub({ db, log, heartbeat_every = 15_000 }: HubOptions): Hub {
  const streams = new Set<Stream>();
  /** Everything up to here was handed to the streams that are live. */
  let head: bigint | null = null;
  let running = false;
  let closing = false;
  let due = false;
  let failing = false;
  let wakeUp: () => void = () => undefined;

  async function run(): Promise<void> {
    if (running) return;
    running = true;
    while (streams.size > 0 && !closing) {
      try {
        due = false;
        head ??= await newestId(db);
        const { rows, more } = await readAfter(db, head, batchRows);
        handOut(rows);
        failing = false;
        if (!more) await doorbell();
      } catch (error) {
        if (!failing) log.warn(`live streams wait for the database: ${messageOf(error)}`);
        failing = true;
        await pause(500);
      }
    }
    // Nobody listens: the next stream starts from what is newest then.
    head = null;
    running = false;
  }

  function handOut(rows: readonly StreamRow[]): void {
    for (const stream of streams) stream.offer(rows);
    head = rows.at(-1)?.id ?? head;
  }

  async function doorbell(): Promise<void> {
    if (!due) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, pollEvery);
        wakeUp = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      wakeUp = () => undefined;
    }
    await pause(readEvery);
  }

  return {
    open(options) {
      const stream = createStream(options, {
        heartbeat_every,
        head: () => head,
        newest: () => newestId(db),
        oldest: () => oldestId(db),
        read: async (after) => (await readAfter(db, after, batchRows)).rows,
        onEnd: () => {
          streams.delete(stream);
          if (streams.size === 0) wakeUp();
        },
      });
      // Who left while the request was looked into is told of no more.
      if (closing || options.sink.destroyed) stream.end();
      else {
        streams.add(stream);
        void run();
      }
      return stream;
    },
    wake() {
      due = true;
      wakeUp();
    },
    count: () => streams.size,
    close() {
      closing = true;
      for (const stream of [...streams]) stream.end();
      wakeUp();
    },
  };
}
