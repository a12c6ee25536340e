// The filter of events as SQL conditions on `e`, a row of events_mirror; core/src/event-filter.ts says the same of one in memory.
import type { EventCondition } from '@taylordash/core/event-filter';
import { type RawBuilder, sql } from 'kysely';
import { topicCondition } from '../../db/topic-condition.ts';

/** One for each term; all must hold. */
export function conditionsOf(conditions: readonly EventCondition[]): RawBuilder<unknown>[] {
  return conditions.map(({ field, negated, values }) => {
    const condition = conditionOf(field, values);
    return negated ? sql`(${condition}) is not true` : sql`(${condition})`;
  });
}

const columns = {
  actor: 'e.actor_id',
  project: 'e.project_id',
  trace: 'e.trace_id',
  change: 'e.change_id',
  entity: 'e.entity_id',
};

/** What words are looked for in: kind, topic and name, as core's `namesOf` has it. */
const named = (path: string) =>
  `case when jsonb_typeof(e.payload #> '{${path}}') = 'string' then e.payload #>> '{${path}}' else '' end`;
const searched = sql.raw(
  `lower(concat_ws(E'\\n', e.payload->>'kind', e.topic, ${named('payload,entity,name')}, ${named('payload,name')}))`,
);

function conditionOf(field: EventCondition['field'], values: readonly string[]): RawBuilder<unknown> {
  const either = (conditions: readonly RawBuilder<unknown>[]) => sql.join(conditions, sql` or `);
  switch (field) {
    case 'kind':
      return starCondition(sql`e.payload->>'kind'`, values);
    case 'client':
      return starCondition(sql`e.client_id`, values);
    case 'topic':
      return either(values.map((value) => topicCondition(sql`e.topic`, value)));
    case 'source':
      return sql`e.source = any (${values}::text[])`;
    case 'after':
      return either(values.map((value) => sql`e.created_at >= ${value}::timestamptz`));
    case 'before':
      return either(values.map((value) => sql`e.created_at < ${value}::timestamptz`));
    case 'word':
      return either(values.map((value) => sql`position(lower(${value}) in ${searched}) > 0`));
    default:
      return sql`${sql.raw(columns[field])} = any (${values}::uuid[])`;
  }
}

/** Whole values in one list, for the index; `*` stands for any letters. */
function starCondition(column: RawBuilder<unknown>, values: readonly string[]): RawBuilder<unknown> {
  const whole = values.filter((value) => !value.includes('*'));
  const patterns = values
    .filter((value) => value.includes('*'))
    .map((value) => value.replace(/[\\%_]/g, '\\$&').replaceAll(/\*+/g, '%'));
  const parts = [
    ...(whole.length > 0 ? [sql`${column} = any (${whole}::text[])`] : []),
    ...(patterns.length > 0 ? [sql`${column} like any (${patterns}::text[])`] : []),
  ];
  return sql.join(parts, sql` or `);
}
