// Entity fields as columns: values in the form that PostgreSQL's driver takes.
import { type RawBuilder, sql } from 'kysely';

/** Columns of type JSONB: pg would take an array or object for something else. */
const jsonColumns = new Set(['metadata', 'position', 'checklist', 'repeats', 'config']);

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
