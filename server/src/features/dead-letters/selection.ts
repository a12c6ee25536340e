// Which dead letters somebody means, as SQL; and whether two ask for the same.
import { createHash } from 'node:crypto';
import type { Edit, LetterSelection } from '@taylordash/core/dead-letter-entities';
import { isJsonObject } from '@taylordash/core/json';
import { type RawBuilder, sql } from 'kysely';
import { topicCondition } from '../../db/topic-condition.ts';

/** Conditions on `d`, a row of dlq_events. */
export function letterConditions(selection: LetterSelection): RawBuilder<unknown>[] {
  const { group, reason_code, topic, client, from, to, ids } = selection;
  const where: RawBuilder<unknown>[] = [];
  if (ids !== undefined) where.push(sql`d.id = any (${ids}::bigint[])`);
  if (group !== undefined) where.push(sql`d.group_id = ${group}`);
  if (reason_code !== undefined) where.push(sql`d.reason_code = ${reason_code}`);
  if (topic !== undefined) where.push(topicCondition(sql`d.original_topic`, topic));
  if (client !== undefined) where.push(sql`d.client_id = ${client}`);
  if (from !== undefined) where.push(sql`d.created_at >= ${from}::timestamptz`);
  if (to !== undefined) where.push(sql`d.created_at < ${to}::timestamptz`);
  return where;
}

/** SHA-256 of selection and edit, however they were written. */
export function askedHash(selection: LetterSelection, edit: Edit): Buffer {
  const ids = selection.ids === undefined ? {} : { ids: [...selection.ids].sort() };
  return createHash('sha256')
    .update(JSON.stringify([{ ...selection, ...ids }, edit], inOrder))
    .digest();
}

function inOrder(_key: string, value: unknown): unknown {
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
