// The filter of events in SQL and in memory: over random events and random filters both find the same.
import { randomUUID } from 'node:crypto';
import type { StoredEvent } from '@taylordash/core/entities';
import { parseEventFilter, resolveEventFilter } from '@taylordash/core/event-filter';
import { eventMatcher } from '@taylordash/core/event-matcher';
import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../../../../test/harness/postgres.ts';
import { type Database, openDatabase } from '../../db/database.ts';
import { conditionsOf } from './filter-sql.ts';

let test: TestDatabase;
let database: Database;
beforeAll(async () => {
  test = await testDatabase();
  const log = { info: () => undefined, warn: () => undefined };
  database = await openDatabase({ url: test.url, pool_size: 2, log });
});
afterAll(async () => {
  await database.close();
  await test.drop();
});

const ids = Array.from({ length: 4 }, () => randomUUID());
const present = { now: Date.parse('2026-11-27T10:00:00Z'), time_zone: 'Europe/Berlin' };
const names = { actor: { sam: ids.slice(0, 1) }, project: { shed: ids.slice(1, 3) } };

const id = fc.constantFrom(...ids);
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });
const name = fc.constantFrom(
  'Pump',
  'pümp',
  'PÜMP 2',
  'Ärger',
  'a_b%c\\d',
  'STRASSE',
  'Wi\nre',
  '',
  'tracker',
  '$',
  'Σίγμα',
);
const level = fc.constantFrom('tracker', 'events', 'metrics', 'a.b', 'a*b', '', 'Pump', '(x)', '$sys', 'ü');
const kind = fc.constantFrom('task_created', 'task_updated', 'taskxcreated', 'a.b', 'a', '_', 'x9');
const client = fc.constantFrom('pump-1', 'pump-12', 'PUMP-1', 'a%b', 'a_b', 'a*b', 'a\\', 'zwölf', '');
const json = fc.oneof(name, fc.integer(), fc.constant(null), fc.constant([{ name: 'Pump' }]), fc.constant({ name: 7 }));
const payload = fc.record({ entity: fc.oneof(json, fc.record({ name: json })), name: json }, { requiredKeys: [] });
const at = fc
  .date({ min: new Date('2026-11-20T00:00:00Z'), max: new Date('2026-11-27T10:00:00Z'), noInvalidDate: true })
  .map((date) => date.toISOString());
const row = fc.record({
  topic: fc.array(level, { minLength: 1, maxLength: 4 }).map((levels) => levels.join('/')),
  source: fc.constantFrom('server', 'mqtt', 'http'),
  client_id: maybe(client),
  ...{ change_id: maybe(id), project_id: maybe(id), entity_id: maybe(id), actor_id: maybe(id) },
  created_at: at,
  payload: fc.record({ kind, trace_id: id, ts: at, idempotency_key: kind, payload }),
});

const quoted = (text: string) => `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
const stars = (text: fc.Arbitrary<string>) =>
  fc.tuple(text, fc.nat(8), fc.nat(8), fc.boolean()).map(([word, from, to, both]) => {
    const cut = word.slice(0, from) + (both ? '*' : '') + word.slice(from + to);
    return cut === '' ? '*' : cut;
  });
const topicFilter = fc
  .tuple(fc.array(fc.oneof(level, fc.constant('+')), { minLength: 1, maxLength: 4 }), fc.boolean())
  .map(([levels, open]) => [...levels, ...(open ? ['#'] : [])].join('/') || '#');
const time = fc.oneof(
  at,
  at.map((text) => text.slice(0, 10)),
  fc.constantFrom('1h', '3d', 'today', 'yesterday'),
);
const valuesFor = {
  kind: stars(kind)
    .map((text) => text.replaceAll(/[^a-z0-9_.*]/g, ''))
    .map((text) => text || '*'),
  topic: topicFilter,
  client: stars(client),
  source: fc.constantFrom('server', 'mqtt', 'HTTP'),
  actor: fc.oneof(id, fc.constant('Sam')),
  project: fc.oneof(id, fc.constant('shed')),
  ...{ trace: id, change: id, entity: id, after: time, before: time },
};
const terms = Object.entries(valuesFor).map(([field, value]) =>
  fc.array(value.map(quoted), { minLength: 1, maxLength: 3 }).map((values) => `${field}:${values.join(',')}`),
);
const words = fc.oneof(name, level, kind, fc.constantFrom('%', '_', 'ÜM', 'strasse', 'ΣΊ', '\\')).map(quoted);
const filter = fc
  .array(
    fc.tuple(fc.constantFrom('', '-'), fc.oneof(...terms, words)).map((parts) => parts.join('')),
    {
      ...{ minLength: 1, maxLength: 4 },
    },
  )
  .map((parts) => parts.join(' '));

async function store(rows: readonly unknown[]): Promise<void> {
  await sql`
    insert into public.events_mirror (topic, payload, created_at, source, client_id, change_id, project_id, entity_id, actor_id)
    select topic, payload, created_at, source, client_id, change_id, project_id, entity_id, actor_id
    from jsonb_populate_recordset(null::public.events_mirror, ${JSON.stringify(rows)}::jsonb)`.execute(database.app);
}

it('finds the same', async () => {
  await store(fc.sample(row, { numRuns: 1500, seed: 7 }));
  const { rows: all } = await sql<{ event: StoredEvent }>`
    select taylordash.event_json(e) as event from public.events_mirror e order by id`.execute(database.app);
  let some = 0;
  await fc.assert(
    fc.asyncProperty(filter, async (text) => {
      const parsed = parseEventFilter(text);
      expect(parsed.faults).toEqual([]);
      const { conditions } = resolveEventFilter(parsed.terms, names, present);
      const matches = eventMatcher(conditions);
      const inMemory = all.flatMap(({ event }) => (matches(event) ? [event.id] : []));
      const { rows } = await sql<{ id: string }>`
        select e.id::text as id from public.events_mirror e
        where ${sql.join([sql`true`, ...conditionsOf(conditions)], sql` and `)} order by e.id`.execute(database.app);
      expect(rows.map((found) => found.id)).toEqual(inMemory);
      if (inMemory.length > 0 && inMemory.length < all.length) some++;
    }),
    { numRuns: 600 },
  );
  // Filters that find nothing, or everything, would prove little.
  expect(some).toBeGreaterThan(200);
}, 60_000);
