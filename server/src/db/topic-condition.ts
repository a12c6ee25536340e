// MQTT topic filters as SQL.
import { type RawBuilder, sql } from 'kysely';

/** A filter as a condition on a column of topics, as core's topicMatches: equality where it has no wildcard, for its index. */
export function topicCondition(column: RawBuilder<unknown>, filter: string): RawBuilder<unknown> {
  if (!/[+#]/.test(filter)) return sql`${column} = ${filter}`;
  // A wildcard that stands first matches no topic of the broker's own.
  const own = /^[+#]/.test(filter) ? sql` and not starts_with(${column}, '$')` : sql``;
  const levels = filter
    .split('/')
    .map((level) => (level === '+' ? '[^/]*' : level.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')));
  const open = levels.at(-1) === '#';
  const pattern = open ? levels.slice(0, -1).join('/') : levels.join('/');
  if (open && levels.length === 1) return sql`(true${own})`;
  return sql`(${column} ~ ${`^${pattern}${open ? '(/|$)' : '$'}`}${own})`;
}
