// A broker outside: one persistent session, whose messages are acknowledged in order, each batch after its commit.
import { ingestedTopicFilters } from '@taylordash/core/topics';
import { connect, type IClientOptions, type MqttClient } from 'mqtt';
import type { LeaderConnection } from '../db/leader.ts';
import type { Log } from '../db/log.ts';
import type { Settlement } from './appender.ts';
import { type Broker, statusPayload, statusTopic } from './broker.ts';
import type { PartHealth } from './health.ts';
import { ackQueue } from './held-acks.ts';
import { messageOf } from './leader.ts';
import type { Incoming } from './message.ts';
import { within } from './within.ts';

export interface ExternalBrokerOptions {
  /** mqtt:// or mqtts://, with user and password where the broker wants them. */
  url: string;
  /** Certificate of the authority that vouches for the broker (PEM), where the machine does not know it. */
  ca?: string;
  log: Log;
  /** See Appender.ingest. */
  ingest(message: Incoming, settlement: Settlement): boolean;
  /** Told before a message is taken whose sender wants an answer; see bus/inbound.ts. */
  wantsResponse?(message: WantedResponse): Promise<void>;
  /** Of the session that keeps our place in the broker's queue; one for each database. */
  client_id: string;
}

export interface WantedResponse {
  topic: string;
  payload: Buffer;
  responseTopic: string;
  correlationData: Buffer | null;
}

/** Messages that the broker may have under way to us: bounds what is held without an acknowledgement. */
const receiveMaximum = 2000;
const retryEvery = 1000;
const publishWithin = 30_000;
/** CONNACK codes of a broker that does not speak MQTT 5: its own, and 3.1.1's. */
const unsupportedVersion: readonly unknown[] = [132, 1];

export function connectExternalBroker(options: ExternalBrokerOptions): Broker {
  const { log } = options;
  const where = withoutCredentials(options.url);
  let leading: LeaderConnection | null = null;
  let client: MqttClient | null = null;
  let version: 5 | 4 = 5;
  let failing: string | null = null;
  /** Subscribed on the present connection. */
  let ready = false;

  function consume(mqtt: MqttClient): void {
    let acks: ReturnType<typeof ackQueue> | null = null;
    mqtt.handleMessage = (packet, next) => {
      const { topic, payload, qos, retain, messageId } = packet;
      acks ??= ackQueue(mqtt);
      const { responseTopic, correlationData = null } = packet.properties ?? {};
      const held = qos === 0 || messageId === undefined ? null : acks.hold(messageId);
      const take = () =>
        options.ingest(
          {
            topic,
            bytes: typeof payload === 'string' ? Buffer.from(payload) : payload,
            qos,
            retain,
            client_id: null,
            identity: '',
          },
          { settle: () => held?.settle(), abandoned: () => held?.isVoid() ?? false },
        );
      // No room: let the connection go, and the broker sends it all again.
      const accept = () => {
        if (!take()) mqtt.stream.destroy();
      };
      if (responseTopic === undefined || options.wantsResponse === undefined) accept();
      else
        options
          .wantsResponse({ topic, payload: Buffer.from(payload), responseTopic, correlationData })
          .then(accept, accept);
      // An error keeps the library from acknowledging; it goes on to the next message all the same.
      next(held === null ? undefined : new Error('acknowledged after the commit'));
    };
  }

  async function begin(mqtt: MqttClient): Promise<void> {
    const subscription = version === 5 ? { qos: 1 as const, nl: true, rh: 1 } : { qos: 1 as const };
    const granted = await mqtt.subscribeAsync(
      Object.fromEntries(ingestedTopicFilters.map((filter) => [filter, subscription])),
    );
    if (granted.some(({ qos }) => qos >= 128)) throw new Error('it does not let this user read tracker/#');
    await mqtt.publishAsync(statusTopic, statusPayload('online'), { qos: 1, retain: true });
    if (failing !== null) log.info(`the MQTT broker at ${where} is back`);
    failing = null;
    ready = true;
  }

  function fail(error: unknown): void {
    const message = messageOf(error);
    if (failing === null) log.warn(`the MQTT broker at ${where} cannot be used, trying again: ${message}`);
    failing = message;
  }

  function open(): void {
    const { ca } = options;
    const mqtt = connect(options.url, {
      ...settingsFor(version, options.client_id),
      ...(ca === undefined ? {} : { ca }),
    });
    client = mqtt;
    let everConnected = false;
    // Before the connection stands: a persistent session delivers at once.
    consume(mqtt);
    mqtt.on('error', (error) => {
      if (version === 5 && 'code' in error && unsupportedVersion.includes(error.code)) {
        again(4);
        return;
      }
      fail(error);
    });
    mqtt.on('connect', () => {
      everConnected = true;
      begin(mqtt).catch(fail);
    });
    mqtt.on('close', () => {
      if (client !== mqtt) return;
      ready = false;
      // Some brokers close the connection on a version they do not know.
      if (!everConnected && failing === null) again(version === 5 ? 4 : 5);
      fail(new Error('the connection was closed'));
      void confirm(mqtt);
    });

    function again(next: 4 | 5): void {
      if (client !== mqtt) return;
      version = next;
      client = null;
      mqtt.end(true);
      if (leading !== null) open();
    }
  }

  /**
   * Who lost the lead and cannot know it yet, because its network to the database is dead, would take the session from who leads
   * now, again and again. So it connects anew only once the database has answered on the leader's connection.
   */
  async function confirm(mqtt: MqttClient): Promise<void> {
    const connection = leading;
    if (connection === null) return;
    const answer = connection.query('select 1');
    const soon = within(retryEvery / 2, answer).then(
      () => true,
      () => false,
    );
    if ((await soon) || client !== mqtt) return;
    client = null;
    mqtt.end(true);
    await answer.catch(() => undefined);
    if (leading === connection && client === null) open();
  }

  async function close(): Promise<void> {
    const mqtt = client;
    client = null;
    ready = false;
    if (mqtt === null) return;
    if (mqtt.connected) {
      const farewell = mqtt.publishAsync(statusTopic, statusPayload('offline'), { qos: 1, retain: true });
      await within(2000, farewell).catch(() => undefined);
    }
    await mqtt.endAsync(true);
  }

  return {
    async publish({ topic, payload, retain = false, correlation }) {
      // Refused and not queued without a connection: the relay sends it again from its cursor.
      if (client?.connected !== true) throw new Error(`the MQTT broker at ${where} is away`);
      const properties = version === 5 && correlation ? { properties: { correlationData: correlation } } : {};
      await within(publishWithin, client.publishAsync(topic, payload, { qos: 1, retain, ...properties }));
    },
    health(): PartHealth {
      if (leading === null) return { state: 'healthy', detail: `${where}: only the leading server uses it` };
      if (failing !== null) return { state: 'unavailable', detail: `${where}: ${failing}` };
      if (!ready) return { state: 'unavailable', detail: `${where}: connecting` };
      return { state: 'healthy', detail: `${where}, MQTT ${version === 5 ? '5' : '3.1.1'}` };
    },
    lead(connection) {
      leading = connection;
      if (client === null) open();
    },
    rest() {
      leading = null;
      void close();
    },
    async close() {
      leading = null;
      await close();
    },
  };
}

function settingsFor(version: 4 | 5, clientId: string): IClientOptions {
  return {
    clientId,
    clean: false,
    protocolVersion: version,
    reconnectPeriod: retryEvery,
    reconnectOnConnackError: true,
    connectTimeout: 10_000,
    keepalive: 30,
    resubscribe: false,
    will: { topic: statusTopic, payload: Buffer.from(statusPayload('offline')), qos: 1, retain: true },
    ...(version === 5 ? { properties: { sessionExpiryInterval: 0xffffffff, receiveMaximum } } : {}),
  };
}

/** The address as it may stand in a log. */
function withoutCredentials(url: string): string {
  const { protocol, host } = new URL(url);
  return `${protocol}//${host}`;
}
