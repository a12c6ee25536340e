// The one writer of events_mirror: on the leader's connection it drains the outbox and stores what arrived, in turn, never overlapping.
import { setTimeout as pause } from 'node:timers/promises';
import type { LeaderConnection } from '../db/leader.ts';
import type { Log } from '../db/log.ts';
import { type Batches, batchesUnderWay } from './batches.ts';
import { type DeadLetter, type WrittenDeadLetter, writeDeadLetters } from './dead-letters.ts';
import { ingestQueue, type Waiting } from './ingest-queue.ts';
import { messageOf } from './leader.ts';
import { letterQueue } from './letter-queue.ts';
import { type Failure, type Incoming, type Outcome, type RepeatedMessage, readMessage } from './message.ts';
import { batchStore, type Found } from './mirror.ts';
import { emptyOutbox } from './outbox-drain.ts';
import { isMissingPartition, sqlstateOf } from './sqlstate.ts';

export interface AppenderOptions {
  log: Log;
  /** What the server itself published may come back among the messages: an external broker. */
  echoes: boolean;
  /** Something was appended; `ours` where it came from the outbox. */
  onAppended(ours: boolean): void;
  /** A message came again; not told of a dead letter that is replayed. */
  onRepeated(message: RepeatedMessage): void;
  /** Dead letters were written. */
  onDeadLetters(letters: readonly WrittenDeadLetter[]): void;
}

export interface Settlement {
  settle(outcome: Outcome): void;
  /** The publisher has gone; see Waiting. */
  abandoned(): boolean;
  /** A dead letter that is replayed: told why it failed again, in the place of `settle`; no new letter is made of it. */
  failed?(why: Failure): void;
}

/** Why a message is a dead letter. */
export type Refusal = Pick<DeadLetter, 'reason_code' | 'failure_reason' | 'stage' | 'event_id'>;

export interface AppenderCounts {
  stored: number;
  duplicates: number;
  echoes: number;
  dead: number;
  drained: number;
}

export interface Appender {
  /** Takes a message; `settle` is called after the commit. False: no room, the publisher is to send it again. */
  ingest(message: Incoming, settlement: Settlement): boolean;
  /** Takes a message that is a dead letter whatever it holds. False: as for `ingest`. */
  refuse(message: Incoming, why: Refusal, settlement: Settlement): boolean;
  /** The same for one of ours, which nobody would send again. */
  bury(message: Incoming, why: Refusal): void;
  /** There is something in the outbox. */
  wake(): void;
  lead(connection: LeaderConnection): void;
  rest(): void;
  /** Stores what has arrived and what the outbox holds, for so long at the most. */
  flush(milliseconds: number): Promise<void>;
  status(): {
    failing: string | null;
    last_commit_at: number | null;
    waiting: { messages: number; bytes: number };
    counts: AppenderCounts;
  };
}

const drainRows = 500;
/** How often the outbox is looked at, in milliseconds, whether or not anybody told that there is something in it. */
const pollEvery = 1000;
const longestPause = 2000;

export function createAppender(options: AppenderOptions): Appender {
  const { log } = options;
  let current: LeaderConnection | null = null;
  /** When the outbox is to be looked at next; 0 for at once. */
  let outboxDueAt = 0;
  let failing: string | null = null;
  let lastCommit: number | null = null;
  let working = false;
  let batches: Batches | null = null;
  let settling = 0;
  const counts: AppenderCounts = { stored: 0, duplicates: 0, echoes: 0, dead: 0, drained: 0 };

  let wakeUp: () => void = () => undefined;
  let rung = false;
  const ring = () => {
    rung = true;
    wakeUp();
  };
  const queue = ingestQueue(ring);
  const letters = letterQueue(ring);

  type Why = Refusal & Pick<DeadLetter, 'event_key' | 'text'>;
  function reject(message: Incoming, why: Why, settlement: Settlement): boolean {
    if (settlement.failed) {
      settlement.failed(why);
      return true;
    }
    if (!letters.hasRoom(message.bytes.length)) return false;
    letters.add({ ...message, ...why, sqlstate: null, settle: () => settlement.settle('dead') });
    return true;
  }

  function bury(message: Waiting, why: Pick<DeadLetter, 'reason_code' | 'failure_reason' | 'sqlstate' | 'text'>): void {
    if (message.failed) {
      message.failed(why);
      return;
    }
    const { topic, bytes, client_id, identity, qos, retain, key, settle } = message;
    const letter = { topic, bytes, client_id, identity, qos, retain, stage: 'store', event_key: key } as const;
    letters.add({ ...letter, ...why, settle: () => settle('dead') });
  }

  /** After the next statement is on its way, so that the database works while acknowledgements are written. */
  function settleSoon(segment: readonly Waiting[], found: ReadonlyMap<number, Found>): void {
    settling++;
    setImmediate(() => {
      settling--;
      settleBatch(segment, found);
      options.onAppended(false);
      if (letters.count() > 0) ring();
    });
  }

  function refuse(message: Waiting, error: unknown): void {
    for (const one of [message, ...(message.twins ?? [])]) {
      bury(one, {
        reason_code: 'refused_by_database',
        failure_reason: `The database cannot hold it: ${messageOf(error)}.`,
        sqlstate: sqlstateOf(error),
        text: null,
      });
    }
  }

  function settleBatch(batch: readonly Waiting[], found: ReadonlyMap<number, Found>): void {
    for (const [index, message] of batch.entries()) {
      const before = found.get(index);
      const twins = message.twins ?? [];
      if (before === 'reused') {
        for (const one of [message, ...twins]) {
          bury(one, {
            reason_code: 'key_reused',
            failure_reason: `The idempotency key ${JSON.stringify(message.key)} was used before, for other content.`,
            sqlstate: null,
            text: message.text,
          });
        }
        continue;
      }
      if (before === 'echo') counts.echoes++;
      else if (before === 'duplicate') counts.duplicates++;
      else counts.stored++;
      message.settle(before ?? 'stored');
      if (before === 'duplicate' && message.letter_id === undefined) options.onRepeated(message);
      counts.duplicates += twins.length;
      for (const twin of twins) {
        twin.settle(before === 'echo' ? 'echo' : 'duplicate');
        // Its own client waits for an answer too.
        if (twin.client_id !== message.client_id && twin.letter_id === undefined) options.onRepeated(twin);
      }
    }
  }

  function committed(): void {
    lastCommit = Date.now();
    if (failing !== null) log.info('events are stored again');
    failing = null;
  }

  async function drain(connection: LeaderConnection): Promise<void> {
    outboxDueAt = performance.now() + pollEvery;
    const moved = await emptyOutbox(connection, drainRows, log, (written) => {
      counts.dead++;
      options.onDeadLetters(written);
    }).catch((error: unknown) => {
      outboxDueAt = 0;
      throw error;
    });
    committed();
    counts.drained += moved;
    if (moved === drainRows) outboxDueAt = 0;
    if (moved > 0) options.onAppended(true);
  }

  async function writeLetters(connection: LeaderConnection): Promise<void> {
    const batch = letters.batch();
    const written = await writeDeadLetters(connection, batch);
    letters.written(batch);
    committed();
    counts.dead += batch.length;
    for (const letter of batch) letter.settle();
    options.onDeadLetters(written);
  }

  async function work(connection: LeaderConnection): Promise<void> {
    if (working) return;
    working = true;
    batches = batchesUnderWay({
      ...{ queue, rings, onRefused: refuse },
      store: batchStore(connection, options.echoes),
      onStored(batch, found) {
        committed();
        settleSoon(batch, found);
      },
      mayGoAhead: () => letters.count() === 0,
    });
    let wait = 100;
    while (current === connection) {
      rung = false;
      try {
        let busy = false;
        if (performance.now() >= outboxDueAt) {
          await drain(connection);
          busy = true;
        }
        if (await batches.storeNext()) busy = true;
        if (letters.count() > 0) {
          await writeLetters(connection);
          busy = true;
        }
        wait = 100;
        if (!busy && !rung) await bell();
      } catch (error) {
        if (current !== connection) break;
        if (failing === null) log.warn(`events cannot be stored, trying again: ${messageOf(error)}`);
        failing = messageOf(error);
        if (isMissingPartition(error)) {
          await connection.query('select taylordash.ensure_partitions()').catch(() => undefined);
        }
        await pause(wait);
        wait = Math.min(wait * 2, longestPause);
      }
    }
    await batches.settled();
    working = false;
    if (current !== null) void work(current);
  }

  /** Resolves when it is rung the next time. */
  function rings(): Promise<void> {
    rung = false;
    return new Promise((resolve) => {
      wakeUp = resolve;
    });
  }

  /** Waits to be rung; no longer than until the outbox is to be looked at all the same. */
  async function bell(): Promise<void> {
    const timer = setTimeout(() => wakeUp(), pollEvery);
    await rings();
    clearTimeout(timer);
  }

  return {
    ingest(message, settlement) {
      const read = readMessage(message.topic, message.bytes);
      if (read.ok) {
        const { text, key } = read;
        return queue.add({ ...message, ...settlement, text, key });
      }
      const { ok: _not, ...why } = read;
      return reject(message, { ...why, stage: 'validate' }, settlement);
    },
    refuse(message, why, settlement) {
      return reject(message, { ...why, event_key: null, text: textOf(message) }, settlement);
    },
    bury(message, why) {
      letters.add({
        ...message,
        ...why,
        event_key: null,
        text: textOf(message),
        sqlstate: null,
        settle: () => undefined,
      });
    },
    wake() {
      outboxDueAt = 0;
      ring();
    },
    lead(connection) {
      current = connection;
      outboxDueAt = 0;
      void work(connection);
    },
    rest() {
      current = null;
      ring();
    },
    async flush(milliseconds) {
      const until = performance.now() + milliseconds;
      outboxDueAt = 0;
      ring();
      const idle = () =>
        outboxDueAt > 0 &&
        letters.count() === 0 &&
        queue.size().messages === 0 &&
        (batches?.count() ?? 0) + settling === 0;
      while (current !== null && !idle() && performance.now() < until) await pause(5);
    },
    status: () => ({
      failing: failing ?? (current === null ? 'this server does not lead' : null),
      last_commit_at: lastCommit,
      waiting: queue.size(),
      counts: { ...counts },
    }),
  };
}

function textOf({ topic, bytes }: Incoming): string | null {
  return readMessage(topic, bytes).text;
}
