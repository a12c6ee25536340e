// SQL of how many events there were when, and of producers that lost some.
import type { EventCondition } from '@taylordash/core/event-filter';
import { sql } from 'kysely';
import { type Handle, queryText } from '../../db/transaction.ts';
import { visibleTo } from '../../events/stream-queries.ts';
import { conditionsOf } from './filter-sql.ts';

export interface Counted {
  bucket: number;
  kind: string;
  source: string;
  count: number;
}

/** What counts of the events in a time. */
export interface Wanted {
  conditions: readonly EventCondition[];
  viewer_id: string | null;
}

const whereOf = ({ conditions, viewer_id }: Wanted) =>
  sql.join([...(viewer_id === null ? [] : [visibleTo(viewer_id)]), sql`true`, ...conditionsOf(conditions)], sql` and `);

/** When the oldest kept event was stored, in milliseconds; null where there is none. Index events_mirror_pkey from its start. */
export async function oldestAt(handle: Handle): Promise<number | null> {
  const { rows } = await sql<{ at: number }>`
    select extract(epoch from created_at)::float8 * 1000 as at from public.events_mirror order by id limit 1`.execute(
    handle,
  );
  return rows[0]?.at ?? null;
}

/** The first id at or after each moment (milliseconds): one past the newest where there is none. Index idx_events_mirror_created_at. */
export async function idsAt(handle: Handle, moments: readonly number[]): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    select coalesce(
      (select e.id from public.events_mirror e where e.created_at >= to_timestamp(m.at / 1000.0) order by e.created_at limit 1),
      taylordash.newest_event_id() + 1)::float8 as id
    from unnest(${moments}::float8[]) with ordinality as m (at, place) order by m.place`.execute(handle);
  return rows.map((row) => row.id);
}

/** Every event of the time, counted. Index idx_events_mirror_created_at. */
export async function countAll(
  handle: Handle,
  wanted: Wanted,
  { from, to, width }: { from: number; to: number; width: number },
): Promise<Counted[]> {
  const { rows } = await sql<Counted>`
    select floor((extract(epoch from e.created_at)::float8 * 1000 - ${from}::float8) / ${width}::float8)::int as bucket,
      e.payload->>'kind' as kind, e.source, count(*)::int as count
    from public.events_mirror e
    where e.created_at >= to_timestamp(${from}::float8 / 1000) and e.created_at < to_timestamp(${to}::float8 / 1000)
      and ${whereOf(wanted)}
    group by 1, 2, 3`.execute(handle);
  return rows;
}

export interface Span {
  bucket: number;
  /** First id, how many there may be, and how many to look at. */
  first: number;
  span: number;
  looks: number;
}

/** Events at even steps of ids, counted. Index events_mirror_pkey, one look each: a subquery, because a join might read it all. */
export async function countSome(handle: Handle, wanted: Wanted, spans: readonly Span[]): Promise<Counted[]> {
  const { rows } = await sql<Counted>`
    select s.bucket, f.kind, f.source, count(*)::int as count
    from unnest(${spans.map(({ bucket }) => bucket)}::int[], ${spans.map(({ first }) => first)}::int8[],
      ${spans.map(({ span }) => span)}::int8[], ${spans.map(({ looks }) => looks)}::int8[]) as s (bucket, first, span, looks)
    cross join lateral generate_series(0, s.looks - 1) as n
    cross join lateral (
      select e.payload->>'kind' as kind, e.source from public.events_mirror e
      where e.id = s.first + n * s.span / s.looks and ${whereOf(wanted)} offset 0
    ) f group by 1, 2, 3`.execute(handle);
  return rows;
}

/** JSON text of producers, those with a loss first, and sums over all. Index idx_producers_last_lost_at; the sums read each row. */
export async function producersJson(handle: Handle, limit: number): Promise<string> {
  const json = await queryText(
    handle,
    `select json_build_object(
       'producers', (select count(*) from taylordash.producers),
       'missing', (select coalesce(least(sum(missing), 9007199254740991), 0)::int8 from taylordash.producers),
       'items', coalesce((select json_agg(json_build_object(
           'source', p.source, 'publisher', p.publisher, 'producer_id', p.producer_id, 'client_id', p.client_id,
           'topic', p.topic, 'first', p.first_seq, 'next', p.next_seq, 'received', p.received, 'missing', p.missing,
           'repeated', p.repeated, 'restarts', p.restarts, 'last_seen_at', taylordash.iso(p.last_seen_at),
           'last_lost_at', taylordash.iso(p.last_lost_at),
           'ranges', (select coalesce(json_agg(r.range order by r.closed, r.place), '[]') from (
               select range, 0 as closed, -place as place from jsonb_array_elements(p.open_ranges) with ordinality o (range, place)
               union all
               select range, 1, place from jsonb_array_elements(p.closed_ranges) with ordinality o (range, place)
               order by 2, 3 limit 50) r)))
         from (select * from taylordash.producers order by last_lost_at desc nulls last, last_seen_at desc limit $1) p), '[]')
     )::text`,
    [limit],
  );
  return json ?? '{}';
}
