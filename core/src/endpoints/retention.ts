// Endpoints of history and its end: checking projects by their events, how long events are kept, and the archives of what was dropped.
import { Type } from 'typebox';
import { mostKeepDays, partStates } from '../retention.ts';
import { bigId, moment, nullable, strict, uuid } from '../schema.ts';
import { endpoint } from './endpoint.ts';
import { byId } from './inputs.ts';

const difference = Type.Object({
  entity: Type.Enum(['project', 'component', 'task', 'dependency']),
  id: Type.String(),
  name: nullable(Type.String()),
  /** Null: the row as a whole, which only one of the two has. */
  field: nullable(Type.String()),
  table: Type.Unknown(),
  rebuilt: Type.Unknown(),
});

export const verifyProject = endpoint({
  method: 'POST',
  path: '/projects/{id}/verify',
  summary: 'Rebuild a project from its events and compare it with the tables',
  tag: 'retention',
  access: 'admin',
  params: byId,
  reply: {
    status: 200,
    schema: Type.Object({
      project_id: uuid,
      name: nullable(Type.String()),
      begins_after: nullable(bigId),
      events: Type.Integer(),
      differences: Type.Array(difference),
      different: Type.Integer(),
    }),
  },
  problems: ['project.not_found'],
});

const policy = {
  /** Null: for ever. */
  keep_days: nullable(Type.Integer({ minimum: 1, maximum: mostKeepDays })),
  /** Whether what is dropped is archived before. */
  archive: Type.Boolean(),
};

const partition = Type.Object({
  name: Type.String(),
  from_id: bigId,
  to_id: bigId,
  events: Type.Integer(),
  bytes: Type.Integer(),
  oldest_at: nullable(moment),
  newest_at: nullable(moment),
  state: Type.Enum([...partStates]),
  /** Readers that have not read it. */
  held_by: Type.Array(Type.String()),
});

const run = Type.Object({
  at: moment,
  dropped: Type.Array(Type.Object({ name: Type.String(), events: Type.Integer(), archived: Type.Boolean() })),
  kept: Type.Array(Type.Object({ name: Type.String(), reason: Type.String() })),
});

const retentionState = Type.Object({
  events: Type.Object(policy),
  partitions: Type.Array(partition),
  readers: Type.Array(Type.Object({ name: Type.String(), position: bigId, behind: Type.Integer() })),
  total_bytes: Type.Integer(),
  events_a_day: Type.Integer(),
  /** What the events are expected to take in so many days, at the pace of the last week. */
  forecast: Type.Array(Type.Object({ days: Type.Integer(), bytes: Type.Integer() })),
  /** Of this server, since its start. */
  last_run: nullable(run),
});

export const getRetention = endpoint({
  method: 'GET',
  path: '/retention',
  summary: 'How long events are kept, how much they take, and who holds them back',
  tag: 'retention',
  access: 'admin',
  reply: { status: 200, schema: retentionState },
});

export const setEventRetention = endpoint({
  method: 'PUT',
  path: '/retention/events',
  summary: 'Set how long events are kept',
  tag: 'retention',
  access: 'admin',
  body: strict(policy),
  reply: { status: 200, schema: Type.Object(policy) },
});

export const runRetention = endpoint({
  method: 'POST',
  path: '/retention/run',
  summary: 'Drop now what is older than the policy',
  tag: 'retention',
  access: 'admin',
  reply: { status: 200, schema: run },
  problems: ['retention.not_here'],
});

const archive = Type.Object({
  name: Type.String(),
  from_id: bigId,
  to_id: bigId,
  events: Type.Integer(),
  bytes: Type.Integer(),
  oldest_at: nullable(moment),
  newest_at: nullable(moment),
  written_at: moment,
  release: Type.String(),
  /** Its events are in the mirror. */
  present: Type.Boolean(),
  pinned: Type.Boolean(),
  /** What is wrong with its manifest; null: nothing. */
  fault: nullable(Type.String()),
});

export const listArchives = endpoint({
  method: 'GET',
  path: '/retention/archives',
  summary: 'Archives of events on this server',
  tag: 'retention',
  access: 'admin',
  reply: { status: 200, schema: Type.Object({ items: Type.Array(archive) }) },
});

const named = strict({ name: Type.String({ pattern: '^events_mirror_p[0-9]{6,12}$' }) });

export const verifyArchive = endpoint({
  method: 'POST',
  path: '/retention/archives/{name}/verify',
  summary: 'Read an archive and check it against its checksums',
  tag: 'retention',
  access: 'admin',
  params: named,
  reply: { status: 200, schema: Type.Object({ name: Type.String(), fault: nullable(Type.String()) }) },
  problems: ['archive.not_found'],
});

export const restoreArchive = endpoint({
  method: 'POST',
  path: '/retention/archives/{name}/restore',
  summary: 'Bring the events of an archive back, and keep them until they are released',
  tag: 'retention',
  access: 'admin',
  params: named,
  reply: { status: 200, schema: Type.Object({ name: Type.String(), events: Type.Integer() }) },
  problems: ['archive.not_found', 'archive.damaged', 'archive.not_restorable'],
});

export const releaseArchive = endpoint({
  method: 'POST',
  path: '/retention/archives/{name}/release',
  summary: 'Let the policy drop again what was brought back',
  tag: 'retention',
  access: 'admin',
  params: named,
  reply: { status: 204, schema: null },
  problems: ['archive.not_found'],
});
