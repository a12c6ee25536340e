// Reads the mirror by a cursor of its own while this server leads, in order, each event at least once, from where it was.
import { setTimeout as pause } from 'node:timers/promises';
import { type RawBuilder, sql } from 'kysely';
import type { Log } from '../db/log.ts';
import type { Handle } from '../db/transaction.ts';
import { messageOf } from './leader.ts';

export interface ReadEvent {
  id: string;
  topic: string;
  /** The envelope as JSON text. */
  envelope: string;
  source: 'server' | 'mqtt' | 'http';
  client_id: string | null;
  project_id: string | null;
  entity_id: string | null;
  actor_id: string | null;
}

export interface ReaderOptions {
  db: Handle;
  log: Log;
  /** Of its cursor. */
  name: string;
  /** What it does, for the log: `events cannot be …`. */
  verb: string;
  /** Which events `e` it is given; the others are passed over. */
  where: RawBuilder<unknown>;
  /** Whether these are among what came out of the outbox alone: then nothing else wakes it. */
  ours: boolean;
  batch?: number;
  /** Where it begins the first time: with the oldest event or with what comes from then on. */
  begin: 'oldest' | 'newest';
  /** Called with some events in order. Where it throws, it is called again with the same. */
  handle(events: readonly ReadEvent[]): Promise<void>;
}

export interface Reader {
  /** Something was appended; `ours` where it came from the outbox. */
  wake(ours: boolean): void;
  lead(): void;
  rest(): void;
  /** Waits until what is due was handled, for so long at the most. */
  settle(milliseconds: number): Promise<void>;
  status(): { position: string | null; failing: string | null };
  stop(): Promise<void>;
}

const pollEvery = 1000;
const retryEvery = 500;
/** One that messages wake looks so often at the most, in milliseconds: they come in hundreds of batches a second. */
const lookEvery = 10;
/** The same where it goes on finding nothing for it. */
const lookInVainEvery = 80;
/** How often the cursor moves past events that are not for it, in milliseconds. */
const passEvery = 1000;
/** Ids that one step looks through. */
const stepIds = 50_000;

export function startReader(options: ReaderOptions): Reader {
  const { db, log, name, verb, where, batch = 200 } = options;
  let leading = false;
  /** Raised with each lead: what was begun in an earlier one knows no longer where others came to. */
  let term = 0;
  let stopped = false;
  let position: string | null = null;
  /** What the cursor was raised to last, and when. */
  let raised: string | null = null;
  let raisedAt = 0;
  let failing: string | null = null;
  let due = true;
  let stepping = false;
  let wakeUp: () => void = () => undefined;
  const ring = () => {
    due = true;
    wakeUp();
  };

  async function raise(to: string): Promise<void> {
    await raiseCursor(db, name, to);
    raised = to;
    raisedAt = performance.now();
  }
  const passDue = () => performance.now() - raisedAt > passEvery;

  /** Returns whether there may be more, and how many it was given. */
  async function step(): Promise<{ more: boolean; found: number }> {
    const nothing = { more: false, found: 0 };
    const mine = term;
    const over = () => !leading || term !== mine;
    const from = position ?? (await readCursor(db, name, options.begin));
    const reach = await readReach(db, from);
    if (over()) return nothing;
    if (position === null) raised = from;
    position = from;
    if (BigInt(reach) <= BigInt(from)) {
      if (raised !== from && passDue()) await raise(from);
      return nothing;
    }
    const events = await readBatch(db, from, reach, where, batch);
    if (over()) return nothing;
    const found = events.length;
    if (found > 0) await options.handle(events);
    if (over()) return nothing;
    const full = found === batch;
    const done = full ? (events.at(-1)?.id ?? reach) : reach;
    if (found > 0 || passDue()) await raise(done);
    if (over()) return nothing;
    position = done;
    return { found, more: full || BigInt(reach) - BigInt(from) === BigInt(stepIds) };
  }

  async function run(): Promise<void> {
    let between = lookEvery;
    let looked = 0;
    while (!stopped) {
      if (!leading || !due) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(() => {
            due = true;
            resolve();
          }, pollEvery);
          wakeUp = () => {
            clearTimeout(timer);
            resolve();
          };
        });
        continue;
      }
      // After a while without messages it looks soon: one that is for it is not to wait for the many that were not.
      if (!options.ours) await pause(Math.max(lookEvery, between - (performance.now() - looked)));
      due = false;
      stepping = true;
      try {
        const { more, found } = await step();
        if (more) due = true;
        between = found > 0 || more ? lookEvery : Math.min(2 * between, lookInVainEvery);
        looked = performance.now();
        if (failing !== null) log.info(`events are ${verb} again`);
        failing = null;
      } catch (error) {
        if (failing === null) log.warn(`events cannot be ${verb}, trying again: ${messageOf(error)}`);
        failing = messageOf(error);
        due = true;
        await pause(retryEvery);
      }
      stepping = false;
    }
  }
  const running = run();

  return {
    wake(ours) {
      if (ours || !options.ours) ring();
    },
    lead() {
      leading = true;
      term++;
      position = null;
      ring();
    },
    rest() {
      leading = false;
    },
    async settle(milliseconds) {
      const until = performance.now() + milliseconds;
      while (leading && failing === null && (due || stepping) && performance.now() < until) await pause(5);
    },
    status: () => ({ position, failing }),
    async stop() {
      stopped = true;
      leading = false;
      wakeUp();
      await running;
    },
  };
}

/** Index cursors_pkey, and events_mirror_pkey from its end where the cursor is new. Locks the row it makes. */
async function readCursor(db: Handle, name: string, begin: ReaderOptions['begin']): Promise<string> {
  const { rows } = await sql<{ position: string }>`
    select position::text as position from taylordash.cursors where name = ${name}`.execute(db);
  if (rows[0] || begin === 'oldest') return rows[0]?.position ?? '0';
  const newest = await sql<{ position: string }>`
    insert into taylordash.cursors (name, position) select ${name}, coalesce(max(id), 0) from public.events_mirror
    on conflict (name) do update set position = cursors.position returning position::text as position`.execute(db);
  return newest.rows[0]?.position ?? '0';
}

/** No lock; index events_mirror_pkey from its end. How far one step goes at the most: everything up to there is committed. */
async function readReach(db: Handle, after: string): Promise<string> {
  const { rows } = await sql<{ reach: string }>`
    select least(coalesce(max(id), 0), ${after}::bigint + ${stepIds})::text as reach from public.events_mirror`.execute(
    db,
  );
  return rows[0]?.reach ?? after;
}

/** No lock; index events_mirror_pkey; ascending. */
async function readBatch(
  db: Handle,
  after: string,
  reach: string,
  where: RawBuilder<unknown>,
  limit: number,
): Promise<ReadEvent[]> {
  const { rows } = await sql<ReadEvent>`
    select e.id::text as id, e.topic, e.payload::text as envelope, e.source, e.client_id, e.project_id::text as project_id,
      e.entity_id::text as entity_id, e.actor_id::text as actor_id
    from public.events_mirror e
    where e.id > ${after}::bigint and e.id <= ${reach}::bigint and ${where} order by e.id limit ${limit}`.execute(db);
  return rows;
}

/** Locks the one row; never moves it back. Not made safe at once: lost, it is as if the server had been killed before. */
async function raiseCursor(db: Handle, name: string, position: string): Promise<void> {
  await sql`
    with lazily as (select set_config('synchronous_commit', 'off', true))
    insert into taylordash.cursors (name, position) select ${name}, ${position}::bigint from lazily
    on conflict (name) do update set position = greatest(cursors.position, excluded.position)`.execute(db);
}
