// Messages of QoS 2 that clients sent and did not release yet: each is passed on once, however often and by how many connections it comes.
import type { Client } from 'aedes';
import type { BrokerPacket } from './aedes-memory.ts';

/** By packet identifier: the message, until Aedes was told to store that it came. */
type Identifiers = Map<number, BrokerPacket | null>;

export interface ReceivedOptions {
  isClosed(client: Client): boolean;
  /** Writes that it is there, or no longer. */
  write(client: Client, message_id: number, there: boolean): Promise<void>;
}

export interface KeptReceived {
  /** It was there when the server started. */
  load(client_id: string, message_id: number): void;
  /**
   * Called when a message arrives. What it returns is called when it is to be passed on: false where another copy was, which
   * came by an earlier connection of the session, or by the next one before this one had its turn.
   */
  arrives(client: Client, packet: BrokerPacket): () => boolean;
  /** The session ended. */
  forget(client_id: string): void;
  /** For Aedes. */
  persistence: {
    incomingStorePacket(client: Client, packet: BrokerPacket): Promise<void>;
    incomingGetPacket(client: Client, packet: BrokerPacket): Promise<BrokerPacket>;
    incomingDelPacket(client: Client, packet: BrokerPacket): Promise<void>;
    cleanIncoming(client: Client): Promise<void>;
  };
}

/** Sessions whose end is remembered, for what came in them and has not had its turn. */
const mostEnded = 10_000;

export function keptReceived({ isClosed, write }: ReceivedOptions): KeptReceived {
  /** Of sessions that end with their connection, and of those that are kept. */
  const ofConnections = new WeakMap<Client, Identifiers>();
  const ofSessions = new Map<string, Identifiers>();
  /** When sessions ended, counted in ends. */
  const ended = new Map<string, number>();
  let ends = 0;

  const idOf = ({ messageId }: BrokerPacket) => messageId ?? 0;
  const find = (client: Client) => (client.clean ? ofConnections.get(client) : ofSessions.get(client.id));

  function set(client: Client, id: number, packet: BrokerPacket | null): void {
    const ids: Identifiers = find(client) ?? new Map();
    if (client.clean) ofConnections.set(client, ids);
    else ofSessions.set(client.id, ids);
    ids.set(id, packet);
  }

  function end(client_id: string): void {
    ofSessions.delete(client_id);
    ended.delete(client_id);
    ended.set(client_id, ++ends);
    const [oldest] = ended.keys();
    if (ended.size > mostEnded && oldest !== undefined) ended.delete(oldest);
  }

  return {
    load: (client_id, message_id) => {
      ofSessions.set(client_id, (ofSessions.get(client_id) ?? new Map()).set(message_id, null));
    },
    arrives(client, packet) {
      const arrived = ends;
      return () => {
        if (find(client)?.has(idOf(packet))) return false;
        // Gone, and its session with it: nobody sends it again, and another may have its identifier.
        const isOver = isClosed(client) && (ended.get(client.id) ?? 0) > arrived;
        if (!isOver) set(client, idOf(packet), packet);
        return true;
      };
    },
    forget: end,
    persistence: {
      async incomingStorePacket(client, packet) {
        if (isClosed(client) && find(client)?.get(idOf(packet)) !== packet) return;
        set(client, idOf(packet), null);
        if (!client.clean) await write(client, idOf(packet), true);
      },
      async incomingGetPacket(client, packet) {
        const known = find(client)?.get(idOf(packet));
        if (known === undefined || known === packet) throw new Error('no such packet');
        return packet;
      },
      async incomingDelPacket(client, packet) {
        if (!find(client)?.delete(idOf(packet))) throw new Error('no such packet');
        if (!client.clean) void write(client, idOf(packet), false);
      },
      async cleanIncoming(client) {
        ofConnections.delete(client);
        end(client.id);
      },
    },
  };
}
