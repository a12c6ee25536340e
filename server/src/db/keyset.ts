// Lists by keyset: pages that stay stable while rows come and go, built as JSON by PostgreSQL.
import { CompiledQuery, type RawBuilder, sql } from 'kysely';
import { Problem } from '../kernel/problem.ts';
import type { Handle } from './transaction.ts';

/** A column that a list can be sorted by; together with the id it makes the order total. */
export interface SortColumn {
  /** SQL; never null, or wrapped so that it is not. Index it together with the id. */
  column: string;
  type: 'text' | 'timestamptz' | 'bigint';
}

export interface PageRequest {
  handle: Handle;
  /** SQL of everything from FROM on, without WHERE. */
  from: string;
  /** SQL that makes the JSON of one row. */
  json: string;
  id: string;
  id_type: 'uuid' | 'bigint' | 'text';
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

/**
 * The page as JSON text, `{"items": […], "next_cursor": …}`. Order: the sort column, then the id, both the same way. All but
 * the conditions is text already: composing it anew for each page took as long as reading the answer.
 */
export async function pageAsJson(request: PageRequest): Promise<string> {
  const { handle, from, json, id, id_type, limit } = request;
  const { by, descending, name } = request.sort;
  const conditions = [...request.where];
  if (request.cursor !== undefined) {
    const [value, last] = readCursor(request.cursor, name, by.type, id_type);
    const position = sql`(${value}::${sql.raw(by.type)}, ${last}::${sql.raw(id_type)})`;
    conditions.push(sql`(${sql.raw(`${by.column}, ${id}`)}) ${sql.raw(descending ? '<' : '>')} ${position}`);
  }
  const where = conditions.length === 0 ? null : sql`where ${sql.join(conditions, sql` and `)}`.compile(handle);
  // A number in the text and not a parameter: the planner is to know that it is small, once and for all.
  const most = Math.trunc(limit);
  const direction = descending ? 'desc' : 'asc';
  // The aggregates take the rows in the subquery's order. Cutting the last row off in JavaScript is free; numbering the rows
  // by a window function, or cutting an array of them in SQL, costs a fifth more.
  const text = `select string_agg(json, '${between}') as items, count(*) > ${most} as more,
      (array_agg(value))[${most}]::text as last_value, (array_agg(id))[${most}]::text as last_id
    from (
      select (${json})::text as json, ${by.column} as value, ${id} as id from ${from} ${where?.sql ?? ''}
      order by ${by.column} ${direction}, ${id} ${direction} limit ${most + 1}
    ) page`;
  const { rows } = await handle.executeQuery<PageRow>(CompiledQuery.raw(text, [...(where?.parameters ?? [])]));
  const row = rows[0];
  const next = row?.more ? JSON.stringify(writeCursor(name, row.last_value ?? '', row.last_id ?? '')) : 'null';
  const items = row?.items ?? '';
  return `{"items":[${row?.more ? items.slice(0, items.lastIndexOf(between)) : items}],"next_cursor":${next}}`;
}

/** Between two rows. PostgreSQL writes no comma right before a line break: json_agg puts a space between. */
const between = ',\n';

interface PageRow {
  items: string | null;
  more: boolean;
  last_value: string | null;
  last_id: string | null;
}

/** The cursor of what comes after a row; for lists that page by themselves. */
export function writeCursor(sort: string, value: string, id: string): string {
  return Buffer.from(JSON.stringify([sort, value, id])).toString('base64url');
}

/** The sort value and id that a cursor names. Throws request.bad_cursor. */
export function readCursor(
  cursor: string,
  sort: string,
  type: SortColumn['type'],
  idType: PageRequest['id_type'],
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
