// Bounds what the embedded broker keeps in memory for others: retained messages, and queues of clients that are away or do not acknowledge.
import type { Aedes, Client } from 'aedes';
import type { Log } from '../db/log.ts';

/** Topics with a retained message, and their bytes. */
const mostRetained = 10_000;
const mostRetainedBytes = 32 * 1024 * 1024;
/** What waits for one client that is away; for one that is there, which then is cut off; and for all of them in bytes. */
const mostAway = 1_000;
const mostUnacknowledged = 10_000;
const mostQueuedBytes = 64 * 1024 * 1024;
/** What may lie unsent for a client before others wait for it. */
const mostUnsent = 1024 * 1024;

interface Queued {
  topic: string;
  payload: Buffer | string;
}
type Subscriber = { clientId: string };

/** The part of Aedes' persistence that queues, which its types leave out. */
interface Queues {
  outgoingEnqueue(subscriber: Subscriber, packet: Queued): Promise<void>;
  outgoingEnqueueCombi(subscribers: Subscriber[], packet: Queued): Promise<void>;
  outgoingClearMessageId(client: { id: string }, packet: object): Promise<Queued | undefined>;
  outgoingStream(client: { id: string }): AsyncIterable<object>;
  cleanSubscriptions(client: { id: string }): Promise<unknown>;
}

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

/** Wraps the queues of Aedes' memory. Beyond a bound the newest message is dropped for that client; events stay in the mirror. */
export function boundQueues(aedes: Aedes, log: Log): void {
  // Made by Aedes itself, without a type.
  const { persistence } = aedes as unknown as { persistence: Queues };
  const clients = (aedes as unknown as { clients: Readonly<Record<string, Client>> }).clients;
  const waiting = new Map<string, { messages: number; bytes: number; told: boolean }>();
  let total = 0;
  const original = {
    enqueue: persistence.outgoingEnqueueCombi.bind(persistence),
    clear: persistence.outgoingClearMessageId.bind(persistence),
    clean: persistence.cleanSubscriptions.bind(persistence),
  };

  function room({ clientId }: Subscriber, bytes: number): boolean {
    const queue = waiting.get(clientId) ?? { messages: 0, bytes: 0, told: false };
    waiting.set(clientId, queue);
    const client = clients[clientId];
    const full = queue.messages >= (client ? mostUnacknowledged : mostAway) || total + bytes > mostQueuedBytes;
    if (full && client) client.close();
    if (full && !queue.told) {
      const who = JSON.stringify(clientId).slice(0, 80);
      log.warn(`${queue.messages} messages wait for the MQTT client ${who}: further ones are dropped for it`);
    }
    queue.told = full;
    if (full) return false;
    queue.messages++;
    queue.bytes += bytes;
    total += bytes;
    return true;
  }

  persistence.outgoingEnqueueCombi = (subscribers, packet) =>
    original.enqueue(
      subscribers.filter((subscriber) => room(subscriber, packet.payload.length)),
      packet,
    );
  persistence.outgoingEnqueue = (subscriber, packet) => persistence.outgoingEnqueueCombi([subscriber], packet);
  persistence.outgoingClearMessageId = async (client, packet) => {
    const cleared = await original.clear(client, packet);
    const queue = waiting.get(client.id);
    if (cleared && queue) {
      queue.messages--;
      queue.bytes -= cleared.payload.length;
      total -= cleared.payload.length;
      if (queue.messages === 0) waiting.delete(client.id);
    }
    return cleared;
  };
  // Aedes forgets the subscriptions of a client that begins anew, but would keep what was queued for it.
  persistence.cleanSubscriptions = async (client) => {
    if (waiting.has(client.id))
      for await (const packet of persistence.outgoingStream(client))
        await persistence.outgoingClearMessageId(client, packet);
    return original.clean(client);
  };
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
