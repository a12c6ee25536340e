// What the rest of the server knows of a message broker, embedded or external.
import type { LeaderConnection } from '../db/leader.ts';
import type { PartHealth } from './health.ts';

export interface Publication {
  topic: string;
  payload: string;
  retain?: boolean;
  /** MQTT 5 correlation data, where the broker speaks it. */
  correlation?: Buffer;
}

export interface Broker {
  /** Publishes with QoS 1; resolves once the broker has taken it over. */
  publish(message: Publication): Promise<void>;
  health(): PartHealth;
  /** Only the leader reads from an external broker and relays to it. */
  lead(connection: LeaderConnection): void;
  rest(): void;
  close(): Promise<void>;
}

/** Says that the server is there, retained; the last will of an external connection says that it is not. */
export const statusTopic = 'tracker/status/server';

export function statusPayload(state: 'online' | 'offline'): string {
  return JSON.stringify({ state });
}
