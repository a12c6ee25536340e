// Entity fields as columns: values in the form that PostgreSQL's driver takes.
import { type RawBuilder, sql } from 'kysely';
import type { Handle } from './transaction.ts';

/** Columns of type JSONB: pg would take an array or object for something else. */
const jsonColumns = new Set(['metadata', 'position', 'checklist', 'repeats', 'config', 'target']);

function value(column: string, given: unknown): RawBuilder<unknown> {
  if (jsonColumns.has(column) && given !== null) return sql`${JSON.stringify(given)}::jsonb`;
  return sql`${given}`;
}

function present(fields: object): [string, unknown][] {
  return Object.entries(fields).filter(([, given]) => given !== undefined);
}

/** `a, b` and `$1, $2` of an insert. The names are the schema's own, never a caller's. */
export function columnsAndValues(fields: object): { columns: RawBuilder<unknown>; values: RawBuilder<unknown> } {
  const entries = present(fields);
  return {
    columns: sql.join(entries.map(([column]) => sql.ref(column))),
    values: sql.join(entries.map(([column, given]) => value(column, given))),
  };
}

/** `a = $1, b = $2` of an update. */
export function assignments(fields: object): RawBuilder<unknown> {
  return sql.join(present(fields).map(([column, given]) => sql`${sql.ref(column)} = ${value(column, given)}`));
}

/** The JSON of a statement that always returns one row. */
export function onlyJson(rows: readonly { json: string }[]): string {
  const row = rows[0];
  if (!row) throw new Error('the statement returned no row');
  return row.json;
}

const jsonOf = { projects: 'project_json', components: 'component_json', tasks: 'task_json' } as const;
/** Rows that one statement inserts. */
const batchRows = 500;

/**
 * Inserts rows from entities as their events kept them, with their ids and the time they were made, a version later; columns
 * that such an entity does not have yet take their defaults. Returns each as JSON text, the oldest first.
 */
export async function insertRows(
  tx: Handle,
  table: keyof typeof jsonOf,
  entities: readonly { version: number }[],
): Promise<{ id: string; json: string }[]> {
  const out: { id: string; json: string }[] = [];
  for (let start = 0; start < entities.length; start += batchRows) {
    const rows = entities.slice(start, start + batchRows).map((entity) => ({ ...entity, version: entity.version + 1 }));
    const columns = sql.join(
      Object.keys(rows[0] ?? {}).flatMap((name) => (name === 'updated_at' ? [] : [sql.ref(name)])),
    );
    const result = await sql<{ id: string; json: string }>`
      insert into ${sql.table(`public.${table}`)} as x (${columns})
      select ${columns} from jsonb_populate_recordset(null::${sql.table(`public.${table}`)}, ${JSON.stringify(rows)}::jsonb)
      order by created_at, id
      returning id, taylordash.${sql.raw(jsonOf[table])}(x)::text as json`.execute(tx);
    out.push(...result.rows);
  }
  return out;
}

/** Ids beyond one, ascending: for going through a whole table a bit at a time. Primary key. */
export async function idsAfter(
  handle: Handle,
  table: 'projects' | 'components',
  after: string,
  limit: number,
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select x.id::text as id from ${sql.table(`public.${table}`)} x where x.id > ${after}::uuid
    order by x.id limit ${limit}`.execute(handle);
  return rows.map((row) => row.id);
}
