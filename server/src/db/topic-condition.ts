// MQTT topic filters as SQL.
import { type RawBuilder, sql } from 'kysely';

/** A filter as a condition on a column of topics: equality where it has no wildcard, for its index. */
export function topicCondition(column: RawBuilder<unknown>, filter: string): RawBuilder<unknown> {
  if (!/[+#]/.test(filter)) return sql`${column} = ${filter}`;
  const levels = filter
    .split('/')
    .map((level) => (level === '+' ? '[^/]*' : level.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')));
  const open = levels.at(-1) === '#';
  const pattern = open ? levels.slice(0, -1).join('/') : levels.join('/');
  if (open && pattern === '') return sql`true`;
  return sql`${column} ~ ${`^${pattern}${open ? '(/|$)' : '$'}`}`;
}
