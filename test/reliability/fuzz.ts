// MQTT packets that were right once: bytes flipped, cut, repeated, lengths that lie. The same seed makes the same connections.
import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { envelope } from '../harness/events.ts';
import { connectPacket, field, frame, publishPacket, subscribePacket } from './raw-mqtt.ts';

type Random = (below: number) => number;

/** Mulberry32. */
function randomOf(seed: number): Random {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const identifier = Buffer.from([0, 7]);
const originals: readonly Buffer[] = [
  connectPacket('fuzz'),
  // Every flag: will, user name, password.
  frame(
    0x10,
    Buffer.concat([
      ...[field('MQTT'), Buffer.from([4, 0xee, 0, 10]), field('fuzz-all')],
      ...['garden/will', 'gone', 'somebody', 'secret'].map((text) => field(text)),
    ]),
  ),
  publishPacket('tracker/events/fuzz/said', Buffer.from(envelope({ idempotency_key: 'fuzz' })), 7),
  publishPacket('tracker/events/fuzz/said', Buffer.from('no JSON')),
  publishPacket('garden/fuzz', Buffer.alloc(300, 0xff), 7),
  // QoS 2, retained.
  frame(0x35, Buffer.concat([field('garden/fuzz'), identifier, Buffer.from('twice?')])),
  subscribePacket('garden/+/#', 7),
  frame(0xa2, Buffer.concat([identifier, field('garden/#')])),
  frame(0x62, identifier),
  frame(0x40, identifier),
  frame(0x50, identifier),
  frame(0x70, identifier),
  frame(0xc0, Buffer.alloc(0)),
  frame(0xe0, Buffer.alloc(0)),
];

function mutated(random: Random): Buffer {
  const packet = Buffer.from(originals[random(originals.length)] ?? Buffer.alloc(0));
  const at = random(packet.length);
  switch (random(8)) {
    case 0:
      return packet;
    case 1:
      for (let n = 0; n <= random(4); n++) packet[random(packet.length)] = random(256);
      return packet;
    case 2:
      return packet.subarray(0, at);
    case 3:
      return Buffer.concat([packet.subarray(0, at), packet, packet.subarray(at)]);
    case 4:
      // The length lies.
      packet[1] = random(256);
      return packet;
    case 5:
      return Buffer.concat([Buffer.from([packet[0] ?? 0, 0xff, 0xff, 0xff, random(256)]), packet.subarray(2)]);
    case 6:
      packet[0] = random(256);
      return packet;
    default:
      return Buffer.from(Array.from({ length: 1 + random(64) }, () => random(256)));
  }
}

/** Many short connections, most of which begin as they should; some end in the middle of a packet. */
export async function fuzz({ url, seed, packets }: { url: string; seed: number; packets: number }): Promise<void> {
  const { hostname, port } = new URL(url);
  let left = packets;
  let sessions = 0;
  async function session(): Promise<void> {
    const random = randomOf(seed + sessions++ * 7919);
    const socket: Socket = connect(Number(port), hostname);
    const gone = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    socket.on('error', () => undefined);
    socket.on('data', () => undefined);
    if (random(4) > 0) socket.write(connectPacket(`fuzz${random(50)}`, 10));
    for (let n = 1 + random(20); n > 0 && left > 0 && !socket.destroyed; n--) {
      socket.write(mutated(random));
      left--;
      if (random(5) === 0) await pause(1);
    }
    await Promise.race([gone, pause(20)]);
    socket.destroy();
  }
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      while (left > 0) await session();
    }),
  );
}
