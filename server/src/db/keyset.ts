// Lists by keyset: pages that stay stable while rows come and go, built as JSON by PostgreSQL.
import { type RawBuilder, sql } from 'kysely';
import { Problem } from '../kernel/problem.ts';
import type { Handle } from './transaction.ts';

/** A column that a list can be sorted by; together with the id it makes the order total. */
export interface SortColumn {
  /** Never null, or wrapped so that it is not. Index it together with the id. */
  column: RawBuilder<unknown>;
  type: 'text' | 'timestamptz' | 'bigint';
}

export interface PageRequest {
  handle: Handle;
  /** Everything from FROM on, without WHERE. */
  from: RawBuilder<unknown>;
  /** JSON of one row. */
  json: RawBuilder<unknown>;
  id: RawBuilder<unknown>;
  id_type: 'uuid' | 'bigint';
  where: readonly RawBuilder<unknown>[];
  sort: { name: string; by: SortColumn; descending: boolean };
  limit: number;
  cursor: string | undefined;
}

/** Whether a text is one that a column of the type gave out: what PostgreSQL would refuse is told apart here. */
const cursorValue = {
  text: (text: string) => text.length <= 300 && !text.includes('\0') && text.isWellFormed(),
  timestamptz: (text: string) => text === 'infinity' || isMoment(text),
  bigint: (text: string) => /^\d{1,19}$/.test(text) && BigInt(text) <= 9_223_372_036_854_775_807n,
  uuid: (text: string) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text),
} as const;

function isMoment(text: string): boolean {
  const [, day = '', time] = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.\d{1,6})?\+00$/.exec(text) ?? [];
  const at = new Date(`${day}T${time}Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(day) && !day.startsWith('0000');
}

/** The page as JSON text, `{"items": […], "next_cursor": …}`. Order: the sort column, then the id, both the same way. */
export async function pageAsJson(request: PageRequest): Promise<string> {
  const { by, descending, name } = request.sort;
  const after = request.cursor === undefined ? null : readCursor(request.cursor, name, by.type, request.id_type);
  const direction = sql.raw(descending ? 'desc' : 'asc');
  const conditions = [...request.where];
  if (after) {
    const [value, id] = after;
    const position = sql`(${value}::${sql.raw(by.type)}, ${id}::${sql.raw(request.id_type)})`;
    conditions.push(sql`(${by.column}, ${request.id}) ${sql.raw(descending ? '<' : '>')} ${position}`);
  }
  const where = conditions.length === 0 ? sql`` : sql`where ${sql.join(conditions, sql` and `)}`;
  const result = await sql<{ items: string | null; rows: string; last_value: string | null; last_id: string | null }>`
    select string_agg(json, ',' order by n) filter (where n <= ${request.limit}) as items, count(*) as rows,
      max(value) filter (where n = ${request.limit}) as last_value, max(id) filter (where n = ${request.limit}) as last_id
    from (
      select (${request.json})::text as json, (${by.column})::text as value, (${request.id})::text as id,
        row_number() over (order by ${by.column} ${direction}, ${request.id} ${direction}) as n
      from ${request.from} ${where}
      order by ${by.column} ${direction}, ${request.id} ${direction}
      limit ${request.limit + 1}
    ) page`.execute(request.handle);
  const row = result.rows[0];
  const more = row !== undefined && Number(row.rows) > request.limit;
  const next = more ? JSON.stringify(writeCursor(name, row.last_value ?? '', row.last_id ?? '')) : 'null';
  return `{"items":[${row?.items ?? ''}],"next_cursor":${next}}`;
}

function writeCursor(sort: string, value: string, id: string): string {
  return Buffer.from(JSON.stringify([sort, value, id])).toString('base64url');
}

function readCursor(
  cursor: string,
  sort: string,
  type: SortColumn['type'],
  idType: 'uuid' | 'bigint',
): [string, string] {
  const bad = new Problem('request.bad_cursor', {
    detail: 'Start the list again without a cursor; a cursor goes with the same sort order.',
    errors: [{ pointer: '#/query/cursor', detail: 'is not a cursor of this list in this order' }],
  });
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    throw bad;
  }
  if (!Array.isArray(parts) || parts.length !== 3) throw bad;
  const [cursorSort, value, id]: unknown[] = parts;
  if (cursorSort !== sort || typeof value !== 'string' || typeof id !== 'string') throw bad;
  if (!cursorValue[type](value) || !cursorValue[idType](id)) throw bad;
  return [value, id];
}

/** `q` as a pattern for ILIKE that finds it anywhere, its own wildcards taken as letters. */
export function containing(q: string): string {
  return `%${q.replace(/[\\%_]/g, (character) => `\\${character}`)}%`;
}

/** Splits `-updated_at` into the column and the direction. */
export function sortOf<K extends string>(
  sort: string,
  columns: Readonly<Record<K, SortColumn>>,
): { name: string; by: SortColumn; descending: boolean } {
  const descending = sort.startsWith('-');
  const name = descending ? sort.slice(1) : sort;
  // The endpoint's schema lists the columns that exist.
  const by = columns[name as K];
  return { name: sort, by, descending };
}
