// Tries an external broker: does it keep what it acknowledged for a session that is away, in order, and what it retains?
import { randomUUID } from 'node:crypto';
import { messageBytes } from '@taylordash/core/envelope';
import { connectAsync, type IClientOptions, type MqttClient, connect as openClient } from 'mqtt';

export interface SelfTestStep {
  name: 'connects' | 'keeps_queue' | 'keeps_order' | 'retains' | 'takes_large';
  ok: boolean;
  /** What was seen, in words. */
  detail: string;
}

export interface SelfTestOptions {
  url: string;
  ca?: string;
  /** Messages that are to wait; more than Mosquitto's 1,000, which is what it keeps unless told otherwise. */
  messages?: number;
}

/** How long what is kept may take to arrive, in milliseconds, since the last message. */
const patience = 3000;

/** Runs on topics of its own and leaves nothing behind. Throws nothing: what goes wrong is a step that failed. */
export async function testBroker({ url, ca, messages = 2000 }: SelfTestOptions): Promise<SelfTestStep[]> {
  const id = `taylordash-selftest-${randomUUID().slice(0, 8)}`;
  const topic = `tracker/replies/${id}`;
  const base: IClientOptions = { protocolVersion: 4, reconnectPeriod: 0, connectTimeout: 5000, ...(ca ? { ca } : {}) };
  const session: IClientOptions = { ...base, clientId: id, clean: false };
  const steps: SelfTestStep[] = [];
  const clients: MqttClient[] = [];
  const open = async (options: IClientOptions) => {
    const client = await connectAsync(url, options, false);
    client.on('error', () => undefined);
    clients.push(client);
    return client;
  };
  try {
    const publisher = await open(base);
    const sleeper = await open(session);
    await sleeper.subscribeAsync(`${topic}/#`, { qos: 1 });
    await sleeper.endAsync();
    steps.push({ name: 'connects', ok: true, detail: 'It lets TaylorDash connect, publish and keep a session.' });

    let acknowledged = 0;
    for (let sent = 0; sent < messages; sent += 200) {
      const batch = Array.from({ length: Math.min(200, messages - sent) }, (_, n) => String(sent + n));
      await Promise.all(batch.map((text) => publisher.publishAsync(`${topic}/queue`, text, { qos: 1 })));
      acknowledged += batch.length;
    }
    const got = await received(url, session, clients, acknowledged);
    const kept = new Set(got).size;
    steps.push({
      name: 'keeps_queue',
      ok: kept === acknowledged,
      detail:
        kept === acknowledged
          ? `It kept all ${acknowledged} messages that it acknowledged while TaylorDash was away.`
          : `It acknowledged ${acknowledged} messages and kept ${kept}: what is published while TaylorDash is down gets lost. Mosquitto: max_queued_messages 0.`,
    });
    const first = [...new Set(got)];
    const ordered = first.every((value, index) => index === 0 || value > (first[index - 1] ?? -1));
    steps.push({
      name: 'keeps_order',
      ok: ordered,
      detail: ordered ? 'They came in the order they were sent.' : 'They came out of order.',
    });

    steps.push(await retains(open, base, publisher, `${topic}/retained`));
    steps.push(await takesLarge(open, base, publisher, `${topic}/large`));
  } catch (error) {
    const detail = `It failed: ${error instanceof Error ? error.message : String(error)}.`;
    steps.push({ name: steps.length === 0 ? 'connects' : 'keeps_queue', ok: false, detail });
  }
  // The session goes with a clean start.
  const cleaner = await connectAsync(url, { ...base, clientId: id, clean: true }, false).catch(() => null);
  await Promise.allSettled([...clients, ...(cleaner ? [cleaner] : [])].map((client) => client.endAsync(true)));
  return steps;
}

/** What waits for the session, as numbers in the order of arrival. */
async function received(
  url: string,
  session: IClientOptions,
  clients: MqttClient[],
  expected: number,
): Promise<number[]> {
  const got: number[] = [];
  const client = openClient(url, session);
  clients.push(client);
  await new Promise<void>((resolve) => {
    let timer = setTimeout(resolve, patience);
    client.on('error', () => undefined);
    client.on('message', (_topic, payload) => {
      got.push(Number(payload.toString()));
      clearTimeout(timer);
      if (new Set(got).size >= expected) resolve();
      else timer = setTimeout(resolve, patience);
    });
  });
  return got;
}

type Open = (options: IClientOptions) => Promise<MqttClient>;

/** The first message on a topic for a new subscriber, or null. */
async function firstMessage(
  client: MqttClient,
  topic: string,
  trigger?: () => Promise<unknown>,
): Promise<Buffer | null> {
  const arrived = new Promise<Buffer | null>((resolve) => {
    const timer = setTimeout(() => resolve(null), patience);
    client.on('message', (_topic, payload) => {
      clearTimeout(timer);
      resolve(payload);
    });
  });
  await client.subscribeAsync(topic, { qos: 1 });
  await trigger?.();
  return arrived;
}

async function retains(open: Open, base: IClientOptions, publisher: MqttClient, topic: string): Promise<SelfTestStep> {
  await publisher.publishAsync(topic, 'kept', { qos: 1, retain: true });
  const ok = (await firstMessage(await open(base), topic))?.toString() === 'kept';
  await publisher.publishAsync(topic, '', { qos: 1, retain: true });
  const detail = ok
    ? 'It keeps retained messages.'
    : 'It keeps no retained messages: other systems miss tracker/status.';
  return { name: 'retains', ok, detail };
}

async function takesLarge(
  open: Open,
  base: IClientOptions,
  publisher: MqttClient,
  topic: string,
): Promise<SelfTestStep> {
  const large = Buffer.alloc(messageBytes, 'x');
  const reader = await open(base);
  const got = await firstMessage(reader, topic, () => publisher.publishAsync(topic, large, { qos: 1 })).catch(
    () => null,
  );
  const ok = got?.length === large.length;
  const size = `${messageBytes / 1024} KB`;
  const detail = ok
    ? `It takes messages of ${size}.`
    : `It does not pass messages of ${size} on, which an event may have.`;
  return { name: 'takes_large', ok, detail };
}
