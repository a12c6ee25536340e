// Tables of jobs that the leader works at (leader-jobs.ts): one as JSON, a page of them, the end of one with its event.
import { randomUUID } from 'node:crypto';
import type { EventKind } from '@taylordash/core/events';
import type { ProblemCode } from '@taylordash/core/problems';
import { pageAsJson, sortOf } from '../db/keyset.ts';
import { type Handle, queryText, transaction } from '../db/transaction.ts';
import type { Clock } from './clock.ts';
import { changePayload, systemActor, systemOrigin, writeToOutbox } from './outbox.ts';
import { Problem } from './problem.ts';

export interface JobTable {
  /** With `id`, a UUID, and an index of (created_at, id). */
  table: string;
  /** The function of SQL that makes JSON of a row. */
  json: string;
  /** What somebody meets who asks for one that is not there, by its code and in words. */
  missing: ProblemCode;
  noun: string;
}

/** JSON text of one; throws where there is none. Primary key. No lock. */
export async function findJob(handle: Handle, of: JobTable, id: string): Promise<string> {
  const { table, json } = of;
  const text = await queryText(handle, `select ${json}(j)::text from ${table} j where j.id = $1::uuid`, [id]);
  if (text === null) throw noSuchJob(of, id);
  return text;
}

export function noSuchJob({ missing, noun }: JobTable, id: string): Problem {
  return new Problem(missing, { detail: `There is no ${noun} ${id}.` });
}

/** One page, newest first. Index of the table by created_at. No lock. */
export function listJobs(
  handle: Handle,
  { table, json }: JobTable,
  { limit = 50, cursor }: { limit?: number; cursor?: string },
): Promise<string> {
  return pageAsJson({
    ...{ handle, from: `${table} j`, json: `${json}(j)`, id: 'j.id', id_type: 'uuid', where: [], limit, cursor },
    sort: sortOf('-created_at', { created_at: { column: 'j.created_at', type: 'timestamptz' } }),
  });
}

export interface JobEnd {
  id: string;
  kind: EventKind;
  /** Ends it in the transaction; false where it had ended before. */
  end(tx: Handle): Promise<boolean>;
}

/** Ends a job by the server's own doing, and tells of it, in one transaction. */
export function endJob(handle: Handle, of: JobTable, clock: Clock, { id, kind, end }: JobEnd): Promise<void> {
  return transaction(handle, async (tx) => {
    if (!(await end(tx))) return;
    const change_id = randomUUID();
    const payload = changePayload({ actor: systemActor, change_id }, await findJob(tx, of, id), {});
    await writeToOutbox(tx, systemOrigin(clock, change_id), [{ kind, payload, project_id: null, entity_id: id }]);
  });
}
