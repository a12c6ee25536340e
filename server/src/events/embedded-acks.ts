// Messages of QoS 1 from clients of the embedded broker: acknowledged after their commit, in the order in which each client sent
// them, and read ahead of that so far that commits never wait for the network.
import type { Duplex } from 'node:stream';
import type { Client } from 'aedes';
import { type AckQueue, ackQueue } from './held-acks.ts';
import { objectBytes } from './memory-bounds.ts';

export interface Unacknowledged {
  message_id: number;
  /** Its length, in bytes. */
  bytes: number;
  /** It is acknowledged, or the connection is gone: to be passed on to who is subscribed. `over` is called when that is done. */
  passOn(over: () => void): void;
  /** The client's next messages may be read. */
  readOn(): void;
}

/** What may be under way of one client, and of all together, in bytes; beyond it is read no further until something is over. */
const mostOfOne = 1024 * 1024;
const mostOfAll = 32 * 1024 * 1024;

interface Window {
  acks: AckQueue;
  bytes: number;
  waiting: (() => void)[];
}

/** Returns what takes a message, and what that returns acknowledges it. `connected`: how many clients share the room. */
export function embeddedAcks(connected: () => number): (client: Client, message: Unacknowledged) => () => void {
  const windows = new WeakMap<Client, Window>();
  const room = () => Math.min(mostOfOne, mostOfAll / Math.max(1, connected()));

  function windowOf(client: Client): Window {
    const known = windows.get(client);
    if (known !== undefined) return known;
    // Aedes' own; its types leave it out.
    const { waitForDrain } = client as Client & { waitForDrain(callback: () => void): void };
    // Whatever the connection is, it is a stream.
    const acks = ackQueue({ stream: client.conn as Duplex, whenDrained: waitForDrain.bind(client) });
    const made: Window = { acks, bytes: 0, waiting: [] };
    windows.set(client, made);
    return made;
  }

  return (client, { message_id, bytes, passOn, readOn }) => {
    const window = windowOf(client);
    const size = bytes + objectBytes;
    window.bytes += size;
    const over = () => {
      window.bytes -= size;
      if (window.waiting.length > 0 && window.bytes <= room()) for (const next of window.waiting.splice(0)) next();
    };
    const { settle } = window.acks.hold(message_id, () => passOn(over));
    if (window.bytes <= room()) readOn();
    else window.waiting.push(readOn);
    return settle;
  };
}
