// What the embedded broker keeps for its clients, in our own tables: written in batches, the last word on each thing.
import { setTimeout as pause } from 'node:timers/promises';
import type { Log } from '../db/log.ts';
import { type Handle, transaction } from '../db/transaction.ts';
import {
  type KeptMessage,
  type KeptState,
  type KeptWill,
  type Pending,
  type QueuedMessage,
  readState,
  unseenSessions,
  writeBatch,
} from './broker-rows.ts';
import { messageOf } from './leader.ts';
import { isDataError } from './sqlstate.ts';

export interface BrokerStore {
  load(): Promise<KeptState>;
  /** A persistent session is there, or was seen again. */
  session(client_id: string, identity: string): void;
  /** Ends a session with all it has; `queued` are the rows that wait for it. */
  forget(client_id: string, queued: Iterable<number>): void;
  /** `qos` null: no longer subscribed. */
  subscription(client_id: string, filter: string, qos: number | null): void;
  enqueue(message: QueuedMessage): void;
  /** Its packet identifier or its state changed. */
  mark(message: QueuedMessage): void;
  dequeue(id: number): void;
  received(client_id: string, message_id: number, there: boolean): void;
  /** Null: nothing is retained on the topic any more. */
  retained(topic: string, message: KeptMessage | null): void;
  will(client_id: string, will: KeptWill | null): void;
  /** Sessions that were not seen for 30 days. */
  unseen(): Promise<string[]>;
  /** Resolves once everything that was said before is committed. */
  settled(): Promise<void>;
  /** Writes what is left, for so long at the most. */
  stop(milliseconds: number): Promise<void>;
}

/** How long what nobody waits for may lie, in milliseconds. */
const lieAtMost = 20;
const retryEvery = 500;

const nothing = (): Pending => ({
  forgotten: new Set(),
  sessions: new Map(),
  subscriptions: new Map(),
  queue: new Map(),
  marks: new Map(),
  received: new Map(),
  retained: new Map(),
  wills: new Map(),
});

export function brokerStore(db: Handle, log: Log): BrokerStore {
  let pending = nothing();
  /** Rows that were handed to the database, or are there. Others need no delete. */
  const written = new Set<number>();
  let waiting: (() => void)[] = [];
  let writing: Promise<void> | null = null;
  let timer: NodeJS.Timeout | null = null;
  let stopped = false;

  const due = () => Object.values(pending).some((part: { size: number }) => part.size > 0);

  function soon(): void {
    timer ??= setTimeout(() => {
      timer = null;
      write();
    }, lieAtMost);
  }

  function write(): void {
    writing ??= run().finally(() => {
      writing = null;
      // What came meanwhile is waited for, or its time was up while there was no turn for it.
      if (waiting.length > 0 || (timer === null && due() && !stopped)) write();
    });
  }

  async function run(): Promise<void> {
    const batch = pending;
    const told = waiting;
    pending = nothing();
    waiting = [];
    for (const [id, row] of batch.queue) if (row !== null) written.add(id);
    let complained = false;
    while (!stopped) {
      try {
        await transaction(db, (tx) => writeBatch(tx, batch));
        if (complained) log.info('what the embedded broker keeps for its clients is written again');
        break;
      } catch (error) {
        if (isDataError(error)) {
          log.warn(`something the embedded broker was to keep cannot be kept and is left out: ${messageOf(error)}`);
          break;
        }
        if (!complained)
          log.warn(`what the embedded broker keeps cannot be written, trying again: ${messageOf(error)}`);
        complained = true;
        await pause(retryEvery);
      }
    }
    if (!stopped) for (const done of told) done();
  }

  return {
    load: () => readState(db, written),
    unseen: () => unseenSessions(db),
    session(client_id, identity) {
      pending.sessions.set(client_id, identity);
      soon();
    },
    forget(client_id, queued) {
      for (const id of queued) written.delete(id);
      const mine = (one: { client_id: string } | null) => one?.client_id === client_id;
      for (const part of [pending.subscriptions, pending.received]) {
        for (const [key, one] of part) if (mine(one)) part.delete(key);
      }
      for (const part of [pending.queue, pending.marks]) {
        for (const [id, one] of part) if (mine(one)) part.delete(id);
      }
      pending.sessions.delete(client_id);
      pending.forgotten.add(client_id);
      soon();
    },
    subscription(client_id, filter, qos) {
      pending.subscriptions.set(`${client_id}\0${filter}`, { client_id, filter, qos });
      soon();
    },
    enqueue(message) {
      pending.queue.set(message.id, message);
      soon();
    },
    mark(message) {
      if (written.has(message.id)) pending.marks.set(message.id, message);
      else if (pending.queue.has(message.id)) pending.queue.set(message.id, message);
      soon();
    },
    dequeue(id) {
      pending.marks.delete(id);
      if (written.delete(id)) pending.queue.set(id, null);
      else pending.queue.delete(id);
      soon();
    },
    received(client_id, message_id, there) {
      pending.received.set(`${client_id}\0${message_id}`, { client_id, message_id, there });
      soon();
    },
    retained(topic, message) {
      pending.retained.set(topic, message);
      soon();
    },
    will(client_id, will) {
      pending.wills.set(client_id, will);
      soon();
    },
    settled() {
      if (!due()) {
        if (writing === null) return Promise.resolve();
        // A stop leaves it open: nobody is told that something was written which was not.
        return writing.then(() => (stopped ? new Promise(() => undefined) : undefined));
      }
      return new Promise((resolve) => {
        waiting.push(resolve);
        if (timer !== null) clearTimeout(timer);
        timer = null;
        write();
      });
    },
    async stop(milliseconds) {
      const late = new Promise<void>((resolve) => setTimeout(resolve, milliseconds).unref());
      await Promise.race([this.settled(), late]);
      stopped = true;
      if (timer !== null) clearTimeout(timer);
    },
  };
}
