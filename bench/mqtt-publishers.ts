// The publishers of bench/mqtt.ts, in a process of their own: plain sockets, so that they cost the broker's cores as little as can be.
import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';

/** `uncounted` milliseconds are not counted, and then so many seconds are. */
const [port = '0', count = '4', seconds = '5', uncounted = '0'] = process.argv.slice(2);
/** Messages under way for each publisher. */
const window = Math.min(1000, Math.ceil(10_000 / Number(count)));
const topic = Buffer.from('tracker/events/bench/durable');
const connectPacket = (id: string) => {
  const name = Buffer.from(id);
  return Buffer.concat([
    Buffer.from([0x10, 12 + name.length, 0, 4]),
    Buffer.from('MQTT'),
    Buffer.from([4, 2, 0, 60, 0, name.length]),
    name,
  ]);
};

function publishPacket(id: number): Buffer {
  const body = `{"trace_id":"${randomUUID()}","ts":"2026-01-15T10:30:00Z","kind":"plant_watered","idempotency_key":"${randomUUID()}","payload":{"bed":3,"litres":2.5,"by":"valve 7","note":"morning round"}}`;
  const length = 2 + topic.length + 2 + body.length;
  const packet = Buffer.allocUnsafe(3 + length);
  packet[0] = 0x32;
  packet[1] = (length & 0x7f) | 0x80;
  packet[2] = length >> 7;
  packet.writeUInt16BE(topic.length, 3);
  topic.copy(packet, 5);
  packet.writeUInt16BE(id, 5 + topic.length);
  packet.write(body, 7 + topic.length, 'latin1');
  return packet;
}

/** Counts the acknowledgements that one publisher gets between the two times. */
function publisher(from: number, until: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), '127.0.0.1');
    let next = 1;
    let acknowledged = 0;
    let rest = 0;
    let greeted = false;
    const send = (messages: number) => {
      const packets: Buffer[] = [];
      for (let n = 0; n < messages; n++) {
        packets.push(publishPacket(next));
        next = (next % 65_535) + 1;
      }
      socket.write(Buffer.concat(packets));
    };
    socket.setNoDelay(true);
    socket.on('connect', () => socket.write(connectPacket(`bench-${randomUUID()}`)));
    socket.on('error', reject);
    socket.on('data', (chunk) => {
      let bytes = rest + chunk.length;
      if (!greeted) {
        if (bytes < 4) {
          rest = bytes;
          return;
        }
        greeted = true;
        bytes -= 4;
        send(window);
      }
      // Every packet from here on is a PUBACK of four bytes.
      const acks = Math.floor(bytes / 4);
      rest = bytes % 4;
      const now = performance.now();
      if (now >= from) acknowledged += acks;
      if (now >= until) {
        socket.destroy();
        resolve(acknowledged);
      } else if (acks > 0) send(acks);
    });
  });
}

const from = performance.now() + Number(uncounted);
const until = from + Number(seconds) * 1000;
const totals = await Promise.all(Array.from({ length: Number(count) }, () => publisher(from, until)));
const rate = (totals.reduce((sum, total) => sum + total, 0) / (performance.now() - from)) * 1000;
process.send?.(rate);
process.disconnect?.();
