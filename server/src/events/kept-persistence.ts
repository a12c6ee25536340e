// Aedes' persistence over our tables: the working set in memory, each change written behind, what an acknowledgement vouches for before it.
import type { Aedes, Client } from 'aedes';
import type { Log } from '../db/log.ts';
import {
  type BrokerPacket,
  bytesOf,
  type Matched,
  memoryPersistence,
  packetOf,
  type Subscription,
} from './aedes-memory.ts';
import type { KeptState, QueuedMessage } from './broker-rows.ts';
import type { BrokerStore } from './broker-store.ts';
import { catchUp } from './catch-up.ts';
import { isServerTopic } from './embedded-rules.ts';
import { keptQueues, type Queued } from './kept-queues.ts';
import { type KeptReceived, keptReceived } from './kept-received.ts';
import { queueBounds, retainedBounds, sessionToEnd } from './memory-bounds.ts';

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
  /** A session waits for more than before, whether or not its client is there to hear of it. */
  onSubscribed(): void;
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
  /** Does a session that sleeps, or may, wait for messages on the topic? */
  isWaitedFor(topic: string): Promise<boolean>;
  /** See KeptReceived. */
  arrives: KeptReceived['arrives'];
  /** By which service the message waits for the session of the client; null where it does not. */
  waitsAs(client: Client, packet: BrokerPacket): number | null;
  /** See CatchUp. */
  holds(client: Client, packet: BrokerPacket): boolean;
  /** Null where no such session is kept. */
  ownerOf(client_id: string): string | null;
  /** Sessions that are kept, and messages that wait for them. */
  counts(): { sessions: number; queued: number };
  /** Ends the kept sessions of a device. */
  forgetAll(identity: string): Promise<void>;
  /** Ends sessions that nobody took up for long. */
  forgetUnseen(): Promise<void>;
}

export function keptPersistence(options: KeptPersistenceOptions): KeptPersistence {
  const { store, state, log } = options;
  const memory = memoryPersistence();
  const sessions = new Map(state.sessions.map(({ client_id, identity }) => [client_id, identity]));
  const received = keptReceived({
    async write(client, message_id, there) {
      if (there && !sessions.has(client.id)) await begin(client);
      if (sessions.has(client.id)) store.received(client.id, message_id, there);
      if (there) await store.settled();
    },
  });
  const bound = retainedBounds(log);
  /** What TaylorDash tells is bounded by what there is: nobody's messages may push it out. */
  const retain = (topic: string, bytes: number) => isServerTopic(topic) || bound(topic, bytes);
  const bounds = queueBounds(log, { ...options, ownerOf: (client_id) => sessions.get(client_id) ?? '' });
  const queues = keptQueues({ store, bounds, last_id: state.queue.at(-1)?.id ?? 0 });
  const catchingUp = catchUp(queues, keepIdentifiers);
  let filters = 0;
  let broker: Aedes | null = null;
  /** Rows that `keep` wrote, until Aedes queues the same: it makes new packets of it on the way, but hands the payload on. */
  const kept = new WeakMap<object, Map<string, QueuedMessage>>();

  /** In the order in which they were seen. */
  function seen(client_id: string, identity: string): void {
    sessions.delete(client_id);
    sessions.set(client_id, identity);
    store.session(client_id, identity);
  }

  /** With the first thing that is to be kept of it. */
  async function begin(client: Client): Promise<void> {
    const identity = options.identityOf(client);
    const ending = sessions.has(client.id) ? null : sessionToEnd(sessions, identity, options.isConnected);
    if (ending !== null) await persistence.cleanSubscriptions({ id: ending });
    seen(client.id, identity);
  }

  const adding = new WeakMap<object, Promise<void>>();
  async function addAll(client: Client, subscriptions: readonly Subscription[]): Promise<void> {
    // Aedes decides about all of a packet first, and hands over those that it refuses too.
    await null;
    const taken = subscriptions.filter(({ topic }) => options.isGranted(client, topic));
    await begin(client);
    await memory.addSubscriptions(client, taken);
    options.onSubscribed();
    for (const { topic, qos } of taken) store.subscription(client.id, topic, qos);
    filters = (await memory.countOffline()).subsCount;
    await store.settled();
  }

  /** At least once needs no more than the row; exactly once the same identifier again, and no message that was released. */
  function keepIdentifiers(items: readonly Queued[]): Promise<void> {
    for (const item of items) store.mark(item);
    return store.settled();
  }

  function counter(): number {
    // Aedes' own; its types leave it out.
    const counting = broker as unknown as { counter: number };
    return ++counting.counter;
  }

  function forget(client_id: string): void {
    const rows = queues.end(client_id);
    received.forget(client_id);
    if (sessions.delete(client_id)) store.forget(client_id, rows);
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

  const persistence = {
    async setup(aedes: Aedes) {
      broker = aedes;
      await memory.setup(aedes);
      for (const { client_id, filter, qos } of state.subscriptions) {
        await memory.addSubscriptions({ id: client_id }, [{ topic: filter, qos }]);
        filters++;
      }
      for (const { client_id, message_id } of state.received) received.load(client_id, message_id);
      for (const message of state.retained) {
        retain(message.topic, message.payload.length);
        await memory.storeRetained(packetOf(message, { retain: true }));
      }
      for (const row of state.queue) {
        bounds.enters(row.client_id, row.payload.length);
        queues.add(row, counter());
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
    async subscriptionsByClient(client: { id: string }) {
      const identity = sessions.get(client.id);
      if (identity === undefined) return [];
      seen(client.id, identity);
      const found = await memory.subscriptionsByClient(client);
      return found.length > 0 ? found : [{ topic: noFilter, qos: 0 }];
    },
    subscriptionsByTopic: (topic: string) => memory.subscriptionsByTopic(topic),
    async cleanSubscriptions(client: { id: string }) {
      forget(client.id);
      await memory.cleanSubscriptions(client);
      filters = (await memory.countOffline()).subsCount;
      await store.settled();
    },
    countOffline: () => memory.countOffline(),

    storeRetained: (packet: BrokerPacket) => memory.storeRetained(packet),
    createRetainedStream: (pattern: string) => memory.createRetainedStream(pattern),
    createRetainedStreamCombi: (patterns: readonly string[]) => memory.createRetainedStreamCombi(patterns),

    async outgoingEnqueueCombi(matched: readonly Matched[], packet: BrokerPacket) {
      const payload = bytesOf(packet);
      const before = kept.get(packet.payload as Buffer);
      for (const [client_id, qos] of readersOf(packet.topic, packet.qos, matched)) {
        const row = before?.get(client_id) ?? queues.newRow(client_id, qos, packet.topic, payload);
        before?.delete(client_id);
        if (row) queues.add(row, packet.brokerCounter ?? counter());
      }
      // Sessions that ended, or unsubscribed, in between.
      for (const row of before?.values() ?? []) queues.giveUp(row);
    },
    async outgoingEnqueue(subscriber: { clientId: string }, packet: BrokerPacket) {
      const row = queues.newRow(subscriber.clientId, packet.qos, packet.topic, bytesOf(packet));
      if (row) queues.add(row, packet.brokerCounter ?? counter());
    },
    async outgoingUpdate(client: Client, packet: BrokerPacket) {
      catchingUp.sending(client, packet);
      const item = queues.find(client.id, packet);
      if (!item) throw new Error('no such packet');
      const { message_id, released } = item;
      if (packet.cmd === 'pubrel') item.released = true;
      else if (packet.messageId !== undefined) queues.identify(item, packet.messageId);
      const isKept = item.message_id === message_id && item.released === released;
      if (item.qos === 2 && !isKept) await keepIdentifiers([item]);
    },
    async outgoingClearMessageId(client: { id: string }, packet: BrokerPacket) {
      // Without an identifier it is the same message by a second filter of the session: the first one's delivery has it.
      const item = packet.messageId === undefined ? undefined : queues.find(client.id, packet);
      if (item) queues.remove(item);
      return item && packetOf(item, { messageId: item.message_id ?? undefined });
    },
    outgoingStream: (client: Client) => catchingUp.stream(client, broker?.id),

    ...received.persistence,

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
          const row = queues.newRow(client_id, granted, topic, payload);
          if (row) rows.set(client_id, row);
        }
        if (rows.size > 0) {
          packet.payload = payload;
          kept.set(payload, rows);
        }
        return rows.size > 0 || packet.retain ? store.settled() : undefined;
      });
    },
    isWaitedFor: async (topic) => (await memory.subscriptionsByTopic(topic)).length > 0,
    arrives: received.arrives,
    waitsAs: (client, packet) => queues.find(client.id, packet)?.qos ?? null,
    holds: catchingUp.holds,
    ownerOf: (client_id) => sessions.get(client_id) ?? null,
    counts: () => ({ sessions: sessions.size, queued: queues.count() }),
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

/** Stands for the filters of a session that has none: Aedes tells a client that it has a session only where there is one. */
export const noFilter = '$SYS/taylordash/none';

/** PostgreSQL's index takes no longer ones. */
const longestRetainedTopic = 2000;
