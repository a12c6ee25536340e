// A publisher that never gives up: everything it sends it sends again until it is acknowledged, in order, and it remembers all of it.
import { randomUUID } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { Sent } from './history.ts';
import { connectPacket, publishPacket } from './raw-mqtt.ts';

export interface Publisher {
  /** Sends so many messages, so many of them under way at a time; resolves when each is acknowledged. */
  send(count: number, inFlight?: number): Promise<void>;
  /** Sends one again as it was, as a client does that missed the acknowledgement. */
  repeat(key: string): Promise<void>;
  history(): Sent;
  acknowledged(): number;
  /** Packets sent again after a connection was lost. */
  resent(): number;
  end(): Promise<void>;
}

export interface PublisherOptions {
  url: string;
  name: string;
  topic?: string;
  /** One in so many is no event: a different thing wrong each time. */
  poison_every?: number;
  /** Between two messages of one slot, in milliseconds. */
  pace?: number;
  /** Seconds, a minute by default. */
  keep_alive?: number;
}

const poisons: readonly ((key: string) => Buffer)[] = [
  (key) => Buffer.from(`not JSON ${key}`),
  (key) => Buffer.concat([Buffer.from(key), Buffer.from([0xff, 0xfe])]),
  (key) => Buffer.from(message(key).replace('"kind":"measured"', '"kind":"No Kind"')),
  (key) => Buffer.from(message(key).replace('"n":1', '"n":"\\u0000"')),
  (key) => Buffer.from(message(key).replace('"n":1', '"n":1e999999')),
  // JavaScript takes it, and PostgreSQL does not: found in the database alone.
  (key) => Buffer.from(message(key).replace('"n":1', '"n":1e-20000')),
  (key) => Buffer.from(message(key).replace('"n":1', `"n":${'['.repeat(70)}${']'.repeat(70)}`)),
  (key) => Buffer.from(message(key).replace(/"trace_id":"[^"]*"/, '"trace_id":"x"')),
  (key) => Buffer.from(message(key).replace('"n":1', '"n":1,"n":2')),
];

function message(key: string): string {
  return JSON.stringify({
    ...{ trace_id: randomUUID(), ts: '2026-01-15T10:30:00Z', kind: 'measured', idempotency_key: key },
    payload: { n: 1 },
  });
}

export function publisher(options: PublisherOptions): Publisher {
  const { url, name, topic = `tracker/events/garden/${name}`, poison_every, pace = 0, keep_alive = 60 } = options;
  const line = durableLine({ url, client_id: name, topic, keep_alive });
  const keys: string[] = [];
  const bytes = new Map<string, Buffer>();
  const acknowledged = new Set<string>();
  const poison = new Set<string>();
  let next = 0;

  function make(): string {
    const key = `${name}-${next++}`;
    const bad = poison_every !== undefined && next % poison_every === 0;
    if (bad) poison.add(key);
    const how = poisons[Math.floor(next / (poison_every ?? 1)) % poisons.length];
    bytes.set(key, bad && how ? how(key) : Buffer.from(message(key)));
    keys.push(key);
    return key;
  }

  const publish = (key: string) => line.send(bytes.get(key) ?? Buffer.alloc(0));

  return {
    async send(count, inFlight = 20) {
      let left = count;
      const slot = async () => {
        while (left > 0) {
          left--;
          const key = make();
          await publish(key);
          acknowledged.add(key);
          if (pace > 0) await pause(pace);
        }
      };
      await Promise.all(Array.from({ length: inFlight }, slot));
    },
    repeat: publish,
    history: () => ({ publisher: name, keys, acknowledged, poison }),
    acknowledged: () => acknowledged.size,
    resent: line.resent,
    async end() {
      line.end();
    },
  };
}

interface LineOptions {
  url: string;
  client_id: string;
  topic: string;
  keep_alive: number;
}

interface Line {
  /** Resolves when the message is acknowledged. */
  send(payload: Buffer): Promise<void>;
  resent(): number;
  end(): void;
}

/**
 * One MQTT 3.1.1 client that sends by QoS 1. After each connection that was lost it sends what is not acknowledged again, first
 * and in order, as the standard asks; the usual libraries give some of it up on the way.
 */
const ping = Buffer.from([0xc0, 0]);
const isPong = (bytes: Buffer) => bytes[0] === 0xd0;
const sizeOf = (bytes: Buffer) => (isPong(bytes) ? 2 : 4);

function durableLine({ url, client_id, topic, keep_alive }: LineOptions): Line {
  const { hostname, port } = new URL(url);
  const waiting = new Map<number, { packet: Buffer; done: () => void }>();
  let identifier = 0;
  let socket: Socket | null = null;
  let open = false;
  let ended = false;
  let connections = 0;
  let resent = 0;

  function dial(): void {
    if (ended) return;
    const mine = connect(Number(port), hostname);
    socket = mine;
    let heard: Buffer = Buffer.alloc(0);
    mine.write(connectPacket(client_id, keep_alive));
    let lastHeard = performance.now();
    const alive = setInterval(() => {
      if (performance.now() - lastHeard > keep_alive * 1500) mine.destroy();
      else if (open) mine.write(ping);
    }, keep_alive * 500);
    mine.on('error', () => undefined);
    mine.on('data', (chunk: Buffer) => {
      heard = Buffer.concat([heard, chunk]);
      lastHeard = performance.now();
      // CONNACK and PUBACK, which have four bytes, and PINGRESP, which has two, are all that such a client is sent.
      for (let size = sizeOf(heard); heard.length >= size; heard = heard.subarray(size), size = sizeOf(heard)) {
        if (isPong(heard)) continue;
        if (heard[0] === 0x20) {
          open = true;
          for (const { packet } of waiting.values()) {
            // DUP: it may have been sent before.
            packet[0] = 0x3a;
            if (connections > 0) resent++;
            mine.write(packet);
          }
          connections++;
        } else {
          const id = heard.readUInt16BE(2);
          const done = waiting.get(id)?.done;
          waiting.delete(id);
          done?.();
        }
      }
    });
    mine.on('close', () => {
      clearInterval(alive);
      open = false;
      setTimeout(dial, 50);
    });
  }
  dial();

  return {
    send: (payload) =>
      new Promise((resolve) => {
        do identifier = (identifier % 65_535) + 1;
        while (waiting.has(identifier));
        const packet = publishPacket(topic, payload, identifier);
        waiting.set(identifier, { packet, done: resolve });
        if (open) socket?.write(packet);
      }),
    resent: () => resent,
    end() {
      ended = true;
      socket?.destroy();
    },
  };
}

/** The key that a dead letter of a publisher had, from its bytes. */
export function keyOf(raw: Buffer): string {
  return /(pub[a-z]*\d*-\d+)/.exec(raw.toString('latin1'))?.[1] ?? raw.toString('latin1').slice(0, 40);
}
