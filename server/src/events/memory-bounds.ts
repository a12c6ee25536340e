// Bounds what the embedded broker keeps for others: retained messages, queues of clients that are away or do not acknowledge, subscriptions, sessions.
import type { Client } from 'aedes';
import type { Log } from '../db/log.ts';

/** Topics with a retained message, and their bytes. */
const mostRetained = 10_000;
const mostRetainedBytes = 32 * 1024 * 1024;
/** What waits for one client, and in bytes for all clients of one account and for all there are. */
const mostQueued = 10_000;
const mostAccountBytes = 32 * 1024 * 1024;
const mostQueuedBytes = 64 * 1024 * 1024;
/** What a message takes beside its bytes, roughly: small ones are mostly that. */
export const objectBytes = 500;
/** Filters of one client, and kept sessions of one account. */
export const mostFilters = 1000;
export const mostSessions = 1000;
/** What may lie unsent for a client before others wait for it. */
const mostUnsent = 1024 * 1024;

/** Notes what is retained; false where there is no room for it. */
export function retainedBounds(log: Log): (topic: string, bytes: number) => boolean {
  const kept = new Map<string, number>();
  let total = 0;
  let told = false;
  return (topic, bytes) => {
    const before = kept.get(topic) ?? 0;
    if (bytes === 0) {
      kept.delete(topic);
      total -= before;
      return true;
    }
    if ((kept.size >= mostRetained && !kept.has(topic)) || total - before + bytes > mostRetainedBytes) {
      if (!told)
        log.warn(`the embedded broker retains no more: ${kept.size} topics, ${total} bytes. Clear some of them`);
      told = true;
      return false;
    }
    kept.set(topic, bytes);
    total += bytes - before;
    return true;
  };
}

export interface QueueBounds {
  /** A message is to wait for the client; false where there is no room, and it is dropped for that one. */
  enters(client_id: string, bytes: number): boolean;
  left(client_id: string, bytes: number): void;
}

/** Beyond a bound the newest message is dropped for that client; events stay in the mirror. One that is there is cut off. */
export function queueBounds(
  log: Log,
  {
    isConnected,
    cutOff,
    ownerOf,
  }: {
    isConnected(client_id: string): boolean;
    cutOff(client_id: string): void;
    /** The account that the client has. */
    ownerOf(client_id: string): string;
  },
): QueueBounds {
  const waiting = new Map<string, { messages: number; owner: string; told: boolean }>();
  const accounts = new Map<string, number>();
  let total = 0;
  return {
    enters(client_id, bytes) {
      const queue = waiting.get(client_id) ?? { messages: 0, owner: ownerOf(client_id), told: false };
      const account = (accounts.get(queue.owner) ?? 0) + bytes + objectBytes;
      const full =
        queue.messages >= mostQueued || account > mostAccountBytes || total + bytes + objectBytes > mostQueuedBytes;
      if (full && isConnected(client_id)) cutOff(client_id);
      if (full && !queue.told) {
        const who = JSON.stringify(client_id).slice(0, 80);
        log.warn(`${queue.messages} messages wait for the MQTT client ${who}: further ones are dropped for it`);
      }
      queue.told = full;
      if (full) return false;
      waiting.set(client_id, queue);
      queue.messages++;
      accounts.set(queue.owner, account);
      total += bytes + objectBytes;
      return true;
    },
    left(client_id, bytes) {
      const queue = waiting.get(client_id);
      if (!queue) return;
      queue.messages--;
      total -= bytes + objectBytes;
      const account = (accounts.get(queue.owner) ?? 0) - bytes - objectBytes;
      if (account > 0) accounts.set(queue.owner, account);
      else accounts.delete(queue.owner);
      if (queue.messages <= 0) waiting.delete(client_id);
    },
  };
}

/**
 * Of an account that has as many kept sessions as one may: the one that was left alone for longest, else null. `sessions` are
 * accounts by client, in the order in which they were seen.
 */
export function sessionToEnd(
  sessions: ReadonlyMap<string, string>,
  identity: string,
  isConnected: (client_id: string) => boolean,
): string | null {
  const own = [...sessions].flatMap(([client_id, owner]) => (owner === identity ? [client_id] : []));
  if (own.length < mostSessions) return null;
  return own.find((client_id) => !isConnected(client_id)) ?? null;
}

/**
 * Publishers wait for every subscriber whose connection is full. One that reads slowly gets room first, so that it holds the
 * others up only beyond; one that stays full is cut off by `drainTimeout`.
 */
export function giveRoom(client: Client): void {
  // Aedes' own method; its types leave it out.
  const held = client as unknown as { waitForDrain(done: (error: Error | null, client: Client) => void): void };
  const wait = held.waitForDrain.bind(client);
  held.waitForDrain = (done) => {
    const { conn } = client;
    if (conn.writableLength < mostUnsent) setImmediate(done, null, client);
    else wait(done);
  };
}
