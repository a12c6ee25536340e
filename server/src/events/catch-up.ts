// A session that comes back gets what waits for it first: what is published meanwhile takes its place behind that.
import { Readable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import type { Client } from 'aedes';
import { type BrokerPacket, packetOf } from './aedes-memory.ts';
import type { KeptQueues, Queued } from './kept-queues.ts';

export interface CatchUp {
  /** What waits for the session and what comes meanwhile, until nothing is left; from then on it is sent what is published. */
  stream(client: Client, brokerId: string | undefined): Readable;
  /** This is being sent to it: one of them, or the answer to its PUBREC. */
  sending(client: Client, packet: BrokerPacket): void;
  /** Is this, which is being published, not to be sent to it now? Because its turn comes, or it was told of no connection yet. */
  holds(client: Client, packet: BrokerPacket): boolean;
}

interface Progress {
  /** Packets that Aedes has and has not sent yet. */
  under_way: number;
  allSent(): void;
}

/** Aedes' own; its types leave it out. */
type Numbering = { _nextId: number };

const after = (identifier: number) => (identifier >= 65_535 ? 1 : identifier + 1);

/** `keep` resolves when the packet identifiers of these are committed. */
export function catchUp(
  queues: Pick<KeptQueues, 'items' | 'find' | 'identify'>,
  keep: (items: readonly Queued[]) => Promise<void>,
): CatchUp {
  const catchingUp = new WeakMap<Client, Progress>();
  const caughtUp = new WeakSet<Client>();

  /** Of QoS 2, all together: a commit for each would be a wait for each. */
  async function identify(client: Client, items: readonly Queued[]): Promise<void> {
    const numbering = client as unknown as Numbering;
    const fresh = items.filter(({ qos, message_id }) => qos === 2 && message_id === null);
    for (const item of fresh) {
      queues.identify(item, numbering._nextId);
      numbering._nextId = after(numbering._nextId);
    }
    if (fresh.length > 0) await keep(fresh);
  }

  async function* items(client: Client): AsyncGenerator<Queued> {
    const progress: Progress = { under_way: 0, allSent: () => undefined };
    catchingUp.set(client, progress);
    const handedOut = new Set<number>();
    for (;;) {
      const further = queues.items(client.id).filter(({ id }) => !handedOut.has(id));
      if (further.length === 0) break;
      await identify(client, further);
      for (const item of further) {
        handedOut.add(item.id);
        progress.under_way++;
        yield item;
      }
      if (progress.under_way > 0) await new Promise<void>((resolve) => Object.assign(progress, { allSent: resolve }));
      // Aedes writes it when it was told that its identifier is kept.
      await turn();
    }
    catchingUp.delete(client);
    caughtUp.add(client);
  }

  async function* packets(client: Client, brokerId: string | undefined): AsyncGenerator<object> {
    for await (const item of items(client)) {
      const messageId = item.message_id ?? undefined;
      yield item.released
        ? { cmd: 'pubrel', messageId }
        : packetOf(item, { brokerId, brokerCounter: item.counter, messageId });
    }
  }

  return {
    stream(client, brokerId) {
      // It begins anywhere, and so among those under which something is still to be sent again.
      const last = queues.items(client.id).findLast(({ message_id }) => message_id !== null)?.message_id;
      if (typeof last === 'number') Object.assign(client, { _nextId: after(last) } satisfies Numbering);
      return Readable.from(packets(client, brokerId));
    },
    sending(client, { brokerCounter }) {
      // Aedes numbers what comes from the queue, PUBREL too, and not what it answers.
      const progress = brokerCounter === undefined ? undefined : catchingUp.get(client);
      if (progress && --progress.under_way === 0) progress.allSent();
    },
    holds(client, packet) {
      // What comes from the queue has a packet identifier by now.
      if (client.clean || caughtUp.has(client) || packet.messageId !== undefined) return false;
      // Aedes' own; its types leave it out.
      const { connackSent } = client as Client & { connackSent: boolean };
      return !connackSent || queues.find(client.id, packet) !== undefined;
    },
  };
}
