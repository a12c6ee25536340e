// SQL of a project's activity: which changes it saw, the newest first, and what each of them told.
import { eventKinds } from '@taylordash/core/events';
import { type RawBuilder, sql } from 'kysely';
import type { Handle } from '../../db/transaction.ts';

export interface ActivityFilter {
  limit?: number;
  cursor?: string;
  entity_id?: string;
  actor_id?: string;
}

/** What an event is about beside its own entity: the component of a task, or what a dependency waits for. Index idx_events_mirror_related. */
const related = (event: string) =>
  `coalesce(${event}.payload #>> '{payload,entity,depends_on_id}', ${event}.payload #>> '{payload,entity,component_id}')`;

/** Facts of ours that people read as activity: what was moved on the canvas is left out. */
const readable = (event: string) => `${event}.source = 'server' and ${event}.change_id is not null
  and (starts_with(${event}.topic, 'tracker/events/projects/') or starts_with(${event}.topic, 'tracker/events/components/')
    or starts_with(${event}.topic, 'tracker/events/tasks/'))
  and ${event}.topic <> 'tracker/events/components/moved'`;

/** The condition on event `e`; or on `n`, an event of a change that is known, which no other index is to look for. */
function matching(event: 'e' | 'n', project_id: string, { entity_id, actor_id }: ActivityFilter): RawBuilder<unknown> {
  const equals = event === 'e' ? sql`=` : sql`is not distinct from`;
  const conditions = [sql`${sql.ref(`${event}.project_id`)} ${equals} ${project_id}::uuid`, sql.raw(readable(event))];
  if (entity_id !== undefined) {
    conditions.push(
      sql`(${sql.ref(`${event}.entity_id`)} = ${entity_id}::uuid or ${sql.raw(related(event))} = ${entity_id.toLowerCase()})`,
    );
  }
  if (actor_id !== undefined) conditions.push(sql`${sql.ref(`${event}.actor_id`)} = ${actor_id}::uuid`);
  return sql.join(conditions, sql` and `);
}

export interface ActivityHead {
  /** Its newest event that matches. */
  id: string;
  change_id: string;
}

/**
 * Up to `most` changes whose newest matching event lies below `before`, the newest first. Walks the project's events downwards
 * and looks at each change once: the rest of a large one is passed over by its rows' change_id alone. Index
 * idx_events_mirror_project; idx_events_mirror_change for whether what is met first begins above `before`. No lock.
 */
export async function projectChanges(
  handle: Handle,
  project_id: string,
  filter: ActivityFilter,
  before: string,
  most: number,
): Promise<ActivityHead[]> {
  const isHead = sql`(not exists (select from public.events_mirror n
    where n.change_id = e.change_id and n.id >= ${before}::bigint and ${matching('n', project_id, filter)}))::int`;
  const { rows } = await sql<ActivityHead>`
    with recursive walk as (
      (select e.id, e.change_id, array[e.change_id] as seen, ${isHead} as head, ${isHead} as heads
        from public.events_mirror e where ${matching('e', project_id, filter)} and e.id < ${before}::bigint
        order by e.id desc limit 1)
      union all
      select x.id, x.change_id, w.seen || x.change_id, x.head, w.heads + x.head
      from walk w cross join lateral (
        select e.id, e.change_id, ${isHead} as head
        from public.events_mirror e where ${matching('e', project_id, filter)} and e.id < w.id and e.change_id <> all(w.seen)
        order by e.id desc limit 1
      ) x
      where w.heads < ${most}
    )
    select id::text as id, change_id::text as change_id from walk where head = 1 order by walk.id desc`.execute(handle);
  return rows;
}

/** The same of one entity, all of whose events are read: idx_events_mirror_entity and _related. */
export async function entityChanges(
  handle: Handle,
  project_id: string,
  filter: ActivityFilter & { entity_id: string },
  before: string,
  most: number,
): Promise<ActivityHead[]> {
  const { entity_id, ...others } = filter;
  const matched = sql`select e.id, e.change_id from public.events_mirror e where ${matching('e', project_id, others)}`;
  const { rows } = await sql<ActivityHead>`
    with matched as materialized (
      ${matched} and e.entity_id = ${entity_id}::uuid
      union ${matched} and ${sql.raw(related('e'))} = ${entity_id.toLowerCase()}
    )
    select max(id)::text as id, change_id::text as change_id from matched group by change_id
    having max(id) < ${before}::bigint order by max(id) desc limit ${most}`.execute(handle);
  return rows;
}

/** The kind that a topic of ours stands for: read from a column of its own, and not out of each payload. */
const kindOf = `case n.topic ${Object.entries(eventKinds)
  .map(([kind, { topic }]) => `when '${topic}' then '${kind}'`)
  .join(' ')} end`;

/** Most events of a change that an entry shows. */
const mostEvents = 20;

/**
 * The entries of activity whose newest events these are, in that order, as the JSON text of an array. A change is taken back
 * where its undo was not itself taken back. No lock; events_mirror_pkey, idx_events_mirror_change and _undoes. Ordered by `id + 0`
 * since the planner would walk all events by their ids instead, in vain for each change that nobody took back.
 */
export async function describeChanges(
  handle: Handle,
  project_id: string,
  filter: ActivityFilter,
  ids: readonly string[],
): Promise<string> {
  const { rows } = await sql<{ json: string }>`
    select coalesce(json_agg(json_build_object(
        'change_id', h.change_id, 'trace_id', h.trace_id, 'at', taylordash.iso((h.payload->>'ts')::timestamptz),
        'actor', h.payload #> '{payload,actor}', 'undoes', h.payload #>> '{payload,undoes}', 'undone_by', back.change_id,
        'events_total', told.total, 'counts', counted.counts, 'events', told.events
      ) order by wanted.n), '[]')::text as json
    from unnest(${ids}::bigint[]) with ordinality as wanted (id, n)
      join public.events_mirror h on h.id = wanted.id
      cross join lateral (
        select count(*) as total, json_agg(json_build_object(
            'id', v.id::text, 'kind', v.payload->>'kind', 'entity_id', v.entity_id,
            'name', coalesce(v.payload #>> '{payload,entity,component_name}', v.payload #>> '{payload,entity,name}', ''),
            'other_name', v.payload #>> '{payload,entity,depends_on_name}',
            'component_id', case when starts_with(v.topic, 'tracker/events/tasks/')
              then v.payload #>> '{payload,entity,component_id}' end,
            'changed', coalesce(v.payload #> '{payload,changed}', '{}')
          ) order by v.id) filter (where v.place <= ${mostEvents}) as events
        from (
          select n.*, row_number() over (order by n.id) as place from public.events_mirror n
          where n.change_id = h.change_id and ${matching('n', project_id, filter)}
        ) v
      ) told
      cross join lateral (
        select json_object_agg(k.kind, k.count order by k.first) as counts from (
          select ${sql.raw(kindOf)} as kind, count(*) as count, min(n.id) as first from public.events_mirror n
          where n.change_id = h.change_id and ${matching('n', project_id, filter)} group by n.topic
        ) k
      ) counted
      left join lateral (
        with recursive chain (change_id, depth) as (
          select h.change_id, 0
          union all
          select (select u.change_id from public.events_mirror u
            where u.source = 'server' and u.payload #>> '{payload,undoes}' = c.change_id::text order by u.id + 0 desc limit 1), c.depth + 1
          from chain c where c.change_id is not null and c.depth < 1000
        )
        select (select change_id from chain where depth = 1) as change_id
        where (select max(depth) from chain where change_id is not null) % 2 = 1
      ) back on true`.execute(handle);
  return rows[0]?.json ?? '[]';
}
