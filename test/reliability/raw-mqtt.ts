// MQTT 3.1.1 by hand: packets as bytes, and clients that cost next to nothing.
import { connect, type Socket } from 'node:net';

export function field(text: string | Buffer): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 255]), bytes]);
}

export function frame(first: number, body: Buffer): Buffer {
  const length: number[] = [];
  for (let left = body.length; ; ) {
    const rest = left >> 7;
    length.push((left & 127) | (rest > 0 ? 128 : 0));
    if (rest === 0) break;
    left = rest;
  }
  return Buffer.concat([Buffer.from([first, ...length]), body]);
}

const number = (value: number) => Buffer.from([value >> 8, value & 255]);

/** Clean session unless said otherwise; keep-alive of a minute, or of none. An account has both its fields. */
export function connectPacket(
  clientId: string,
  keepAlive = 60,
  { username, password }: { username?: string; password?: string } = {},
  clean = true,
): Buffer {
  const account = username === undefined || password === undefined ? [] : [username, password];
  const flags = (clean ? 2 : 0) | (account.length > 0 ? 0xc0 : 0);
  const fields = [clientId, ...account].map(field);
  return frame(0x10, Buffer.concat([field('MQTT'), Buffer.from([4, flags]), number(keepAlive), ...fields]));
}

/** QoS 1 where it has an identifier, else QoS 0. */
export function publishPacket(topic: string, payload: Buffer, identifier?: number): Buffer {
  return identifier === undefined
    ? frame(0x30, Buffer.concat([field(topic), payload]))
    : frame(0x32, Buffer.concat([field(topic), number(identifier), payload]));
}

/** QoS 2. */
export function exactlyOncePacket(topic: string, payload: Buffer, identifier: number): Buffer {
  return frame(0x34, Buffer.concat([field(topic), number(identifier), payload]));
}

export function subscribePacket(filter: string, identifier: number): Buffer {
  return frame(0x82, Buffer.concat([number(identifier), field(filter), Buffer.from([1])]));
}

export interface RawClient {
  socket: Socket;
  /** From the first byte of the connection until the broker took it, in milliseconds. */
  took_ms: number;
}

/** Connects; what comes afterwards is thrown away. Rejects where the connection ends before it stands. */
export function rawClient(url: string, clientId: string): Promise<RawClient> {
  const { hostname, port } = new URL(url);
  const begun = performance.now();
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    socket.write(connectPacket(clientId, 0));
    socket.once('data', () => resolve({ socket, took_ms: performance.now() - begun }));
    socket.on('data', () => undefined);
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('it was closed')));
  });
}
