// SQL of changes: their events, who touched something since, and what a project's activity tells.
import { type RawBuilder, sql } from 'kysely';
import type { Handle } from '../../db/transaction.ts';
import type { ChangeEvent } from './effects.ts';

/** Holds off whoever would take the same change back, until the transaction ends. */
export async function lockChange(tx: Handle, change_id: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('undo ' || ${change_id}::text, 0))`.execute(tx);
}

/**
 * The server's events of a change in their order, also those that are not appended yet: one snapshot of both places. Indexes
 * idx_events_mirror_change and idx_outbox_change_id. `id` is null of what is not appended.
 */
export async function eventsOfChange(
  handle: Handle,
  change_id: string,
): Promise<(ChangeEvent & { id: string | null; topic: string })[]> {
  const { rows } = await sql<ChangeEvent & { id: string | null; topic: string }>`
    select case place when 0 then id::text end as id, topic, payload->>'kind' as kind, project_id::text as project_id,
      entity_id::text as entity_id, payload->'payload' as payload
    from (
      select 0 as place, id, topic, payload, project_id, entity_id from public.events_mirror
      where change_id = ${change_id}::uuid and source = 'server'
      union all
      select 1, id, topic, payload, project_id, entity_id from taylordash.outbox
      where change_id = ${change_id}::uuid and source = 'server'
    ) e order by place, e.id`.execute(handle);
  return rows;
}

/** How a conflict's cause is looked for. */
export interface Touch {
  entity: 'project' | 'component' | 'task';
  entity_id: string;
  field: string;
  project_id: string | null;
}

const relatedTo = sql`coalesce(e.payload #>> '{payload,entity,depends_on_id}', e.payload #>> '{payload,entity,component_id}')`;

/** Which events tell of it: each by an index of events_mirror (entity, related or project). */
function touching({ entity, entity_id, field, project_id }: Touch): RawBuilder<unknown> {
  const inside = entity === 'project' ? sql`e.project_id = ${entity_id}::uuid` : sql`${relatedTo} = ${entity_id}`;
  switch (field) {
    case 'tasks':
      return sql`${inside} and starts_with(e.topic, 'tracker/events/tasks/')`;
    case 'components':
      return sql`${inside} and e.topic = 'tracker/events/components/created'`;
    case 'dependencies':
      return sql`(${inside} or e.entity_id = ${entity_id}::uuid) and e.topic = 'tracker/events/components/dependency_added'`;
    case 'position':
      return sql`e.project_id = ${project_id}::uuid and e.topic = 'tracker/events/components/moved'
        and e.payload #> '{payload,entity,positions}' @> ${JSON.stringify([{ id: entity_id }])}::jsonb`;
    default:
      return sql`e.entity_id = ${entity_id}::uuid and e.payload #> '{payload,changed}' ? ${field}`;
  }
}

/** Who last touched it after the given event, and when; null where no event tells. */
export async function touchedSince(
  handle: Handle,
  after: string,
  touch: Touch,
): Promise<{ name: string; at: string } | null> {
  const { rows } = await sql<{ name: string; at: string }>`
    select e.payload #>> '{payload,actor,name}' as name, taylordash.iso((e.payload->>'ts')::timestamptz) as at
    from public.events_mirror e
    where e.id > ${after}::bigint and e.source = 'server' and ${touching(touch)}
    order by e.id desc limit 1`.execute(handle);
  return rows[0] ?? null;
}

/** Those of these users that exist. Primary key. */
export async function knownUsers(handle: Handle, ids: readonly string[]): Promise<Set<string>> {
  const { rows } = await sql<{ id: string }>`
    select id::text as id from taylordash.people where id = any(${ids}::uuid[])`.execute(handle);
  return new Set(rows.map(({ id }) => id));
}
