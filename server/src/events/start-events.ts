// Puts the event side together: lock, appender, broker, relay, live streams, housekeeping. Started and stopped by app.ts.
import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Database } from '../db/database.ts';
import type { Log } from '../db/log.ts';
import { type Appender, type AppenderCounts, createAppender, type Refusal, type Settlement } from './appender.ts';
import type { Broker } from './broker.ts';
import type { WrittenDeadLetter } from './dead-letters.ts';
import { anonymousDoor, type Door, type Heard } from './door.ts';
import { doorbellOf } from './doorbell.ts';
import { type EmbeddedBroker, type EmbeddedBrokerOptions, startEmbeddedBroker } from './embedded-broker.ts';
import { connectExternalBroker, type WantedResponse } from './external-broker.ts';
import { startGapReader } from './gap-reader.ts';
import type { PartHealth } from './health.ts';
import { startHousekeeping } from './housekeeping.ts';
import { createHub, type Hub } from './hub.ts';
import { type Leader, startLeader } from './leader.ts';
import { type JoiningPart, ledParts } from './led-parts.ts';
import type { Incoming, RepeatedMessage } from './message.ts';
import { type Reader, type ReaderOptions, startReader } from './reader.ts';
import { startRelay } from './relay.ts';
import { signalClient } from './signal-client.ts';

export interface EventsOptions {
  database: Database;
  log: Log;
  /** The embedded broker's address, or the external one's. */
  mqtt: Pick<EmbeddedBrokerOptions, 'host' | 'port' | 'tls' | 'reached'> | { url: string; ca?: string };
  /** Who may connect to the embedded broker; anonymous clients of this machine by default. */
  door?: Door;
  /** Called with what an external broker passes on beside events. */
  onSignal?: (message: Heard) => void;
  /** See ExternalBrokerOptions. */
  wantsResponse?: (message: WantedResponse) => Promise<void>;
  heartbeat_every?: number;
  /** How long a start waits for another server's lock, in milliseconds. */
  lock_wait?: number;
}

export interface EventsHealth {
  leader: 'leading' | 'waiting' | 'unavailable' | 'stopped';
  broker: PartHealth;
  ingest: PartHealth;
  relay: PartHealth;
  /** Rows of the outbox that wait; null where the database is away. */
  outbox_backlog: number | null;
  /** Milliseconds since 1970; null before the first. */
  last_commit_at: number | null;
  counts: AppenderCounts;
}

export interface Events {
  /** Ring after each commit that wrote the outbox, on any server. */
  wake(): void;
  hub: Hub;
  health(): Promise<EventsHealth>;
  /** Does this server lead? */
  leads(): boolean;
  /** The embedded broker; null with an external one. */
  embedded: EmbeddedBroker | null;
  /** Listens to topics of an external broker that are no events; nothing with the embedded one, which sees them all. */
  watch(filters: readonly string[]): void;
  publish: Broker['publish'];
  /** Reads the mirror by a cursor of its own, where this server leads. */
  follow(options: Omit<ReaderOptions, 'db' | 'log'>): void;
  /** Stores a message of the server's own making as if it had arrived; nobody waits for it. */
  take(message: Incoming): void;
  /** Takes a message that somebody waits for; see Appender. */
  ingest: Appender['ingest'];
  /** Tells of messages that came again. */
  whenRepeated(handler: (message: RepeatedMessage) => void): void;
  /** Tells of messages that became dead letters. */
  whenBuried(handler: (letter: WrittenDeadLetter) => void): void;
  /** A part that works only while this server leads, and is stopped with the events. */
  join(part: JoiningPart): void;
  /** Keeps a message as a dead letter. */
  bury(message: Incoming, why: Refusal): void;
  /** Port of the embedded broker; null with an external one. */
  mqtt_port: number | null;
  stop(): Promise<void>;
}

/** Another server works on this database and has a broker of its own. */
export class SecondServer extends Error {
  override readonly name = 'SecondServer';
}

const nobodyWaits: Settlement = { settle: () => undefined, abandoned: () => false };

/** A server that was killed leaves its lock for as long as PostgreSQL takes to notice. */
const lockWait = 15_000;

/** Throws PortTaken or SecondServer with a message for the person who starts it. */
export async function startEvents(options: EventsOptions): Promise<Events> {
  const { database, log } = options;
  const doorbell = doorbellOf(database);
  const hub = createHub({
    db: database.app,
    log,
    ...(options.heartbeat_every === undefined ? {} : { heartbeat_every: options.heartbeat_every }),
  });
  const readers = new Set<Reader>();
  let onRepeated: (message: RepeatedMessage) => void = () => undefined;
  let onBuried: (letter: WrittenDeadLetter) => void = () => undefined;
  let notify: (letters: readonly WrittenDeadLetter[]) => void = () => undefined;
  const appender = createAppender({
    log,
    echoes: 'url' in options.mqtt,
    onAppended: (ours) => {
      hub.wake();
      for (const reader of readers) reader.wake(ours);
      doorbell.ring('taylordash_events');
    },
    onRepeated: (message) => onRepeated(message),
    onDeadLetters: (letters) => notify(letters),
  });
  const housekeeping = startHousekeeping({ db: database.app, log });
  const led = ledParts();
  led.add(appender);
  led.add(housekeeping);
  const gaps = startGapReader({ db: database.app, log });
  led.add(gaps);
  const leader = startLeader({ database, log, onLead: led.lead, onLost: led.rest });
  const unlisten = await Promise.all([
    database.listen('taylordash_outbox', () => appender.wake()),
    database.listen('taylordash_events', () => hub.wake()),
  ]);
  const stops: (() => Promise<unknown>)[] = [];

  async function stop(): Promise<void> {
    hub.close();
    await Promise.all(unlisten.map((end) => end().catch(() => undefined)));
    await appender.flush(3000);
    for (const step of stops.splice(0).reverse()) await step();
    await appender.flush(1000);
    await housekeeping.stop();
    await gaps.stop();
    await leader.stop();
    await doorbell.stop();
  }

  const { broker, embedded } = await openBroker(options, appender, leader).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  stops.push(() => broker.close());
  led.add(broker);
  const join = (part: JoiningPart) => {
    stops.push(() => part.stop());
    led.add(part);
  };
  const { onSignal = () => undefined, mqtt } = options;
  const signals = 'url' in mqtt ? signalClient({ ...mqtt, log, onSignal }) : null;
  if (signals) join(signals);
  notify = (letters) => {
    for (const letter of letters) {
      if (!letter.muted) void broker.publish(noticeOf(letter)).catch(() => undefined);
      onBuried(letter);
    }
  };
  const relay = startRelay({ db: database.app, broker, log });
  stops.push(async () => {
    await relay.settle(1000);
    await relay.stop();
  });
  readers.add(relay);
  led.add(relay);

  return {
    hub,
    leads: () => leader.state() === 'leading',
    embedded,
    watch: (filters) => signals?.watch(filters),
    publish: broker.publish,
    follow(reading) {
      const reader = startReader({ ...reading, db: database.app, log });
      readers.add(reader);
      join(reader);
    },
    take: (message) => void appender.ingest(message, nobodyWaits),
    ingest: appender.ingest,
    whenRepeated(handler) {
      onRepeated = handler;
    },
    whenBuried(handler) {
      onBuried = handler;
    },
    join,
    bury: appender.bury,
    mqtt_port: embedded?.address().port ?? null,
    wake() {
      if (leader.state() === 'leading') appender.wake();
      else doorbell.ring('taylordash_outbox');
    },
    async health() {
      const { failing, last_commit_at, counts, waiting } = appender.status();
      const leads = leader.state() === 'leading';
      const { failing: relayFailing, position } = relay.status();
      const { rows } = await sql<{ backlog: string }>`select count(*)::text as backlog from taylordash.outbox`
        .execute(database.app)
        .catch(() => ({ rows: [] }));
      return {
        leader: leader.state(),
        broker: broker.health(),
        ingest: ingestHealth(leader.state(), failing, waiting.messages),
        relay:
          relayFailing === null
            ? { state: 'healthy', detail: leads ? `published up to event ${position ?? '0'}` : 'another server relays' }
            : { state: 'degraded', detail: relayFailing },
        outbox_backlog: rows[0] === undefined ? null : Number(rows[0].backlog),
        last_commit_at,
        counts,
      };
    },
    stop,
  };
}

function ingestHealth(state: EventsHealth['leader'], failing: string | null, waiting: number): PartHealth {
  if (state === 'waiting') return { state: 'healthy', detail: 'another server stores events' };
  if (state !== 'leading') return { state: 'unavailable', detail: 'the database is away; acknowledgements are held' };
  if (failing !== null) return { state: 'unavailable', detail: `${failing}; acknowledgements are held` };
  return { state: 'healthy', detail: waiting === 0 ? 'everything is stored' : `${waiting} messages wait` };
}

/** With an embedded broker only one server works on a database, and it reads what the broker kept once it leads. */
async function openBroker(
  { database, log, mqtt, door = anonymousDoor(() => true), lock_wait = lockWait, wantsResponse }: EventsOptions,
  appender: Appender,
  leader: Leader,
): Promise<{ broker: Broker; embedded: EmbeddedBroker | null }> {
  const { ingest, refuse } = appender;
  if ('url' in mqtt) {
    const client_id = await sessionName(database);
    return {
      broker: connectExternalBroker({ ...mqtt, log, ingest, client_id, ...(wantsResponse ? { wantsResponse } : {}) }),
      embedded: null,
    };
  }
  if (!(await leader.settled(lock_wait)) && leader.state() === 'waiting') {
    throw new SecondServer(
      'Another TaylorDash server works on this database. Stop it first, or give both the same broker by MQTT_URL.',
    );
  }
  const embedded = await startEmbeddedBroker({ ...mqtt, db: database.app, log, door, ingest, refuse });
  return { broker: embedded, embedded };
}

/** The same for every server of one database, another for another: two databases on one broker do not take each other's place. */
async function sessionName(database: Database): Promise<string> {
  const { rows } = await sql<{ name: string }>`
    select current_database() || ' ' || (select min(applied_at)::text from taylordash.schema_migrations) as name`.execute(
    database.app,
  );
  return `taylordash-${createHash('sha256')
    .update(rows[0]?.name ?? '')
    .digest('hex')
    .slice(0, 12)}`;
}

/** A notice on tracker/dlq/{original topic}; a topic that could not be published on is cut to what could. */
function noticeOf({ muted: _muted, ...letter }: WrittenDeadLetter): { topic: string; payload: string } {
  const topic = letter.topic
    .replace(/[+#\p{Cc}]/gu, '_')
    .split('/')
    .slice(0, 50)
    .join('/')
    .slice(0, 200);
  return { topic: `tracker/dlq/${topic}`, payload: JSON.stringify(letter) };
}
