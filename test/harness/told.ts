// The events that something left behind, in their order, once all of them are appended.
import type { ChangedFields } from '@taylordash/core/events';
import { expect } from 'vitest';
import type { TestSql } from './sql.ts';

export interface Told {
  kind: string;
  topic: string;
  source: string;
  project_id: string | null;
  entity_id: string | null;
  change_id: string | null;
  trace_id: string;
  actor_id: string | null;
  payload: { actor?: unknown; change_id?: string; entity?: Record<string, unknown>; changed?: ChangedFields };
}

export async function told(sql: TestSql, act: () => Promise<unknown>): Promise<Told[]> {
  await appended(sql);
  const before = await sql.count('select coalesce(max(id), 0) from public.events_mirror');
  await act();
  await appended(sql);
  const rows = await sql.rows(
    `select payload->>'kind' as kind, topic, source, project_id, entity_id, change_id, trace_id, actor_id, payload->'payload' as payload
     from public.events_mirror where id > $1 order by id`,
    [before],
  );
  // The statement's own columns.
  return rows as unknown as Told[];
}

/** Waits until nothing is left in the outbox. */
export async function appended(sql: TestSql): Promise<void> {
  await expect.poll(() => sql.count('select count(*) from taylordash.outbox'), { timeout: 10_000 }).toBe(0);
}

/** One change told these kinds: one change id, one trace, one actor. */
export function expectOneChange(events: readonly Told[], kinds: readonly string[]): void {
  expect(events.map(({ kind }) => kind)).toEqual(kinds);
  expect(new Set(events.map(({ change_id }) => change_id)).size).toBe(1);
  expect(new Set(events.map(({ trace_id }) => trace_id)).size).toBe(1);
  for (const event of events) {
    expect(event.source).toBe('server');
    expect(event.change_id).not.toBeNull();
    if (event.payload.change_id !== undefined) expect(event.payload.change_id).toBe(event.change_id);
  }
}
