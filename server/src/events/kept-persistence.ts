// Aedes' persistence over our tables: the working set in memory, each change written behind, what an acknowledgement vouches for before it.
import { Readable } from 'node:stream';
import type { Aedes, Client } from 'aedes';
import * as aedesPersistence from 'aedes-persistence';
import type { Log } from '../db/log.ts';
import type { KeptState, QueuedMessage } from './broker-rows.ts';
import type { BrokerStore } from './broker-store.ts';
import { isServerTopic } from './embedded-rules.ts';
import { type QueueBounds, queueBounds, retainedBounds, sessionToEnd } from './memory-bounds.ts';

/** What Aedes hands over; its types leave out what the persistence sees. */
export interface BrokerPacket {
  cmd?: string;
  topic: string;
  payload: Buffer | string;
  qos: number;
  retain: boolean;
  brokerId?: string;
  brokerCounter?: number;
  messageId?: number | undefined;
}

interface Subscription {
  topic: string;
  qos: number;
}

interface Matched extends Subscription {
  clientId: string;
}

/** The part of Aedes' memory that is used on: subscriptions by topic, retained messages by pattern, wills. */
interface Memory {
  setup(broker: Aedes): Promise<void>;
  addSubscriptions(client: { id: string }, subscriptions: readonly Subscription[]): Promise<void>;
  removeSubscriptions(client: { id: string }, topics: readonly string[]): Promise<void>;
  subscriptionsByClient(client: { id: string }): Promise<Subscription[]>;
  subscriptionsByTopic(topic: string): Promise<Matched[]>;
  cleanSubscriptions(client: { id: string }): Promise<void>;
  countOffline(): Promise<{ subsCount: number; clientsCount: number }>;
  storeRetained(packet: BrokerPacket): Promise<void>;
  createRetainedStream(pattern: string): Readable;
  createRetainedStreamCombi(patterns: readonly string[]): Readable;
  putWill(client: { id: string }, packet: BrokerPacket): Promise<void>;
  getWill(client: { id: string }): Promise<BrokerPacket | undefined>;
  delWill(client: { id: string }): Promise<BrokerPacket | undefined>;
  streamWill(brokers: object): Readable;
  getClientList(topic: string): Readable;
  destroy(): Promise<void>;
}

/** What the package really exports; its types are those of the interface alone. */
const { default: memoryPersistence } = aedesPersistence as unknown as {
  default: (() => Memory) & { Packet: new (original: object) => BrokerPacket };
};

/** A queue of one session, found by row, by broker counter or by packet identifier. */
interface Queue {
  items: Map<number, Queued>;
  counters: Map<number, number>;
  identifiers: Map<number, number>;
}
interface Queued extends QueuedMessage {
  counter: number;
}

export interface KeptPersistenceOptions {
  store: BrokerStore;
  state: KeptState;
  log: Log;
  /** Whose session it is: a device's id, empty for anonymous. */
  identityOf(client: Client): string;
  /** May that session be sent this? */
  mayBeSent(identity: string, client_id: string, topic: string): boolean;
  /** Was it granted this? */
  isGranted(client: Client, filter: string): boolean;
  cutOff(client_id: string): void;
  isConnected(client_id: string): boolean;
}

export interface KeptPersistence {
  /** For Aedes. */
  persistence: object;
  /**
   * Before an acknowledgement: writes what the message leaves behind for sleeping sessions and as the retained one of its
   * topic. Null where it leaves nothing; else resolves when that is committed. Takes `retain` off where there is no room.
   */
  keep(packet: BrokerPacket): Promise<void> | null;
  /** Null where no such session is kept. */
  ownerOf(client_id: string): string | null;
  /** Sessions that are kept, and messages that wait for them. */
  counts(): { sessions: number; queued: number; retained: number };
  /** Ends the kept sessions of a device. */
  forgetAll(identity: string): Promise<void>;
  /** Ends sessions that nobody took up for long. */
  forgetUnseen(): Promise<void>;
}

export function keptPersistence(options: KeptPersistenceOptions): KeptPersistence {
  const { store, state, log } = options;
  const memory = memoryPersistence();
  const sessions = new Map(state.sessions.map(({ client_id, identity }) => [client_id, identity]));
  const queues = new Map<string, Queue>();
  const received = new Map<string, Set<number>>();
  const bound = retainedBounds(log);
  /** What TaylorDash tells is bounded by what there is: nobody's messages may push it out. */
  const retain = (topic: string, bytes: number) => isServerTopic(topic) || bound(topic, bytes);
  const bounds: QueueBounds = queueBounds(log, {
    ...options,
    ownerOf: (client_id) => sessions.get(client_id) ?? '',
  });
  let lastId = state.queue.at(-1)?.id ?? 0;
  let filters = 0;
  let broker: Aedes | null = null;
  let queued = 0;
  const retainedTopics = new Set<string>();
  /** Rows that `keep` wrote, until Aedes queues the same: it makes new packets of it on the way, but hands the payload on. */
  const kept = new WeakMap<object, Map<string, QueuedMessage>>();

  function queueOf(client_id: string): Queue {
    const queue = queues.get(client_id) ?? { items: new Map(), counters: new Map(), identifiers: new Map() };
    queues.set(client_id, queue);
    return queue;
  }

  function add(row: QueuedMessage, counter: number): void {
    const queue = queueOf(row.client_id);
    queue.items.set(row.id, { ...row, counter });
    queue.counters.set(counter, row.id);
    if (row.message_id !== null) queue.identifiers.set(row.message_id, row.id);
    queued++;
  }

  function remove(client_id: string, item: Queued): void {
    const queue = queueOf(client_id);
    queue.items.delete(item.id);
    queue.counters.delete(item.counter);
    if (item.message_id !== null) queue.identifiers.delete(item.message_id);
    if (queue.items.size === 0) queues.delete(client_id);
    queued--;
    bounds.left(client_id, item.payload.length);
    store.dequeue(item.id);
  }

  /** In the order in which they were seen. */
  function seen(client_id: string, identity: string): void {
    sessions.delete(client_id);
    sessions.set(client_id, identity);
    store.session(client_id, identity);
  }

  const adding = new WeakMap<object, Promise<void>>();
  async function addAll(client: Client, subscriptions: readonly Subscription[]): Promise<void> {
    // Aedes decides about all of a packet first, and hands over those that it refuses too.
    await null;
    const taken = subscriptions.filter(({ topic }) => options.isGranted(client, topic));
    const identity = options.identityOf(client);
    const ending = sessions.has(client.id) ? null : sessionToEnd(sessions, identity, options.isConnected);
    if (ending !== null) await persistence.cleanSubscriptions({ id: ending });
    seen(client.id, identity);
    await memory.addSubscriptions(client, taken);
    for (const { topic, qos } of taken) store.subscription(client.id, topic, qos);
    filters = (await memory.countOffline()).subsCount;
    await store.settled();
  }

  function find(client_id: string, packet: BrokerPacket): Queued | undefined {
    const queue = queues.get(client_id);
    if (!queue) return undefined;
    const { messageId, brokerCounter } = packet;
    const byId = messageId === undefined ? undefined : queue.identifiers.get(messageId);
    const row =
      packet.cmd === 'publish' && brokerCounter !== undefined ? (queue.counters.get(brokerCounter) ?? byId) : byId;
    return row === undefined ? undefined : queue.items.get(row);
  }

  function counter(): number {
    const counting = broker as unknown as { counter: number };
    return ++counting.counter;
  }

  function forget(client_id: string): void {
    const items = queues.get(client_id)?.items ?? new Map<number, Queued>();
    for (const item of items.values()) {
      queued--;
      bounds.left(client_id, item.payload.length);
    }
    queues.delete(client_id);
    received.delete(client_id);
    if (sessions.delete(client_id)) store.forget(client_id, items.keys());
  }

  /** Sessions that the message waits for, each once however many of its filters match, with the service that it gets. */
  function readersOf(topic: string, qos: number, matched: readonly Matched[]): Map<string, number> {
    const readers = new Map<string, number>();
    for (const { clientId, qos: granted } of matched) {
      const identity = sessions.get(clientId);
      if (identity === undefined || !options.mayBeSent(identity, clientId, topic)) continue;
      readers.set(clientId, Math.max(readers.get(clientId) ?? 0, Math.min(qos, granted)));
    }
    return readers;
  }

  function newRow(client_id: string, qos: number, topic: string, payload: Buffer): QueuedMessage | null {
    if (!bounds.enters(client_id, payload.length)) return null;
    const row = { id: ++lastId, client_id, topic, payload, qos, message_id: null, released: false };
    store.enqueue(row);
    return row;
  }

  const persistence = {
    async setup(aedes: Aedes) {
      broker = aedes;
      await memory.setup(aedes);
      for (const { client_id, filter, qos } of state.subscriptions) {
        await memory.addSubscriptions({ id: client_id }, [{ topic: filter, qos }]);
        filters++;
      }
      for (const { client_id, message_id } of state.received) receivedOf(client_id).add(message_id);
      for (const message of state.retained) {
        retain(message.topic, message.payload.length);
        retainedTopics.add(message.topic);
        await memory.storeRetained(packetOf(message, { retain: true }));
      }
      for (const row of state.queue) {
        bounds.enters(row.client_id, row.payload.length);
        add(row, counter());
      }
    },

    /** Aedes asks for each filter of a packet, with all of them each time. */
    addSubscriptions(client: Client, subscriptions: readonly Subscription[]) {
      const known = adding.get(subscriptions) ?? addAll(client, subscriptions);
      adding.set(subscriptions, known);
      return known;
    },
    async removeSubscriptions(client: Client, topics: readonly string[]) {
      await memory.removeSubscriptions(client, topics);
      for (const topic of topics) store.subscription(client.id, topic, null);
      filters = (await memory.countOffline()).subsCount;
      await store.settled();
    },
    /** Asked when a session is taken up again. */
    subscriptionsByClient(client: { id: string }) {
      const identity = sessions.get(client.id);
      if (identity !== undefined) seen(client.id, identity);
      return memory.subscriptionsByClient(client);
    },
    subscriptionsByTopic: (topic: string) => memory.subscriptionsByTopic(topic),
    async cleanSubscriptions(client: { id: string }) {
      forget(client.id);
      await memory.cleanSubscriptions(client);
      filters = (await memory.countOffline()).subsCount;
      await store.settled();
    },
    countOffline: () => memory.countOffline(),

    async storeRetained(packet: BrokerPacket) {
      if (packet.payload.length === 0) retainedTopics.delete(packet.topic);
      else retainedTopics.add(packet.topic);
      await memory.storeRetained(packet);
    },
    createRetainedStream: (pattern: string) => memory.createRetainedStream(pattern),
    createRetainedStreamCombi: (patterns: readonly string[]) => memory.createRetainedStreamCombi(patterns),

    async outgoingEnqueueCombi(matched: readonly Matched[], packet: BrokerPacket) {
      const payload = bytesOf(packet);
      const before = kept.get(packet.payload as Buffer);
      for (const [client_id, qos] of readersOf(packet.topic, packet.qos, matched)) {
        const row = before?.get(client_id) ?? newRow(client_id, qos, packet.topic, payload);
        before?.delete(client_id);
        if (row) add(row, packet.brokerCounter ?? counter());
      }
      // Sessions that ended, or unsubscribed, in between.
      for (const [client_id, row] of before ?? []) {
        bounds.left(client_id, row.payload.length);
        store.dequeue(row.id);
      }
    },
    async outgoingEnqueue(subscriber: { clientId: string }, packet: BrokerPacket) {
      const row = newRow(subscriber.clientId, packet.qos, packet.topic, bytesOf(packet));
      if (row) add(row, packet.brokerCounter ?? counter());
    },
    async outgoingUpdate(client: { id: string }, packet: BrokerPacket) {
      const item = find(client.id, packet);
      if (!item) throw new Error('no such packet');
      const { messageId } = packet;
      if (packet.cmd === 'pubrel') item.released = true;
      else if (messageId !== undefined && messageId !== item.message_id) {
        const { identifiers } = queueOf(client.id);
        if (item.message_id !== null) identifiers.delete(item.message_id);
        item.message_id = messageId;
        identifiers.set(messageId, item.id);
      }
      // At least once needs no more than the row; exactly once needs the same identifier again.
      if (item.qos === 2) store.mark(item);
    },
    async outgoingClearMessageId(client: { id: string }, packet: BrokerPacket) {
      // Without an identifier it is the same message by a second filter of the session: the first one's delivery has it.
      const item = packet.messageId === undefined ? undefined : find(client.id, packet);
      if (item) remove(client.id, item);
      return item && packetOf(item, { messageId: item.message_id ?? undefined });
    },
    outgoingStream(client: { id: string }) {
      return Readable.from(
        [...(queues.get(client.id)?.items.values() ?? [])].map((item) =>
          item.released
            ? { cmd: 'pubrel', messageId: item.message_id }
            : packetOf(item, {
                ...{ brokerId: broker?.id, brokerCounter: item.counter },
                messageId: item.message_id ?? undefined,
              }),
        ),
      );
    },

    async incomingStorePacket(client: Client, packet: BrokerPacket) {
      receivedOf(client.id).add(packet.messageId ?? 0);
      if (client.clean || !sessions.has(client.id)) return;
      store.received(client.id, packet.messageId ?? 0, true);
      await store.settled();
    },
    async incomingGetPacket(client: { id: string }, packet: BrokerPacket) {
      if (!received.get(client.id)?.has(packet.messageId ?? 0)) throw new Error('no such packet');
      return packet;
    },
    async incomingDelPacket(client: { id: string }, packet: BrokerPacket) {
      if (!received.get(client.id)?.delete(packet.messageId ?? 0)) throw new Error('no such packet');
      if (sessions.has(client.id)) store.received(client.id, packet.messageId ?? 0, false);
    },
    async cleanIncoming(client: { id: string }) {
      received.delete(client.id);
    },

    async putWill(client: Client, packet: BrokerPacket) {
      await memory.putWill(client, packet);
      const { topic, qos, retain: retained } = packet;
      const identity = options.identityOf(client);
      const will = { client_id: client.id, identity, topic, payload: bytesOf(packet), qos, retain: retained };
      store.will(client.id, will);
    },
    getWill: (client: { id: string }) => memory.getWill(client),
    async delWill(client: { id: string }) {
      const will = await memory.delWill(client);
      if (will) store.will(client.id, null);
      return will;
    },
    streamWill: (brokers: object) => memory.streamWill(brokers),
    getClientList: (topic: string) => memory.getClientList(topic),
    destroy: () => memory.destroy(),
  };

  function receivedOf(client_id: string): Set<number> {
    const set = received.get(client_id) ?? new Set();
    received.set(client_id, set);
    return set;
  }

  return {
    persistence,
    keep(packet) {
      const { topic, qos } = packet;
      if (topic.startsWith('$')) return null;
      const payload = bytesOf(packet);
      if (packet.retain) {
        packet.retain = Buffer.byteLength(topic) <= longestRetainedTopic && retain(topic, payload.length);
        if (packet.retain) store.retained(topic, payload.length === 0 ? null : { topic, payload, qos });
      }
      if (filters === 0 || qos === 0) return packet.retain ? store.settled() : null;
      return memory.subscriptionsByTopic(topic).then((matched) => {
        const rows = new Map<string, QueuedMessage>();
        for (const [client_id, granted] of readersOf(topic, qos, matched)) {
          const row = newRow(client_id, granted, topic, payload);
          if (row) rows.set(client_id, row);
        }
        if (rows.size > 0) {
          packet.payload = payload;
          kept.set(payload, rows);
        }
        return rows.size > 0 || packet.retain ? store.settled() : undefined;
      });
    },
    ownerOf: (client_id) => sessions.get(client_id) ?? null,
    counts: () => ({ sessions: sessions.size, queued, retained: retainedTopics.size }),
    async forgetUnseen() {
      for (const client_id of await store.unseen()) {
        if (!options.isConnected(client_id)) await persistence.cleanSubscriptions({ id: client_id });
      }
    },
    async forgetAll(identity) {
      for (const [client_id, owner] of [...sessions]) {
        if (owner === identity) await persistence.cleanSubscriptions({ id: client_id });
      }
    },
  };
}

/** PostgreSQL's index takes no longer ones. */
const longestRetainedTopic = 2000;

function bytesOf({ payload }: BrokerPacket): Buffer {
  return typeof payload === 'string' ? Buffer.from(payload) : payload;
}

function packetOf(message: { topic: string; payload: Buffer; qos: number }, more: object): BrokerPacket {
  const { topic, payload, qos } = message;
  const packet = new memoryPersistence.Packet({ cmd: 'publish', topic, payload, qos, ...more });
  // It leaves the packet identifier out.
  return Object.assign(packet, more);
}
