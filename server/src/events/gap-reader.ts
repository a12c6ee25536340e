// Counts the numbers of producers: the leader reads the mirror once for it, in steps, each one transaction with its cursor.
import { countNumber, type GapRange, type GapState, lastLostAt } from '@taylordash/core/gaps';
import { sql } from 'kysely';
import type { Log } from '../db/log.ts';
import { type Handle, transaction } from '../db/transaction.ts';
import { type JoiningPart, ledWork } from './led-parts.ts';

/** The least time between two steps that found an end, in milliseconds. */
const countEvery = 1000;
const cursorName = 'gap-meter';
/** Ids that one step looks through. */
const stepIds = 20_000;
/** Producers that are kept: of more, those not heard for the longest time are forgotten. */
const mostProducers = 10_000;

export function startGapReader({ db, log }: { db: Handle; log: Log }): JoiningPart {
  return ledWork({
    every: countEvery,
    async work(leads) {
      while (leads() && (await countStep(db)));
    },
    complain: (message) => log.warn(`losses cannot be counted, trying again: ${message}`),
  });
}

interface NumberedRow {
  source: string;
  publisher: string;
  client_id: string | null;
  topic: string;
  producer_id: string;
  producer_seq: string;
  at: string;
}

interface ProducerRow extends Pick<NumberedRow, 'source' | 'publisher' | 'producer_id'> {
  first_seq: string;
  next_seq: string;
  received: string;
  missing: string;
  repeated: string;
  restarts: string;
  open_ranges: GapRange[];
  closed_ranges: GapRange[];
}

/** One step. Returns whether there may be more. A server that leads no longer waits for the cursor and finds it moved. */
export function countStep(db: Handle): Promise<boolean> {
  return transaction(db, async (tx) => {
    const { position, reach, newest } = await claim(tx);
    if (reach <= position) return false;
    const rows = await numbered(tx, position, reach);
    if (rows.length > 0) {
      const states = await statesOf(tx, rows);
      const known = states.size;
      const last = new Map<string, NumberedRow>();
      for (const row of rows) {
        const key = keyOf(row);
        states.set(key, countNumber(states.get(key) ?? null, Number(row.producer_seq), row.at));
        last.set(key, row);
      }
      await write(tx, [...last], states);
      if (states.size > known) await forgetSilent(tx);
    }
    await sql`update taylordash.cursors set position = ${String(reach)}::bigint where name = ${cursorName}`.execute(tx);
    return reach < newest;
  });
}

const keyOf = ({ source, publisher, producer_id }: Pick<NumberedRow, 'source' | 'publisher' | 'producer_id'>) =>
  JSON.stringify([source, publisher, producer_id]);

/** Locks the cursor, whose row is made where it is missing; index events_mirror_pkey from both ends. */
async function claim(tx: Handle): Promise<{ position: bigint; reach: bigint; newest: bigint }> {
  await sql`
    insert into taylordash.cursors (name, position) select ${cursorName}, coalesce(min(id) - 1, 0) from public.events_mirror
    on conflict do nothing`.execute(tx);
  const { rows } = await sql<{ position: string; newest: string }>`
    select c.position::text as position, (select coalesce(max(id), 0) from public.events_mirror)::text as newest
    from taylordash.cursors c where c.name = ${cursorName} for update of c`.execute(tx);
  const position = BigInt(rows[0]?.position ?? '0');
  const newest = BigInt(rows[0]?.newest ?? '0');
  const most = position + BigInt(stepIds);
  return { position, newest, reach: newest < most ? newest : most };
}

/** No lock; index events_mirror_pkey; ascending. Our own events have no numbers. */
async function numbered(tx: Handle, after: bigint, reach: bigint): Promise<NumberedRow[]> {
  const { rows } = await sql<NumberedRow>`
    select e.source, coalesce(e.actor_id::text, e.client_id, '') as publisher, e.client_id, e.topic,
      e.payload->>'producer_id' as producer_id, e.payload->>'producer_seq' as producer_seq, taylordash.iso(e.created_at) as at
    from public.events_mirror e
    where e.id > ${String(after)}::bigint and e.id <= ${String(reach)}::bigint and e.source <> 'server'
      and e.payload ? 'producer_seq' and e.payload ? 'producer_id' order by e.id`.execute(tx);
  return rows;
}

/** No lock but the cursor's, which everyone who writes these rows holds; index producers_pkey. */
async function statesOf(tx: Handle, events: readonly NumberedRow[]): Promise<Map<string, GapState>> {
  const distinct = [...new Map(events.map((row) => [keyOf(row), row])).values()];
  const { rows } = await sql<ProducerRow>`
    select p.source, p.publisher, p.producer_id, p.first_seq::text as first_seq, p.next_seq::text as next_seq,
      p.received::text as received, p.missing::text as missing, p.repeated::text as repeated, p.restarts::text as restarts,
      p.open_ranges, p.closed_ranges
    from unnest(${distinct.map((row) => row.source)}::text[], ${distinct.map((row) => row.publisher)}::text[],
      ${distinct.map((row) => row.producer_id)}::text[]) as n (source, publisher, producer_id)
    join taylordash.producers p using (source, publisher, producer_id)`.execute(tx);
  return new Map(
    rows.map((row) => [
      keyOf(row),
      {
        ...{ first: Number(row.first_seq), next: Number(row.next_seq), received: Number(row.received) },
        ...{ missing: Number(row.missing), repeated: Number(row.repeated), restarts: Number(row.restarts) },
        ...{ open: row.open_ranges, closed: row.closed_ranges },
      },
    ]),
  );
}

/** Locks the rows it writes; index producers_pkey. */
async function write(
  tx: Handle,
  last: readonly (readonly [string, NumberedRow])[],
  states: ReadonlyMap<string, GapState>,
): Promise<void> {
  const rows = last.flatMap(([key, row]) => {
    const state = states.get(key);
    return state === undefined ? [] : [rowOf(row, state)];
  });
  await sql`
    insert into taylordash.producers (source, publisher, producer_id, client_id, topic, first_seq, next_seq, received, missing,
      repeated, restarts, open_ranges, closed_ranges, last_seen_at, last_lost_at)
    select source, publisher, producer_id, client_id, topic, first_seq, next_seq, received, missing,
      repeated, restarts, open_ranges, closed_ranges, last_seen_at, last_lost_at
    from jsonb_populate_recordset(null::taylordash.producers, ${JSON.stringify(rows)}::jsonb)
    on conflict (source, publisher, producer_id) do update set client_id = excluded.client_id, topic = excluded.topic,
      first_seq = excluded.first_seq, next_seq = excluded.next_seq, received = excluded.received, missing = excluded.missing,
      repeated = excluded.repeated, restarts = excluded.restarts, open_ranges = excluded.open_ranges,
      closed_ranges = excluded.closed_ranges, last_seen_at = excluded.last_seen_at, last_lost_at = excluded.last_lost_at`.execute(
    tx,
  );
}

/** Locks the rows it deletes; index idx_producers_last_seen_at. */
async function forgetSilent(tx: Handle): Promise<void> {
  await sql`
    delete from taylordash.producers where ctid = any (array(
      select ctid from taylordash.producers order by last_seen_at desc offset ${mostProducers}))`.execute(tx);
}

function rowOf({ source, publisher, producer_id, client_id, topic, at }: NumberedRow, state: GapState) {
  return {
    ...{ source, publisher, producer_id, client_id, topic, last_seen_at: at, last_lost_at: lastLostAt(state) },
    ...{ first_seq: state.first, next_seq: state.next, received: state.received, missing: state.missing },
    ...{ repeated: state.repeated, restarts: state.restarts, open_ranges: state.open, closed_ranges: state.closed },
  };
}
