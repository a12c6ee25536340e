// Passes what happened here on to the bus: events of the server and of HTTP, in order, each at least once.
import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Log } from '../db/log.ts';
import type { Handle } from '../db/transaction.ts';
import type { Broker } from './broker.ts';
import { messageOf } from './leader.ts';

export interface RelayOptions {
  db: Handle;
  broker: Broker;
  log: Log;
}

export interface Relay {
  /** Something was appended. */
  wake(): void;
  lead(): void;
  rest(): void;
  /** Waits until what is due was published, for so long at the most. */
  settle(milliseconds: number): Promise<void>;
  status(): { position: string | null; failing: string | null };
  stop(): Promise<void>;
}

const cursorName = 'mqtt-relay';
const batchRows = 200;
const pollEvery = 1000;

/** Ids that one step looks through. */
const stepIds = 50_000;

interface Row {
  id: string;
  topic: string;
  envelope: string;
}

export function startRelay({ db, broker, log }: RelayOptions): Relay {
  let leading = false;
  let stopped = false;
  let position: string | null = null;
  let failing: string | null = null;
  let due = true;
  let stepping = false;
  let wakeUp: () => void = () => undefined;
  const ring = () => {
    due = true;
    wakeUp();
  };

  /** Returns whether there may be more. */
  async function step(): Promise<boolean> {
    position ??= await readCursor(db);
    const reach = await readReach(db, position);
    if (BigInt(reach) <= BigInt(position)) return false;
    const rows = await readBatch(db, position, reach);
    if (!leading) return false;
    // All under way at once; the broker keeps the order of one connection.
    await Promise.all(rows.map(({ topic, envelope }) => broker.publish({ topic, payload: envelope })));
    if (!leading) return false;
    const full = rows.length === batchRows;
    const done = full ? (rows.at(-1)?.id ?? reach) : reach;
    await raiseCursor(db, done);
    const more = full || BigInt(reach) - BigInt(position) === BigInt(stepIds);
    position = done;
    return more;
  }

  async function run(): Promise<void> {
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
      due = false;
      stepping = true;
      try {
        if (await step()) due = true;
        if (failing !== null) log.info('events are published to MQTT again');
        failing = null;
      } catch (error) {
        if (failing === null) log.warn(`events cannot be published to MQTT, trying again: ${messageOf(error)}`);
        failing = messageOf(error);
        due = true;
        await pause(500);
      }
      stepping = false;
    }
  }
  const running = run();

  return {
    wake: ring,
    lead() {
      leading = true;
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

/** No lock; index cursors_pkey. */
async function readCursor(db: Handle): Promise<string> {
  const { rows } = await sql<{ position: string }>`
    select position::text as position from taylordash.cursors where name = ${cursorName}`.execute(db);
  return rows[0]?.position ?? '0';
}

/** No lock; index events_mirror_pkey from its end. How far one step goes at the most: everything up to there is committed. */
async function readReach(db: Handle, after: string): Promise<string> {
  const { rows } = await sql<{ reach: string }>`
    select least(coalesce(max(id), 0), ${after}::bigint + ${stepIds})::text as reach from public.events_mirror`.execute(
    db,
  );
  return rows[0]?.reach ?? after;
}

/** No lock; index events_mirror_pkey; ascending. What others sent is passed over. */
async function readBatch(db: Handle, after: string, reach: string): Promise<Row[]> {
  const { rows } = await sql<Row>`
    select e.id::text as id, e.topic, e.payload::text as envelope from public.events_mirror e
    where e.id > ${after}::bigint and e.id <= ${reach}::bigint and e.source <> 'mqtt' order by e.id limit ${batchRows}`.execute(
    db,
  );
  return rows;
}

/** Locks the one row; never moves it back. */
async function raiseCursor(db: Handle, position: string): Promise<void> {
  await sql`
    insert into taylordash.cursors (name, position) values (${cursorName}, ${position}::bigint)
    on conflict (name) do update set position = greatest(cursors.position, excluded.position)`.execute(db);
}
