// Messages of QoS 2 that clients sent and did not release yet: each is passed on once, however often and by how many connections it comes.
import type { Client } from 'aedes';
import type { BrokerPacket } from './aedes-memory.ts';

/** Packet identifiers that are under way to their release, in one session. */
type Identifiers = Set<number>;

export interface ReceivedOptions {
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

/** Beyond so many sessions the oldest without an identifier is let go of: its client was sent away with its first, and stayed away. */
const mostSessions = 10_000;

export function keptReceived({ write }: ReceivedOptions): KeptReceived {
  /** Of sessions that end with their connection, and of those that are kept. */
  const ofConnections = new WeakMap<Client, Identifiers>();
  const ofSessions = new Map<string, Identifiers>();
  /** What was passed on, with the identifiers of the session it came in: that one may have ended meanwhile. */
  const passedOn = new WeakMap<BrokerPacket, Identifiers>();

  const idOf = ({ messageId }: BrokerPacket) => messageId ?? 0;
  const find = (client: Client) => (client.clean ? ofConnections.get(client) : ofSessions.get(client.id));

  function identifiersOf(client: Client): Identifiers {
    const known = find(client);
    if (known !== undefined) return known;
    const ids: Identifiers = new Set();
    if (client.clean) ofConnections.set(client, ids);
    else {
      if (ofSessions.size >= mostSessions) letOneGo();
      ofSessions.set(client.id, ids);
    }
    return ids;
  }

  function letOneGo(): void {
    for (const [client_id, ids] of ofSessions) {
      if (ids.size > 0) continue;
      ofSessions.delete(client_id);
      return;
    }
  }

  return {
    load: (client_id, message_id) => {
      ofSessions.set(client_id, (ofSessions.get(client_id) ?? new Set()).add(message_id));
    },
    arrives(client, packet) {
      // Of the session as it is now: the next one may have the same identifier for another message.
      const ids = identifiersOf(client);
      return () => {
        if (ids.has(idOf(packet))) return false;
        ids.add(idOf(packet));
        passedOn.set(packet, ids);
        return true;
      };
    },
    forget: (client_id) => void ofSessions.delete(client_id),
    persistence: {
      async incomingStorePacket(client, packet) {
        // What is swallowed was not passed on, and is to be released all the same.
        const ids = passedOn.get(packet) ?? identifiersOf(client);
        ids.add(idOf(packet));
        if (!client.clean && ids === find(client)) await write(client, idOf(packet), true);
      },
      async incomingGetPacket(client, packet) {
        if (passedOn.has(packet) || !find(client)?.has(idOf(packet))) throw new Error('no such packet');
        return packet;
      },
      async incomingDelPacket(client, packet) {
        if (!find(client)?.delete(idOf(packet))) throw new Error('no such packet');
        if (!client.clean) void write(client, idOf(packet), false);
      },
      async cleanIncoming(client) {
        ofConnections.delete(client);
        ofSessions.delete(client.id);
      },
    },
  };
}
