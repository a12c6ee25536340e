// By which service (QoS) a message is sent to a client: the best that one of its matching filters was granted, as MQTT asks.
import { topicMatches } from '@taylordash/core/topics';
import type { Client } from 'aedes';

type Deliver = (packet: { topic: string; qos: number; retain: boolean }, done: () => void) => void;

/**
 * Aedes sends a message by the service of whichever filter it finds first, and lowers that of QoS 2 only where the filter is the
 * very topic. So what was to be acknowledged was sent as QoS 0, and waited for its acknowledgement for ever.
 */
export function deliverAsGranted(client: Client): void {
  // Aedes' own; its types leave them out.
  const held = client as unknown as {
    readonly subscriptions: Readonly<Record<string, { qos: number }>>;
    deliver0: Deliver;
    deliverQoS: Deliver;
  };
  const { deliver0, deliverQoS } = held;

  /** Up to which service one of its filters wants the topic; `from` is the least that is looked for. */
  function granted(topic: string, from: number): number {
    let best = 0;
    for (const [filter, { qos }] of Object.entries(held.subscriptions)) {
      if (qos >= from && qos > best && topicMatches(filter, topic)) best = qos;
    }
    return best;
  }

  held.deliver0 = (packet, done) => {
    if (packet.qos > 0 && granted(packet.topic, 1) > 0) setImmediate(done);
    else deliver0(packet, done);
  };
  held.deliverQoS = (packet, done) => {
    // It comes by a filter of QoS 1 at the least, but for what is retained, which comes by none. The packet is made for this one.
    if (packet.qos === 2 || packet.retain) packet.qos = Math.min(packet.qos, granted(packet.topic, 0));
    deliverQoS(packet, done);
  };
}
