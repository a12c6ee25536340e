// The device of the greenhouse example: a real MQTT client of the broker, as a board in a greenhouse would be one.
import { randomUUID } from 'node:crypto';
import type { MqttClient } from 'mqtt';
import type { Log } from '../db/log.ts';

export interface PretendDeviceOptions {
  /** Of the broker; asked when the device is first wanted. */
  broker_url: string;
  log: Log;
  /** By which it is admitted; null where the address of the broker has it. */
  account: { username: string; password: string } | null;
  /** Is the example there, and does this server look after it? And has the device sent its two mistakes already? */
  state(): Promise<{ wanted: boolean; mistaken: boolean }>;
  /** Between two measurements, in milliseconds. */
  every?: number;
}

export const pretendClientId = 'greenhouse-esp32';
const metricTopic = 'tracker/metrics/greenhouse/air_temperature';
const readingTopic = 'tracker/events/system/greenhouse_reading';

/** What boards send before somebody reads the page on envelopes: plain text, and an id that is none. */
const mistakes = [
  'temp=21.5',
  '{"trace_id":"esp32-17","ts":"2026-01-15T10:30:00Z","kind":"greenhouse_reading","idempotency_key":"1","payload":{"door":"open"}}',
];

export function startPretendDevice(options: PretendDeviceOptions): { stop(): Promise<void> } {
  let client: MqttClient | null = null;
  let running: Promise<void> | null = null;
  let sent = 0;

  async function tick(): Promise<void> {
    const { wanted, mistaken } = await options.state();
    if (!wanted) return disconnect();
    if (!client) {
      const { connectAsync } = await import('mqtt');
      client = await connectAsync(options.broker_url, {
        ...options.account,
        clientId: pretendClientId,
        reconnectPeriod: 0,
        connectTimeout: 3000,
      });
      client.on('error', () => undefined);
      client.on('close', () => {
        client = null;
      });
    }
    if (!mistaken && sent === 0) for (const text of mistakes) await client.publishAsync(readingTopic, text, { qos: 1 });
    await client.publishAsync(metricTopic, measurement(sent++), { qos: 1 });
  }

  async function disconnect(): Promise<void> {
    const open = client;
    client = null;
    sent = 0;
    await open?.endAsync();
  }

  const timer = setInterval(() => {
    running ??= tick()
      .catch((error: Error) => {
        options.log.warn(`the greenhouse example's device could not publish: ${error.message}`);
      })
      .finally(() => {
        running = null;
      });
  }, options.every ?? 5000);
  timer.unref();

  return {
    async stop() {
      clearInterval(timer);
      client?.end(true);
      await running;
      await disconnect();
    },
  };
}

/** Warm by day, cool by night, with a breeze through the door. */
function measurement(count: number): string {
  const hour = (Date.now() / 3_600_000) % 24;
  const value = Math.round((19 + 6 * Math.sin(((hour - 9) / 24) * 2 * Math.PI) + Math.sin(count / 7)) * 10) / 10;
  return JSON.stringify({
    trace_id: randomUUID(),
    ts: new Date().toISOString(),
    kind: 'metric_measured',
    idempotency_key: randomUUID(),
    payload: { value, unit: '°C', tags: { sensor: 'air', place: 'door' } },
  });
}
