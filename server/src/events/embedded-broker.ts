// The broker inside the server: Aedes, whose acknowledgement means that the message is committed, and whose sessions are in our tables.
import { Aedes, type Client } from 'aedes';
import type { Log } from '../db/log.ts';
import type { Handle } from '../db/transaction.ts';
import { bytesOf } from './aedes-memory.ts';
import type { Refusal, Settlement } from './appender.ts';
import { type Broker, statusPayload, statusTopic } from './broker.ts';
import type { KeptState, KeptWill } from './broker-rows.ts';
import { brokerStore } from './broker-store.ts';
import type { Door, Rights } from './door.ts';
import { embeddedAcks } from './embedded-acks.ts';
import { closed, embeddedAdmissions } from './embedded-admissions.ts';
import { levelsOf, mayRead, maySubscribe, mostLevels, verdictOn } from './embedded-rules.ts';
import { grantedFilters } from './granted-service.ts';
import type { PartHealth } from './health.ts';
import { keptPersistence, noFilter } from './kept-persistence.ts';
import type { Incoming, Outcome } from './message.ts';
import { mqttListener, type TlsFiles } from './mqtt-listener.ts';
import { publishInOrder } from './publish-order.ts';
import { unreadTopics } from './unread-topics.ts';

export interface EmbeddedBrokerOptions {
  db: Handle;
  host: string;
  port: number;
  /** Listens with TLS too. */
  tls?: TlsFiles & { port: number };
  /** The addresses that devices can use, where they are more than the host. */
  reached?(): readonly string[];
  log: Log;
  door: Door;
  /** See Appender.ingest. */
  ingest(message: Incoming, settlement: Settlement): boolean;
  /** See Appender.refuse. */
  refuse(message: Incoming, why: Refusal, settlement: Settlement): boolean;
}

export interface EmbeddedBroker extends Broker {
  /** Where it listens; the port that was found, where 0 was asked for. */
  address(): { host: string; port: number; tls_port: number | null };
  /** Listens on one more address, on the same ports. */
  listenAlso(host: string): Promise<void>;
  /** Ends the connections of a device, whose rights are no longer what they were. */
  disconnect(identity: string): void;
  /** Ends its kept sessions too. */
  forget(identity: string): Promise<void>;
  /** Ends sessions that nobody took up for 30 days. */
  forgetUnseen(): Promise<void>;
}

/** What is swallowed goes here: Aedes acknowledges it, and nobody can be subscribed to it. */
const nowhere = '$SYS/taylordash/swallowed';
const nothing = Buffer.alloc(0);

type Packet = Parameters<Aedes['authorizePublish']>[1];

/** Who a message comes from: a client, or one that is gone and whose will it is. */
interface Sender {
  id: string;
  /** What it calls itself; null where that id was made up for it. */
  name: string | null;
  rights: Rights;
  gone(): boolean;
  /** Of QoS 2: is it the first that is passed on of what came again and again? */
  isFirst(): boolean;
}

/** Reads what was kept and starts listening. Only one server may do so on a database: the one that leads. */
export async function startEmbeddedBroker(options: EmbeddedBrokerOptions): Promise<EmbeddedBroker> {
  const { host, log, door } = options;
  const store = brokerStore(options.db, log);
  const state = await store.load();
  const clients = (): Readonly<Record<string, Client>> =>
    // Aedes' own table; its types leave it out.
    (aedes as unknown as { clients: Readonly<Record<string, Client>> }).clients;
  const admissions = embeddedAdmissions({
    ...{ door, log },
    connected: (client_id) => clients()[client_id],
    ownerOf: (client_id) => kept.ownerOf(client_id),
  });
  const { identityOf, rightsOf, nameOf } = admissions;
  const granted = grantedFilters((client, packet) => kept.waitsAs(client, packet));
  const kept = keptPersistence({
    ...{ store, state, log },
    identityOf,
    mayBeSent(identity, client_id, topic) {
      const owner = door.rightsOf(identity);
      return owner !== null && mayRead(owner, topic, client_id);
    },
    isGranted: granted.has,
    onSubscribed: () => unread.forget(),
    isConnected: (client_id) => clients()[client_id] !== undefined,
    cutOff: (client_id) => clients()[client_id]?.close(),
  });
  const aedes = new Aedes({
    persistence: kept.persistence,
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

  aedes.preConnect = admissions.preConnect;
  aedes.authenticate = admissions.authenticate;

  /** `done` is called when the message may be acknowledged and passed on; what is not to be passed on was made nothing of. */
  function take({ id, name, rights: its, gone, isFirst }: Sender, packet: Packet, done: () => void): void {
    const { topic, qos, retain } = packet;
    const verdict = verdictOn(its, topic);
    const message = { topic, payload: bytesOf(packet), qos, retain };
    // A client id is what a client calls itself; only an account is an identity.
    const incoming = { topic, bytes: message.payload, qos, retain, client_id: name, identity: its.identity };
    const drop = () => {
      // Aedes would close the connection on an error, for the same again.
      swallow(packet);
      done();
    };
    // Not acknowledged, so it is sent again. The connection ends, because what came after it waits for its turn.
    const cutOff = () => clients()[id]?.close();
    /** Ends with everything written that it leaves behind. */
    const pass = () => {
      // Acknowledged when everything is written that the first left behind.
      if (!isFirst()) return void store.settled().then(done);
      door.heard(its, message);
      const keeping = unread.isUnread(packet) ? null : kept.keep(packet);
      if (keeping === null) done();
      else keeping.then(done, done);
    };
    if (verdict.why !== null) door.refused(its, `${verdict.why}: ${topic.slice(0, 200)}`);
    switch (verdict.becomes) {
      case 'drop':
        drop();
        break;
      case 'bury':
        if (!options.refuse(incoming, notAllowed(its, topic), { settle: drop, abandoned: gone })) cutOff();
        break;
      case 'pass':
        pass();
        break;
      case 'store':
      case 'store_alone': {
        const settle = (outcome: Outcome) => {
          if (outcome === 'dead' || verdict.becomes === 'store_alone') swallow(packet);
          pass();
        };
        if (!options.ingest(incoming, { settle, abandoned: gone })) cutOff();
      }
    }
  }

  publishInOrder(aedes);
  const unread = unreadTopics(aedes, kept.isWaitedFor);
  const acknowledge = embeddedAcks(() => aedes.connectedClients);

  aedes.authorizePublish = (client, packet, done) => {
    if (client === null) return done(null);
    const wasClosed = closed(client);
    const gone = () => !wasClosed && closed(client);
    const isFirst = packet.qos === 2 && !wasClosed ? kept.arrives(client, packet) : () => true;
    const sender = { id: client.id, name: nameOf(client), rights: rightsOf(client), gone, isFirst };
    // Aedes would fail on the acknowledgement and never pass the event on; of QoS 2 it passes it on first.
    const passOn = () => (gone() && packet.qos !== 2 ? aedes.publish(packet, () => undefined) : done(null));
    if (packet.qos !== 1 || wasClosed || packet.messageId === undefined) return take(sender, packet, passOn);
    // Aedes acknowledges each alone, when it is done with it, and reads on then: here it gets to see what needs neither.
    const message = { ...packet };
    swallow(packet);
    packet.qos = 0;
    const settle = acknowledge(client, {
      ...{ message_id: packet.messageId, bytes: message.payload.length },
      passOn: (over) => aedes.publish(message, over),
      readOn() {
        if (!gone()) done(null);
      },
    });
    take(sender, message, settle);
  };
  aedes.authorizeSubscribe = (client, subscription, done) => {
    const { topic } = subscription;
    if (topic === noFilter) return done(null, null);
    const allowed = maySubscribe(rightsOf(client), topic, client.id);
    const taken = allowed ? granted.grant(client, subscription) : null;
    const why = allowed ? 'it has as many subscriptions as a client may' : 'it may not subscribe there';
    if (taken === null) door.refused(rightsOf(client), `${why}: ${topic.slice(0, 200)}`);
    done(null, taken);
  };
  aedes.on('unsubscribe', (filters, client) => granted.leave(client, filters));
  aedes.authorizeForward = (client, packet) =>
    mayRead(rightsOf(client), packet.topic, client.id) && !kept.holds(client, packet) ? packet : null;
  aedes.on('clientDisconnect', (client) => {
    door.left(identityOf(client), client.id);
    const owner = kept.ownerOf(client.id);
    if (owner !== null) store.session(client.id, owner);
  });
  aedes.on('clientError', () => undefined);
  aedes.on('connectionError', () => undefined);
  await aedes.listen();

  const publish: Broker['publish'] = async ({ topic, payload, retain = false }) => {
    if (levelsOf(topic) > mostLevels) return;
    const packet = { cmd: 'publish', qos: 1 as const, dup: false, topic, payload: Buffer.from(payload), retain };
    await kept.keep(packet);
    await new Promise<void>((resolve, reject) => {
      aedes.publish({ ...packet, cmd: 'publish' }, (error) => (error ? reject(error) : resolve()));
    });
  };

  /** What clients left behind that were connected when the server was killed. */
  async function executeWills(state: KeptState): Promise<void> {
    await Promise.all(
      state.wills.map((will) => {
        store.will(will.client_id, null);
        const its = door.rightsOf(will.identity);
        return its === null ? undefined : executeWill(will, its);
      }),
    );
  }
  function executeWill(will: KeptWill, its: Rights): Promise<void> {
    const { client_id, topic, payload, qos, retain } = will;
    // A will's service is one of MQTT's three.
    const packet = { cmd: 'publish', topic, payload, qos: qos as 0 | 1 | 2, retain, dup: false } as const;
    return new Promise((resolve) => {
      const copy: Packet = { ...packet };
      const sender = { id: client_id, name: client_id, rights: its, gone: () => false, isFirst: () => true };
      take(sender, copy, () => aedes.publish(copy, () => resolve()));
    });
  }

  const listener = mqttListener(log, (socket) => void aedes.handle(socket));
  const close = async () => {
    listener.close();
    await publish({ topic: statusTopic, payload: statusPayload('offline'), retain: true }).catch(() => undefined);
    await new Promise<void>((resolve) => aedes.close(() => resolve()));
    listener.destroyAll();
    await store.stop(2000);
  };
  await executeWills(state);
  let port: number;
  let tls_port: number | null = null;
  try {
    port = await listener.listen(host, options.port);
    if (options.tls) tls_port = await listener.listen(host, options.tls.port, options.tls);
  } catch (error) {
    await close();
    throw error;
  }
  await publish({ topic: statusTopic, payload: statusPayload('online'), retain: true });

  const disconnect = (identity: string) => {
    const all = [...Object.values(clients()), ...admissions.arriving()];
    for (const client of all) if (identityOf(client) === identity) client.close();
  };
  return {
    publish,
    address: () => ({ host, port, tls_port }),
    async listenAlso(address) {
      await listener.listen(address, port);
      if (options.tls && tls_port !== null) await listener.listen(address, tls_port, options.tls);
    },
    disconnect,
    async forget(identity) {
      disconnect(identity);
      await kept.forgetAll(identity);
    },
    forgetUnseen: kept.forgetUnseen,
    health(): PartHealth {
      const { sessions, queued } = kept.counts();
      const at = (options.reached?.() ?? [host]).map((address) => `${address}:${port}`).join(', ');
      const connected = aedes.connectedClients;
      return {
        state: 'healthy',
        detail: `embedded, on ${at}, ${connected} ${connected === 1 ? 'client' : 'clients'}; ${sessions} kept ${sessions === 1 ? 'session' : 'sessions'}, ${queued} messages wait for them`,
      };
    },
    lead: () => undefined,
    rest: () => undefined,
    close,
  };
}

function notAllowed({ name }: Rights, topic: string): Refusal {
  return { reason_code: 'not_allowed', failure_reason: `${name} may not publish on ${topic}.`, stage: 'validate' };
}

/** Makes Aedes acknowledge the packet and deliver nothing. */
function swallow(packet: Packet): void {
  packet.topic = nowhere;
  packet.payload = nothing;
  packet.retain = false;
}
