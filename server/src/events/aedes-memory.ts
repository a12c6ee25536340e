// Aedes' own persistence in memory, as far as it is used on, with the types that the package leaves out.
import type { Readable } from 'node:stream';
import type { Aedes } from 'aedes';
import * as aedesPersistence from 'aedes-persistence';

/** What Aedes hands over; its types leave out what the persistence sees. */
export interface BrokerPacket {
  cmd?: string;
  topic: string;
  payload: Buffer | string;
  qos: number;
  retain: boolean;
  brokerId?: string;
  brokerCounter?: number;
  messageId?: number | undefined;
}

export interface Subscription {
  topic: string;
  qos: number;
}

export interface Matched extends Subscription {
  clientId: string;
}

/** The part of Aedes' memory that is used on: subscriptions by topic, retained messages by pattern, wills. */
export interface Memory {
  setup(broker: Aedes): Promise<void>;
  addSubscriptions(client: { id: string }, subscriptions: readonly Subscription[]): Promise<void>;
  removeSubscriptions(client: { id: string }, topics: readonly string[]): Promise<void>;
  subscriptionsByClient(client: { id: string }): Promise<Subscription[]>;
  subscriptionsByTopic(topic: string): Promise<Matched[]>;
  cleanSubscriptions(client: { id: string }): Promise<void>;
  countOffline(): Promise<{ subsCount: number; clientsCount: number }>;
  storeRetained(packet: BrokerPacket): Promise<void>;
  createRetainedStream(pattern: string): Readable;
  createRetainedStreamCombi(patterns: readonly string[]): Readable;
  putWill(client: { id: string }, packet: BrokerPacket): Promise<void>;
  getWill(client: { id: string }): Promise<BrokerPacket | undefined>;
  delWill(client: { id: string }): Promise<BrokerPacket | undefined>;
  streamWill(brokers: object): Readable;
  getClientList(topic: string): Readable;
  destroy(): Promise<void>;
}

/** What the package really exports; its types are those of the interface alone. */
export const { default: memoryPersistence } = aedesPersistence as unknown as {
  default: (() => Memory) & { Packet: new (original: object) => BrokerPacket };
};

export function bytesOf({ payload }: Pick<BrokerPacket, 'payload'>): Buffer {
  return typeof payload === 'string' ? Buffer.from(payload) : payload;
}

export function packetOf(message: { topic: string; payload: Buffer; qos: number }, more: object): BrokerPacket {
  const { topic, payload, qos } = message;
  const packet = new memoryPersistence.Packet({ cmd: 'publish', topic, payload, qos, ...more });
  // It leaves the packet identifier out.
  return Object.assign(packet, more);
}
