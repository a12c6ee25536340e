// SQL of one person's work: inbox, open tasks, and components that can be worked on.
import { CompiledQuery } from 'kysely';
import { waits } from '../../db/component-state.ts';
import type { Handle } from '../../db/transaction.ts';

/** The JSON of task `t` with component `c` and project `p`, either of which may be missing. */
const placedTask = `left(taylordash.task_json(t)::text, -1)
  || ',"project_id":' || coalesce(to_json(p.id)::text, 'null') || ',"project_name":' || coalesce(to_json(p.name)::text, 'null')
  || ',"component_name":' || coalesce(to_json(c.name)::text, 'null') || '}'`;

/** Most of each list: more than anybody reads in one go. */
const most = 500;

/** Index idx_tasks_inbox. */
const inbox = `
  select left(taylordash.task_json(t)::text, -1) || ',"project_id":null,"project_name":null,"component_name":null}' as json
  from public.tasks t where t.component_id is null and t.created_by = $1::uuid and t.status <> 'done'
  order by t.created_at desc, t.id desc limit ${most}`;

/** Index idx_tasks_open_due. Priority 1 is the most urgent, 0 is none. */
const assigned = `
  select ${placedTask} as json
  from public.tasks t left join public.components c on c.id = t.component_id left join public.projects p on p.id = c.project_id
  where t.assignee_id = $1::uuid and t.status <> 'done' and p.status is distinct from 'archived'
  order by coalesce(t.due_date, 'infinity'::timestamptz), coalesce(nullif(t.priority, 0), 5), t.created_at, t.id limit ${most}`;

/** As core's states say; what leads to something cancelled is nobody's work. Indexes by assignee and owner, then of the dependencies. */
const ready = `
  with mine as (
    select c.id from public.components c
      where c.assignee_id = $1::uuid and c.status in ('pending', 'in_progress') and c.type is distinct from 'unsorted'
    union all
    select c.id from public.projects p join public.components c on c.project_id = p.id
      where p.owner_id = $1::uuid and c.assignee_id is null and c.status in ('pending', 'in_progress')
        and c.type is distinct from 'unsorted'
  )
  select left(taylordash.component_json(c)::text, -1) || ',"project_name":' || to_json(p.name)::text
    || ',"state":"' || s.state || '"}' as json
  from mine m join public.components c on c.id = m.id join public.projects p on p.id = c.project_id
    cross join lateral (select taylordash.shown_state(c.status,
      c.id in (select component_id from taylordash.dead_blocked(null)), ${waits}) as state offset 0) s
  where p.status in ('planning', 'active') and s.state in ('ready', 'in_progress')
  order by c.status, coalesce(c.due_on, 'infinity'), p.name, c.name, c.id limit ${most}`;

/** The three lists, each as the JSON text of an array in the order that myWork promises. One snapshot. */
export async function workOf(
  handle: Handle,
  user_id: string,
): Promise<{ inbox: string; tasks: string; ready: string }> {
  const array = (rows: string) => `'[' || coalesce((select string_agg(json, ',') from (${rows}) r), '') || ']'`;
  const { rows } = await handle.executeQuery<{ inbox: string; tasks: string; ready: string }>(
    CompiledQuery.raw(`select ${array(inbox)} as inbox, ${array(assigned)} as tasks, ${array(ready)} as ready`, [
      user_id,
    ]),
  );
  return rows[0] ?? { inbox: '[]', tasks: '[]', ready: '[]' };
}
