// How PostgreSQL runs the features' reads on a database of some size: none of them reads a large table from end to end.
import { randomUUID } from 'node:crypto';
import type { EventCondition } from '@taylordash/core/event-filter';
import { Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../../../test/harness/postgres.ts';
import { countStep } from '../events/gap-reader.ts';
import { droppedPartitions, pace, readerPositions } from '../events/partitions.ts';
import { newestId, oldestId, readAfter } from '../events/stream-queries.ts';
import * as activity from '../features/changes/activity-queries.ts';
import * as changes from '../features/changes/queries.ts';
import * as components from '../features/components/queries.ts';
import * as deadLetters from '../features/dead-letters/queries.ts';
import * as replays from '../features/dead-letters/replay-queries.ts';
import * as filtering from '../features/events/filter-queries.ts';
import * as events from '../features/events/queries.ts';
import * as eventReplays from '../features/events/replay-queries.ts';
import * as counting from '../features/events/stats-queries.ts';
import * as history from '../features/history/queries.ts';
import * as identity from '../features/identity/queries.ts';
import * as sessions from '../features/identity/session-queries.ts';
import * as layouts from '../features/layouts/queries.ts';
import * as importing from '../features/projects/import-queries.ts';
import * as projects from '../features/projects/queries.ts';
import * as searching from '../features/search/queries.ts';
import { workOf } from '../features/tasks/my-work-queries.ts';
import * as tasks from '../features/tasks/queries.ts';
import * as quickAdd from '../features/tasks/quick-add-queries.ts';
import * as traces from '../features/traces/queries.ts';
import { listJobs } from '../kernel/job-table.ts';
import { type Handle, queryText } from './transaction.ts';
import type { DB } from './types.gen.ts';

let database: TestDatabase;
let client: pg.Client;
let handle: Handle;
const asked: { text: string; values: unknown[] }[] = [];
const ids = { project: '', component: '', task: '', user: '', session: '' };

const seed = `
  insert into public.users (username, password_hash, role) select 'user ' || n, 'x', 'viewer' from generate_series(1, 500) n;
  insert into public.user_sessions (user_id, session_token, expires_at) select id, 'token ' || username || ' ' || n, now() + interval '1 day'
    from public.users, generate_series(1, 20) n;
  insert into public.projects (name, owner_id, status, created_at, updated_at)
    select 'Project ' || n, (select id from public.users where username = 'user ' || n % 500 + 1), case n % 4 when 0 then 'archived' else 'active' end,
      now() - n * interval '1 hour', now() - n % 977 * interval '1 hour' from generate_series(1, 2000) n;
  insert into public.components (project_id, name, status, assignee_id, created_at, updated_at)
    select p.id, 'Part ' || n, case when n % 5 = 0 then 'completed' when n = 3 and p.created_at > now() - interval '9 days' then 'cancelled' else 'pending' end, p.owner_id, p.created_at + n * interval '1 minute',
      p.updated_at + n * interval '1 second' from public.projects p, generate_series(1, 10) n;
  insert into public.component_dependencies (component_id, depends_on_id)
    select c.id, d.id from (select *, row_number() over (partition by project_id order by created_at) as n from public.components) c
      join (select *, row_number() over (partition by project_id order by created_at) as n from public.components) d
        on d.project_id = c.project_id and d.n = c.n - 1;
  insert into public.tasks (component_id, name, status, assignee_id, due_date, created_by, rank, created_at, updated_at)
    select c.id, 'Step ' || n, case n when 3 then 'done' else 'todo' end, c.assignee_id, case when n < 3 then c.created_at + n * interval '20 days' end,
      c.assignee_id, 'r' || n, c.created_at + n * interval '1 second', c.updated_at from public.components c, generate_series(1, 3) n;
  update public.tasks set labels = array['label ' || hashtext(id::text) % 50] where hashtext(id::text) % 9 = 0;
  insert into taylordash.layouts (user_id, kind, name, project_id, shared, config)
    select u.id, 'view', 'View ' || n, case when n % 2 = 0 then (select id from public.projects where name = 'Project 700') end, n = 20 and u.username like '%7', '{}'
    from public.users u, generate_series(1, 30) n;
  insert into public.projects (name) select 'Empty ' || n from generate_series(1, 8000) n;
  insert into public.tasks (name, created_by) select 'Note', id from public.users, generate_series(1, 4);
  insert into public.events_mirror (topic, payload, source, client_id, change_id, project_id, entity_id, actor_id)
    select 'tracker/events/' || case n % 3 when 0 then 'projects' when 1 then 'components' else 'system' end || '/kind_' || n % 40,
      jsonb_build_object('trace_id', gen_random_uuid(), 'ts', now(), 'kind', 'kind_' || n % 40, 'idempotency_key', n, 'payload', '{}'::jsonb),
      case n % 7 when 0 then 'mqtt' else 'server' end, null, gen_random_uuid(), p.id, p.id, p.owner_id
    from (select id, owner_id, row_number() over () as place from public.projects limit 2000) p, generate_series(1, 15) n;
  insert into taylordash.outbox (topic, payload, change_id) select 'tracker/events/x/y', '{}', gen_random_uuid() from generate_series(1, 5000);
  insert into public.dlq_events (original_topic, failure_reason, payload, raw, reason_code, stage, client_id, status, fingerprint)
    select 'tracker/events/x/' || n % 50, 'is not JSON', '{}', '\\x00', case n % 4 when 0 then 'not_json' else 'bad_field' end, 'validate',
      'device ' || n % 20, case n % 10 when 0 then 'open' else 'discarded' end, sha256(n::text::bytea) from generate_series(1, 20000) n;
  update public.dlq_events set payload = jsonb_build_object('trace_id', gen_random_uuid()) where id % 3 = 0;
  insert into public.auth_audit_log (event_type, details) select 'login_success', jsonb_build_object('trace_id', gen_random_uuid()) from generate_series(1, 20000);
  insert into taylordash.producers select 'mqtt', 'client ' || n, 'pump', 'client ' || n, 'tracker/events/x/y', 0, n, n, 0, 0, 0, '[]', '[]', now() - n * interval '1 second',
    case when n % 100 = 0 then now() end from generate_series(1, 10000) n;`;

beforeAll(async () => {
  database = await testDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query(seed);
  // As autovacuum would: an index of trigrams is costly until what waits beside it is taken in.
  await client.query('vacuum analyze');
  const listening = {
    query: async (text: string, values: unknown[]) => {
      asked.push({ text, values });
      return client.query(text, values);
    },
    release: () => undefined,
  };
  // Kysely asks a pool for no more than this.
  const pool = { connect: async () => listening, end: async () => undefined } as unknown as pg.Pool;
  handle = new Kysely<DB>({ dialect: new PostgresDialect({ pool }) });
  const one = async (text: string) => String((await client.query<{ id: string }>(text)).rows[0]?.id);
  ids.project = await one("select id from public.projects where name = 'Project 700'");
  ids.component = await one(`select id from public.components where project_id = '${ids.project}' limit 1`);
  ids.task = await one(`select id from public.tasks where component_id = '${ids.component}' limit 1`);
  ids.user = await one('select id from public.users limit 1 offset 100');
  ids.session = await one('select id from public.user_sessions limit 1 offset 100');
}, 60_000);
afterAll(async () => {
  await client.end();
  await database.drop();
});

const large = [
  'projects',
  'components',
  'component_dependencies',
  'tasks',
  'user_sessions',
  'dlq_events',
  'outbox',
  'layouts',
  'auth_audit_log',
];
/** A table of the list, or the partition of events_mirror that has the rows. */
const isLarge = (relation: string) => large.includes(relation) || relation === 'events_mirror_p000000';

interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  Plans?: PlanNode[];
}

function* nodesOf(node: PlanNode): Generator<PlanNode> {
  yield node;
  for (const child of node.Plans ?? []) yield* nodesOf(child);
}

/** The large tables that the statements of `read` go through from end to end. */
async function wholeReads(read: () => Promise<unknown>): Promise<string[]> {
  asked.length = 0;
  await read();
  const statements = asked.filter(({ text }) => /^\s*(select|with|update|delete|insert)/i.test(text));
  expect(statements.length).toBeGreaterThan(0);
  const found: string[] = [];
  for (const { text, values } of statements) {
    const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(
      `explain (format json) ${text}`,
      values,
    );
    for (const { 'QUERY PLAN': plans } of rows) {
      for (const node of nodesOf(plans[0].Plan)) {
        const table = node['Relation Name'] ?? '';
        if (node['Node Type'] === 'Seq Scan' && isLarge(table)) found.push(`${table}: ${text.slice(0, 200)}`);
      }
    }
  }
  return found;
}

const today = '2026-01-15';
const yesterday = new Date(Date.now() - 86_400_000).toISOString();
const everyone = { conditions: [], viewer_id: null };
const one = (field: EventCondition['field'], ...values: string[]): EventCondition => ({
  field,
  negated: false,
  values,
});
const filters: readonly (readonly [name: string, conditions: EventCondition[]])[] = [
  ['a pattern of kinds', [one('kind', 'kind_1*')]],
  [
    'two kinds and not a topic',
    [one('kind', 'kind_1', 'kind_2'), { ...one('topic', 'tracker/metrics/#'), negated: true }],
  ],
  ['a word', [one('word', 'kind_3')]],
  ['a time', [one('after', '2100-01-01T00:00:00.000000Z')]],
  ['a past time', [one('before', '2000-01-01T00:00:00.000000Z')]],
];
const orders = (['updated_at', 'created_at', 'name'] as const).flatMap((name) => [name, `-${name}`] as const);
const reads: [name: string, read: () => Promise<unknown>][] = [
  ...orders.flatMap((sort): [string, () => Promise<unknown>][] => [
    [`projects by ${sort}`, () => projects.listProjects(handle, { sort }, today)],
    [`components by ${sort}`, () => components.listComponents(handle, { sort }, today)],
    [
      `components of a project by ${sort}`,
      () => components.listComponents(handle, { sort, project_id: ids.project }, today),
    ],
    [`tasks by ${sort}`, () => tasks.listTasks(handle, { sort }, ids.user)],
    [`tasks of a project by ${sort}`, () => tasks.listTasks(handle, { sort, project_id: ids.project }, ids.user)],
  ]),
  ['projects with counts', () => projects.listProjects(handle, { include: 'counts' }, today)],
  ['projects of an owner', () => projects.listProjects(handle, { owner_id: ids.user }, today)],
  ['projects by part of a name', () => projects.listProjects(handle, { q: 'zebra' }, today)],
  ['components of an assignee', () => components.listComponents(handle, { assignee_id: ids.user }, today)],
  ['components by status', () => components.listComponents(handle, { status: 'completed' }, today)],
  ['components by state', () => components.listComponents(handle, { states: ['ready', 'dead_blocked'] }, today)],
  ['components held up', () => components.listComponents(handle, { held_up: true }, today)],
  [
    'components of a project by state',
    () => components.listComponents(handle, { states: ['waiting'], held_up: true, project_id: ids.project }, today),
  ],
  ['components by part of a name', () => components.listComponents(handle, { q: 'no such part' }, today)],
  ['tasks by due date', () => tasks.listTasks(handle, {}, ids.user)],
  ['tasks by due date, last first', () => tasks.listTasks(handle, { sort: '-due_date' }, ids.user)],
  ['tasks of an assignee', () => tasks.listTasks(handle, { assignee_id: ids.user }, ids.user)],
  ['tasks of a component', () => tasks.listTasks(handle, { component_id: ids.component }, ids.user)],
  ['tasks by status', () => tasks.listTasks(handle, { status: 'done' }, ids.user)],
  ['tasks due before a day', () => tasks.listTasks(handle, { due_before: '2020-01-01' }, ids.user)],
  ['tasks of the inbox', () => tasks.listTasks(handle, { inbox: true }, ids.user)],
  ['tasks by part of a name', () => tasks.listTasks(handle, { q: 'no such step' }, ids.user)],
  ['tasks of a component in their order', () => tasks.listComponentTasks(handle, ids.component, {})],
  ['the locks of a bulk on components', () => components.lockComponents(handle, [ids.component])],
  ['the locks of a bulk on tasks', () => tasks.lockTasks(handle, [ids.task], [ids.component])],
  ['where tasks are', () => tasks.placesOfTasks(handle, [ids.task])],
  ['where components are', () => components.projectsOf(handle, [ids.component])],
  ['the events of a change', () => changes.eventsOfChange(handle, randomUUID())],
  ...['name', 'position', 'tasks', 'dependencies', 'components'].flatMap((field): [string, () => Promise<unknown>][] =>
    (['project', 'component'] as const).map((entity) => [
      `who last touched ${field} of a ${entity}`,
      () =>
        changes.touchedSince(handle, '7', {
          ...{ entity, field, project_id: ids.project },
          entity_id: entity === 'project' ? ids.project : ids.component,
        }),
    ]),
  ),
  ['a project’s activity', () => activity.projectChanges(handle, ids.project, {}, '14000', 51)],
  ['somebody’s activity', () => activity.projectChanges(handle, ids.project, { actor_id: ids.user }, '14000', 51)],
  [
    'a component’s activity',
    () => activity.entityChanges(handle, ids.project, { entity_id: ids.component }, '14000', 51),
  ],
  ['what changes told', () => activity.describeChanges(handle, ids.project, { entity_id: ids.component }, ['7', '77'])],
  ['tasks with a label', () => tasks.listTasks(handle, { label: 'label 7' }, ids.user)],
  ['all tasks of a project', () => tasks.projectTasks(handle, ids.project)],
  ['somebody’s work', () => workOf(handle, ids.user)],
  ['words of names', () => searching.searchNames(handle, 'no such thing', ids.user, 20)],
  ['beginnings of names', () => searching.searchNames(handle, 'zq', ids.user, 20)],
  ['what an id stands for', () => searching.searchId(handle, randomUUID(), ids.user)],
  ['projects called nearly so', () => quickAdd.projectsLike(handle, 'Zebra house')],
  ['components of a project by name', () => quickAdd.componentsOf(handle, ids.project)],
  ['names of places', () => quickAdd.placesOf(handle, [ids.component])],
  ['layouts', () => layouts.listLayouts(handle, {}, ids.user)],
  ['layouts of a project', () => layouts.listLayouts(handle, { project_id: ids.project }, ids.user)],
  ['the number of somebody’s layouts', () => layouts.lockAndCount(handle, ids.user)],
  ['a project', () => projects.findProject(handle, ids.project)],
  ['a graph', () => projects.projectGraph(handle, ids.project)],
  ['whether the example is there', () => projects.exampleState(handle, 'device 3')],
  ['a project’s deletion', () => projects.deletionOf(handle, ids.project)],
  ['a project’s contents', () => projects.contentsOf(handle, ids.project)],
  ['an export', () => importing.readProjectFile(handle, ids.project)],
  ['a component', () => components.findComponent(handle, ids.component)],
  ['a component’s deletion', () => components.deletionOf(handle, ids.component)],
  ['a component’s dependencies', () => components.dependenciesAt(handle, ids.component)],
  ['reachability', () => components.dependsOn(handle, ids.component, randomUUID())],
  ['a project’s edges', () => components.edgesOf(handle, ids.project)],
  ['a project’s tray', () => components.hasTray(handle, ids.project, null)],
  ['progress by tasks', () => components.progressByTasks(handle, ids.component)],
  ['a task', () => tasks.findTask(handle, ids.task)],
  ...(['-id', 'id'] as const).map((sort): [string, () => Promise<unknown>] => [
    `events by ${sort}`,
    () => events.listEvents(handle, { sort }, null),
  ]),
  ['events that a viewer sees', () => events.listEvents(handle, {}, ids.user)],
  ['events on a topic', () => events.listEvents(handle, { topic: 'tracker/events/projects/kind_3' }, null)],
  ['events below a topic', () => events.listEvents(handle, { topic: 'tracker/events/projects/#' }, null)],
  ['events of a kind', () => events.listEvents(handle, { kind: 'kind_3' }, null)],
  ['events from outside', () => events.listEvents(handle, { source: 'mqtt' }, null)],
  ['events of a project', () => events.listEvents(handle, { project_id: ids.project }, null)],
  ['events of an entity', () => events.listEvents(handle, { entity_id: ids.project }, null)],
  ['events of a trace', () => events.listEvents(handle, { trace_id: randomUUID() }, null)],
  ['events of a change', () => events.listEvents(handle, { change_id: randomUUID() }, null)],
  ['events of somebody', () => events.listEvents(handle, { actor_id: ids.user }, null)],
  ...filters.map(([name, conditions]): [string, () => Promise<unknown>] => [
    `events by ${name}`,
    () => events.listEvents(handle, { conditions }, null),
  ]),
  ['events of a time', () => events.listEvents(handle, { from: yesterday, to: '2100-01-01T00:00:00Z' }, null)],
  ['people called so', () => filtering.usersCalled(handle, ['user 77'])],
  ['devices called so', () => filtering.devicesCalled(handle, ['device 77'])],
  ['projects called so', () => filtering.projectsCalled(handle, ['project 700'])],
  ['where a time begins', () => counting.idsAt(handle, [0, Date.now() - 1000, Date.now() + 1000])],
  ['the oldest event', () => counting.oldestAt(handle)],
  ['events of a second, counted', () => counting.countAll(handle, everyone, { from: 0, to: 1000, width: 1000 })],
  [
    'some events, counted',
    () => counting.countSome(handle, everyone, [{ bucket: 0, first: 1, span: 14_000, looks: 300 }]),
  ],
  ['what a trace caused', () => traces.eventsOf(handle, randomUUID(), null, 500)],
  ['what a viewer sees of it', () => traces.eventsOf(handle, randomUUID(), ids.user, 500)],
  ['dead letters of a trace', () => traces.lettersOf(handle, randomUUID(), 500)],
  ['sign-ins of a trace', () => traces.signInsOf(handle, randomUUID(), 500)],
  [
    'traces of a time',
    () => traces.tracesOf(handle, { from: yesterday, to: 'infinity', viewer_id: null, events: 500, letters: 50 }, 50),
  ],
  ['a step of the gap meter', () => countStep(handle)],
  ['an event', () => events.findEvent(handle, '77', null)],
  ['dead letters', () => deadLetters.listDeadLetters(handle, {})],
  ['open dead letters', () => deadLetters.listDeadLetters(handle, { status: 'open' })],
  ['dead letters for a reason', () => deadLetters.listDeadLetters(handle, { reason_code: 'not_json' })],
  ['dead letters of a topic', () => deadLetters.listDeadLetters(handle, { topic: 'tracker/events/x/3' })],
  ['a dead letter', () => deadLetters.findDeadLetter(handle, '77')],
  ['dead letters of a group', () => deadLetters.listDeadLetters(handle, { group: 'a'.repeat(32), status: 'open' })],
  ['groups of dead letters', () => deadLetters.letterGroups(handle, 'open', 200)],
  ['a group of dead letters', () => deadLetters.groupExists(handle, 'a'.repeat(32))],
  ['events of the last day', () => deadLetters.storedLastDay(handle)],
  ['dead letters to forget', () => deadLetters.forgetDiscarded(handle, 1000)],
  ['the letters of a dry run', () => replays.openLetters(handle, { reason_code: 'not_json' }, '77', 200)],
  ['the next letters of a replay', () => replays.nextLetters(handle, randomUUID(), '0', 10)],
  ['what stopped replays left', () => replays.releaseStopped(handle, [])],
  ['replays', () => listJobs(handle, replays.replays, {})],
  ['replays of events', () => listJobs(handle, eventReplays.replays, {})],
  ['replays of events that run', () => eventReplays.runningReplays(handle)],
  ['the range of a replay of events', () => eventReplays.boundsOf(handle, [], '10', '20')],
  [
    'the next events of a replay',
    () => {
      const replay = { id: randomUUID(), client_id: 'x', conditions: [], to_id: '20', position: '9', rate: 1 };
      return eventReplays.nextEvents(handle, replay, '9', 10);
    },
  ],
  [
    'how a replay went of late',
    () => replays.recentFailures(handle, { id: randomUUID(), seed: '', edit: [], rate: 1, watched_from: '0' }, 50),
  ],
  ['what a stream reads', () => readAfter(handle, 15_000n, 500)],
  ['the ends of the mirror', async () => [await newestId(handle), await oldestId(handle)]],
  ['a project as one state', () => history.tableState(handle, ids.project)],
  ['its history', () => history.mirrorEvents(handle, ids.project, [ids.task, randomUUID()], '0', 500)],
  ['its snapshots', () => history.findSnapshot(handle, ids.project, 'newest')],
  ['the snapshot that history begins with', () => history.findSnapshot(handle, ids.project, { from: '5' })],
  ['where history ends', async () => [await history.droppedThrough(handle), await history.newestEvent(handle)]],
  ['the pace of events', () => pace(handle)],
  ['readers and what was dropped', async () => [await readerPositions(handle), await droppedPartitions(handle)]],
  ['a session', () => sessions.resolveSession(handle, 'token user 77 3')],
  ['open sessions', () => sessions.listSessions(handle, ids.user, ids.session)],
  ['which sessions hold', () => sessions.liveSessions(handle, [ids.session])],
  ['a known address', () => sessions.isKnownAddress(handle, ids.user, '127.0.0.1')],
  ['the oldest sessions of a user', () => sessions.capSessions(handle, ids.user, 20)],
  ['what a user owns', () => identity.ownedBy(handle, ids.user)],
  ['handing over', () => identity.handOver(handle, ids.user, ids.user)],
];

describe('reads no large table from end to end', () => {
  it.each(reads)('%s', async (_name, read) => {
    expect(await wholeReads(read)).toEqual([]);
  });
  it('the next page of each list', async () => {
    for (const sort of [...orders, 'due_date', '-due_date'] as const) {
      const page = await tasks.listTasks(handle, { sort }, ids.user);
      const cursor: string = JSON.parse(page).next_cursor;
      expect(await wholeReads(() => tasks.listTasks(handle, { sort, cursor }, ids.user))).toEqual([]);
    }
  });
  it('and would tell of one that did', async () => {
    const bad = () => queryText(handle, `select id::text from public.tasks where description = 'x'`);
    expect(await wholeReads(bad)).toHaveLength(1);
    const mirror = () => queryText(handle, `select id::text from public.events_mirror where client_id = 'x'`);
    expect(await wholeReads(mirror)).toHaveLength(1);
    expect(await wholeReads(() => sql`select from public.tasks where id = ${ids.task}`.execute(handle))).toEqual([]);
  });
});
