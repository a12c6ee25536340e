// The filters that clients were granted, and by which service (QoS) each message is sent: the best of those that match, as MQTT asks.
import { topicMatches } from '@taylordash/core/topics';
import type { Client, Subscription } from 'aedes';
import type { BrokerPacket } from './aedes-memory.ts';
import { mostFilters } from './memory-bounds.ts';

export interface GrantedFilters {
  /** Notes a filter with its service; what Aedes is to subscribe to, null where the client has as many filters as one may. */
  grant(client: Client, subscription: Subscription): Subscription | null;
  has(client: Client, filter: string): boolean;
  leave(client: Client, filters: readonly string[]): void;
}

type Services = Map<string, number>;
type Deliver = (packet: BrokerPacket, done: () => void) => void;
/** By which service the message waits for the session of this client; null where it does not. */
type WaitsAs = (client: Client, packet: BrokerPacket) => number | null;

/**
 * Aedes sends a message by the service of whichever filter it finds first, or of the one that is the very topic. So what was to
 * be acknowledged was sent as QoS 0, and waited for its acknowledgement for ever. It is told that every filter has QoS 2, by
 * which it lowers nothing, and each message is lowered here.
 */
export function grantedFilters(waitsAs: WaitsAs): GrantedFilters {
  const granted = new WeakMap<Client, Services>();

  function servicesOf(client: Client): Services {
    const known = granted.get(client);
    if (known !== undefined) return known;
    const services: Services = new Map();
    granted.set(client, services);
    lowerTo(services, client, waitsAs);
    return services;
  }

  return {
    grant(client, subscription) {
      const { topic, qos } = subscription;
      const services = servicesOf(client);
      if (services.size >= mostFilters && !services.has(topic)) return null;
      services.set(topic, qos);
      return { ...subscription, qos: 2 };
    },
    has: (client, filter) => granted.get(client)?.has(filter) ?? false,
    leave(client, filters) {
      for (const filter of filters) granted.get(client)?.delete(filter);
    },
  };
}

/** Before Aedes subscribes it to the first: it takes the method as it is then. */
function lowerTo(services: Services, client: Client, waitsAs: WaitsAs): void {
  // Aedes' own; its types leave it out.
  const held = client as unknown as { deliverQoS: Deliver };
  const { deliverQoS } = held;
  held.deliverQoS = (packet, done) => {
    // The packet is made for this one. A kept session is sent what waits for it, and no more: it may be unsubscribing, and
    // Aedes ends a connection that it is to send what does not wait.
    packet.qos =
      client.clean || packet.retain ? best(services, packet.topic, packet.qos) : (waitsAs(client, packet) ?? 0);
    deliverQoS(packet, done);
  };
}

function best(services: Services, topic: string, most: number): number {
  let found = 0;
  for (const [filter, qos] of services) {
    if (found >= most) return most;
    if (qos > found && topicMatches(filter, topic)) found = qos;
  }
  return Math.min(found, most);
}
