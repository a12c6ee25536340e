// What waits for each kept session, in memory and its rows: found by row, by broker counter or by packet identifier.
import type { BrokerPacket } from './aedes-memory.ts';
import type { QueuedMessage } from './broker-rows.ts';
import type { BrokerStore } from './broker-store.ts';
import type { QueueBounds } from './memory-bounds.ts';

/** A queue of one session. */
interface Queue {
  items: Map<number, Queued>;
  counters: Map<number, number>;
  identifiers: Map<number, number>;
}
export interface Queued extends QueuedMessage {
  counter: number;
}

export interface KeptQueues {
  /** Writes a row, to be added once Aedes queues the same; null where there is no room for it. */
  newRow(client_id: string, qos: number, topic: string, payload: Buffer): QueuedMessage | null;
  /** A row that is not added after all. */
  giveUp(row: QueuedMessage): void;
  add(row: QueuedMessage, counter: number): void;
  remove(item: Queued): void;
  find(client_id: string, packet: BrokerPacket): Queued | undefined;
  /** It is sent under this packet identifier now. */
  identify(item: Queued, message_id: number): void;
  /** In their order. */
  items(client_id: string): Queued[];
  /** Ends the queue of a session; the ids of its rows, which are left to the caller. */
  end(client_id: string): number[];
  /** In all queues. */
  count(): number;
}

export interface KeptQueuesOptions {
  store: Pick<BrokerStore, 'enqueue' | 'dequeue'>;
  bounds: QueueBounds;
  /** The greatest id of a row that there is. */
  last_id: number;
}

export function keptQueues({ store, bounds, last_id }: KeptQueuesOptions): KeptQueues {
  const queues = new Map<string, Queue>();
  let lastId = last_id;
  let count = 0;

  function queueOf(client_id: string): Queue {
    const queue = queues.get(client_id) ?? { items: new Map(), counters: new Map(), identifiers: new Map() };
    queues.set(client_id, queue);
    return queue;
  }

  function giveUp({ id, client_id, payload }: QueuedMessage): void {
    bounds.left(client_id, payload.length);
    store.dequeue(id);
  }

  return {
    newRow(client_id, qos, topic, payload) {
      if (!bounds.enters(client_id, payload.length)) return null;
      const row = { id: ++lastId, client_id, topic, payload, qos, message_id: null, released: false };
      store.enqueue(row);
      return row;
    },
    giveUp,
    add(row, counter) {
      const queue = queueOf(row.client_id);
      queue.items.set(row.id, { ...row, counter });
      queue.counters.set(counter, row.id);
      if (row.message_id !== null) queue.identifiers.set(row.message_id, row.id);
      count++;
    },
    remove(item) {
      const queue = queueOf(item.client_id);
      queue.items.delete(item.id);
      queue.counters.delete(item.counter);
      if (item.message_id !== null) queue.identifiers.delete(item.message_id);
      if (queue.items.size === 0) queues.delete(item.client_id);
      count--;
      giveUp(item);
    },
    find(client_id, { cmd, messageId, brokerCounter }) {
      const queue = queues.get(client_id);
      if (!queue) return undefined;
      const byId = messageId === undefined ? undefined : queue.identifiers.get(messageId);
      const row = cmd === 'publish' && brokerCounter !== undefined ? (queue.counters.get(brokerCounter) ?? byId) : byId;
      return row === undefined ? undefined : queue.items.get(row);
    },
    identify(item, message_id) {
      if (message_id === item.message_id) return;
      const { identifiers } = queueOf(item.client_id);
      if (item.message_id !== null) identifiers.delete(item.message_id);
      item.message_id = message_id;
      identifiers.set(message_id, item.id);
    },
    items: (client_id) => [...(queues.get(client_id)?.items.values() ?? [])],
    end(client_id) {
      const items = [...(queues.get(client_id)?.items.values() ?? [])];
      for (const { payload } of items) bounds.left(client_id, payload.length);
      count -= items.length;
      queues.delete(client_id);
      return items.map(({ id }) => id);
    },
    count: () => count,
  };
}
