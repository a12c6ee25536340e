// The broker inside the server: Aedes, whose acknowledgement of an event means that it is committed.
import { createServer, type Server, type Socket } from 'node:net';
import { messageBytes } from '@taylordash/core/envelope';
import { isTopicName } from '@taylordash/core/topics';
import { Aedes, type AuthenticateError, type Client } from 'aedes';
import type { Log } from '../db/log.ts';
import type { Settlement } from './appender.ts';
import { type Broker, statusPayload, statusTopic } from './broker.ts';
import { isIngested, isServerTopic, levelsOf, mayRead, maySubscribe, mostLevels } from './embedded-rules.ts';
import { limitFrames } from './frame-limit.ts';
import type { PartHealth } from './health.ts';
import { boundQueues, giveRoom, retainedBounds } from './memory-bounds.ts';
import type { Incoming } from './message.ts';

export interface EmbeddedBrokerOptions {
  host: string;
  port: number;
  log: Log;
  /** See Appender.ingest. */
  ingest(message: Incoming, settlement: Settlement): boolean;
}

export interface EmbeddedBroker extends Broker {
  /** Where it listens; the port that was found, where 0 was asked for. */
  address(): { host: string; port: number };
  /** Listens on one more address, on the same port. */
  listenAlso(host: string): Promise<void>;
  counts(): { clients: number; refused: number };
}

/** The port is in use; the message says what to do. */
export class PortTaken extends Error {
  override readonly name = 'PortTaken';
}

/** What is swallowed goes here: Aedes acknowledges it, and nobody can be subscribed to it. */
const nowhere = '$SYS/taylordash/swallowed';
const nothing = Buffer.alloc(0);
/** The largest frame that is read into memory; an event may have 256 KB, a message on another topic somewhat more. */
const frameBytes = 4 * messageBytes;

type Packet = Parameters<Aedes['authorizePublish']>[1];

/** Starts listening. Subscriptions, queues and retained messages live in memory and end with the server. */
export async function startEmbeddedBroker(options: EmbeddedBrokerOptions): Promise<EmbeddedBroker> {
  const { host, port, log } = options;
  let refused = 0;
  const aedes = new Aedes({
    // A client may send before it was told that it is connected.
    queueLimit: 10_000,
    concurrency: 10_000,
    maxClientsIdLength: 65_535,
    // A client that does not read holds up whoever publishes to it for so long at the most.
    drainTimeout: 2_000,
  });
  // Its own limit closes the connection before any hook runs, and the client sends the same again for ever. Topics of more
  // levels are swallowed below, filters refused, so that none reaches the matcher.
  Object.assign(aedes, { maxTopicLevels: Number.POSITIVE_INFINITY });

  const mayRetain = retainedBounds(log);
  /** What a client's message may leave behind, before it is passed on. */
  const bounded = (packet: Packet): void => {
    if (packet.retain) packet.retain = mayRetain(packet.topic, packet.payload.length);
  };

  aedes.preConnect = (client, packet, done) => {
    giveRoom(client);
    if (packet.protocolVersion === 5) {
      const who = JSON.stringify(packet.clientId ?? '').slice(0, 80);
      log.warn(`the MQTT client ${who} tried MQTT 5, which the embedded broker does not speak: choose 3.1.1 there`);
    }
    done(null, client.conn.destroyed !== true);
  };
  aedes.authenticate = (client, _username, _password, done) => {
    if (isLoopback(client)) return done(null, true);
    // One that has gone already has no address.
    if (!closed(client)) log.warn('an MQTT client from another machine was refused: there are no device accounts yet');
    const error: AuthenticateError = Object.assign(new Error('not authorised'), { returnCode: 5 });
    done(error, false);
  };

  aedes.authorizePublish = (client, packet, done) => {
    const { topic } = packet;
    if (!isIngested(topic)) {
      if (isServerTopic(topic)) refused++;
      // Aedes looks at the topics of messages, not at those of wills.
      if (isServerTopic(topic) || levelsOf(topic) > mostLevels || !isTopicName(topic)) swallow(packet);
      bounded(packet);
      return done(null);
    }
    const wasClosed = closed(client);
    const taken = options.ingest(
      {
        topic,
        bytes: typeof packet.payload === 'string' ? Buffer.from(packet.payload) : packet.payload,
        qos: packet.qos,
        retain: packet.retain,
        client_id: client?.id ?? null,
        // A client id is what a client calls itself; only an account would be an identity.
        identity: '',
      },
      {
        settle(outcome) {
          // Stored, but beyond what the matcher behind Aedes takes: nobody can be subscribed to it.
          if (outcome === 'dead' || levelsOf(topic) > mostLevels) swallow(packet);
          bounded(packet);
          // Aedes would fail on the acknowledgement and never pass the event on.
          if (!wasClosed && closed(client)) aedes.publish(packet, () => undefined);
          else done(null);
        },
        abandoned: () => !wasClosed && closed(client),
      },
    );
    // Not acknowledged, so it is sent again. The connection ends, because Aedes reads no further until `done`.
    if (!taken) client?.close();
  };
  aedes.authorizeSubscribe = (client, subscription, done) => {
    done(null, maySubscribe(subscription.topic, client.id) ? subscription : null);
  };
  aedes.authorizeForward = (client, packet) => (mayRead(packet.topic, client.id) ? packet : null);
  aedes.on('clientError', () => undefined);
  aedes.on('connectionError', () => undefined);
  await aedes.listen();
  boundQueues(aedes, log);

  const sockets = new Set<Socket>();
  const serve = (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    limitFrames(socket, frameBytes, () => {
      log.warn(`an MQTT client sent a packet of more than ${frameBytes} bytes: its connection is closed`);
    });
    aedes.handle(socket);
  };
  const socketServer = () => createServer({ noDelay: true, highWaterMark: 256 * 1024 }, serve);
  const server = socketServer();
  const servers = [server];
  const bound = await listen(server, host, port).catch(async (error) => {
    await new Promise<void>((resolve) => aedes.close(() => resolve()));
    throw error;
  });
  const publish: Broker['publish'] = ({ topic, payload, retain = false }) =>
    new Promise((resolve, reject) => {
      if (levelsOf(topic) > mostLevels) return resolve();
      const packet = { cmd: 'publish', qos: 1, dup: false, topic, payload: Buffer.from(payload), retain } as const;
      aedes.publish(packet, (error) => (error ? reject(error) : resolve()));
    });
  await publish({ topic: statusTopic, payload: statusPayload('online'), retain: true });

  return {
    publish,
    address: () => ({ host, port: bound }),
    async listenAlso(address) {
      const another = socketServer();
      await listen(another, address, bound);
      servers.push(another);
    },
    counts: () => ({ clients: aedes.connectedClients, refused }),
    health: (): PartHealth => ({
      state: 'healthy',
      detail: `embedded, on ${host}:${bound}, ${aedes.connectedClients} ${aedes.connectedClients === 1 ? 'client' : 'clients'}; queues and retained messages in memory`,
    }),
    lead: () => undefined,
    rest: () => undefined,
    async close() {
      for (const each of servers) each.close();
      await publish({ topic: statusTopic, payload: statusPayload('offline'), retain: true }).catch(() => undefined);
      await new Promise<void>((resolve) => aedes.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** Makes Aedes acknowledge the packet and deliver nothing. An error there would close the connection, for the same again. */
function swallow(packet: Packet): void {
  packet.topic = nowhere;
  packet.payload = nothing;
  packet.retain = false;
}

function closed(client: Client | null): boolean {
  return client !== null && (client.closed || client.conn.destroyed === true);
}

function isLoopback(client: Client): boolean {
  const { conn } = client;
  const address = 'remoteAddress' in conn ? (conn.remoteAddress ?? '') : '';
  return address === '::1' || /^(::ffff:)?127\./.test(address);
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      const code = 'code' in error ? error.code : '';
      if (code === 'EADDRINUSE') {
        const message = `MQTT port ${port} on ${host} is taken by another program. Set MQTT_PORT to a free port.`;
        reject(new PortTaken(message));
      } else if (code === 'EACCES') {
        reject(
          new PortTaken(
            `MQTT port ${port} on ${host} may not be used by this account. Set MQTT_PORT to a port above 1023.`,
          ),
        );
      } else if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
        reject(new PortTaken(`${host} is not an address of this machine. Set MQTT_HOST to one that is.`));
      } else reject(error);
    });
    server.listen(port, host, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}
