// SQL of the search: what is called so, and what an id stands for.
import { CompiledQuery } from 'kysely';
import { containing } from '../../db/keyset.ts';
import type { Handle } from '../../db/transaction.ts';

export interface Found {
  type: 'project' | 'component' | 'task' | 'person' | 'trace';
  id: string;
  name: string;
  status: string | null;
  project_id: string | null;
  project_name: string | null;
  component_id: string | null;
  component_name: string | null;
}

/** Most words of a text that are looked for; the rest of it only counts in the order. */
const mostWords = 8;
/** Trigrams find this much anywhere in a name; what is shorter is looked for where words begin. */
const anywhere = 3;

/** Where the names of something are, and what of it counts. */
interface Source {
  type: Found['type'];
  table: string;
  name: string;
  where: string;
  status: string;
  /** SQL of whether it is over and done with. */
  closed: string;
  /** SQL of project and component that it is in. */
  project: string;
  component: string;
  changed: string;
}

const sources: readonly Source[] = [
  {
    ...{ type: 'project', table: 'public.projects', name: 'x.name', where: 'true', status: 'x.status' },
    closed: `x.status in ('completed', 'archived')`,
    ...{ project: 'null::uuid', component: 'null::uuid', changed: 'x.updated_at' },
  },
  {
    ...{ type: 'component', table: 'public.components', name: 'x.name', status: 'x.status' },
    where: `x.type is distinct from 'unsorted'`,
    closed: `x.status in ('completed', 'cancelled')`,
    ...{ project: 'x.project_id', component: 'null::uuid', changed: 'x.updated_at' },
  },
  {
    ...{ type: 'task', table: 'public.tasks', name: 'x.name', status: 'x.status' },
    where: '(x.component_id is not null or x.created_by = $1::uuid)',
    closed: `x.status = 'done'`,
    ...{ project: 'null::uuid', component: 'x.component_id', changed: 'x.updated_at' },
  },
  {
    ...{ type: 'person', table: 'taylordash.people', name: 'x.username', where: 'true', status: 'null::text' },
    closed: 'not x.is_active',
    ...{ project: 'null::uuid', component: 'null::uuid', changed: 'x.created_at' },
  },
];

const columns = ({ type, name, status, project, component }: Source) =>
  `'${type}' as type, x.id, ${name} as name, ${status} as status, ${project} as project_id, ${component} as component_id`;

/** Adds names of places to `found`, in its order. */
const withPlaces = `
  select f.type, f.id, f.name, f.status, p.id as project_id, p.name as project_name, c.id as component_id, c.name as component_name
  from found f left join public.components c on c.id = f.component_id
    left join public.projects p on p.id = coalesce(f.project_id, c.project_id)
  order by f.n`;

/** How well a name fits, 0 best: $2 is the whole text in lower case, $3 the same as the beginning of a pattern. */
const fit = (name: string) => `case
  when lower(${name}) = $2 then 0
  when lower(${name}) like $3 then 1
  when ' ' || translate(lower(${name}), '-_/.,:;()[]"', '            ') like '% ' || $3 then 2
  when strpos(lower(${name}), $2) > 0 then 3
  else 4 end`;

/**
 * What has all words of `text` in its name, best first: exact, beginning, beginning of a word, anywhere, apart; then open before
 * closed, lately changed before long ago. Indexes idx_…_name_trgm; of people all are read, who are few.
 */
export async function searchNames(handle: Handle, text: string, user_id: string, limit: number): Promise<Found[]> {
  const whole = text.trim().toLowerCase();
  const words = [...new Set(whole.split(/\s+/))].filter((word) => word !== '').slice(0, mostWords);
  if (words.length === 0) return [];
  const values: string[] = [user_id, whole, containing(whole).slice(1)];
  const parameter = (value: string) => `$${values.push(value)}`;
  const conditions = words.map((word) => {
    const pattern = containing(word);
    if ([...word].length >= anywhere) {
      const place = parameter(pattern);
      return (name: string) => `${name} ilike ${place}`;
    }
    const [first, later] = [parameter(pattern.slice(1)), parameter(`% ${pattern.slice(1)}`)];
    return (name: string) => `(${name} ilike ${first} or ${name} ilike ${later})`;
  });
  const most = Math.trunc(limit);
  const branches = sources.map(
    (
      source,
    ) => `(select ${columns(source)}, ${fit(source.name)} as fit, ${source.closed} as closed, ${source.changed}::timestamptz as changed
      from ${source.table} x where ${source.where} and ${conditions.map((condition) => condition(source.name)).join(' and ')}
      order by fit, closed, changed desc, x.id limit ${most})`,
  );
  // PostgreSQL orders the branches by their place in the list where all else is equal.
  return read(
    handle,
    `with found as (
       select *, row_number() over (order by fit, closed, place, changed desc, id) as n from (
         ${branches.map((branch, place) => `select *, ${place} as place from ${branch} b${place}`).join(' union all ')}
       ) u order by n limit ${most}
     ) ${withPlaces}`,
    values,
  );
}

/** What an id stands for. Primary keys; idx_events_mirror_trace_id and idx_events_mirror_change. */
export function searchId(handle: Handle, id: string, user_id: string): Promise<Found[]> {
  const branches = sources.map(
    (source, place) =>
      `select ${columns(source)}, ${place} as n from ${source.table} x where ${source.where} and x.id = $2::uuid`,
  );
  const known = `exists (select from public.events_mirror where trace_id = $2::uuid)
    or exists (select from public.events_mirror where change_id = $2::uuid)`;
  return read(
    handle,
    `with found as (${branches.join(' union all ')}
       union all select 'trace', $2::uuid, $2::text, null, null, null, ${sources.length} where ${known}) ${withPlaces}`,
    [user_id, id],
  );
}

async function read(handle: Handle, text: string, values: readonly string[]): Promise<Found[]> {
  return [...(await handle.executeQuery<Found>(CompiledQuery.raw(text, [...values]))).rows];
}
