// Listens to topics of an external broker that are no events: a connection of its own, so that nothing of it holds the events up.
import { isTopicFilter } from '@taylordash/core/topics';
import { connect, type MqttClient } from 'mqtt';
import type { Log } from '../db/log.ts';
import type { Heard } from './door.ts';
import { isIngested, isServerTopic } from './embedded-rules.ts';

export interface SignalClientOptions {
  url: string;
  ca?: string;
  log: Log;
  onSignal(message: Heard): void;
}

export interface SignalClient {
  /** Topic filters to listen to from now on. */
  watch(filters: readonly string[]): void;
  lead(): void;
  rest(): void;
  stop(): Promise<void>;
}

/** QoS 0 and a clean session: of a signal only the last value counts, and nothing waits for us in the broker. */
export function signalClient({ url, ca, log, onSignal }: SignalClientOptions): SignalClient {
  let wanted: readonly string[] = [];
  let leading = false;
  let client: MqttClient | null = null;
  let told = false;

  function open(): void {
    if (client || !leading || wanted.length === 0) return;
    const mqtt = connect(url, {
      ...{ protocolVersion: 4, clean: true, reconnectPeriod: 5000, keepalive: 30, resubscribe: false },
      ...(ca === undefined ? {} : { ca }),
    });
    client = mqtt;
    mqtt.on('connect', () => {
      told = false;
      for (const filter of wanted) mqtt.subscribe(filter, { qos: 0 });
    });
    mqtt.on('message', (topic, payload, { qos, retain }) => {
      if (!isIngested(topic) && !isServerTopic(topic)) onSignal({ topic, payload, qos, retain });
    });
    mqtt.on('error', (error) => {
      if (!told) log.warn(`signals of the MQTT broker cannot be heard, trying again: ${error.message}`);
      told = true;
    });
  }

  async function close(): Promise<void> {
    const mqtt = client;
    client = null;
    await mqtt?.endAsync(true);
  }

  return {
    watch(filters) {
      const next = [...new Set(filters.filter(isTopicFilter))];
      const gone = wanted.filter((filter) => !next.includes(filter));
      const come = next.filter((filter) => !wanted.includes(filter));
      wanted = next;
      if (wanted.length === 0) void close();
      else if (client === null) open();
      else {
        if (gone.length > 0) client.unsubscribe(gone);
        for (const filter of come) client.subscribe(filter, { qos: 0 });
      }
    },
    lead() {
      leading = true;
      open();
    },
    rest() {
      leading = false;
      void close();
    },
    async stop() {
      leading = false;
      await close();
    },
  };
}
