// A request that succeeds for each endpoint of core's table, for tests that walk all of them. A new endpoint fails to compile here.
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { EndpointName } from '@taylordash/core/endpoints/all';
import { archiveStore } from '../../server/src/events/archive.ts';
import { adminName, type TestApp, testPassword } from './app.ts';
import { connectSql } from './sql.ts';

export interface Sample {
  params?: Record<string, string>;
  query?: Record<string, string>;
  body?: Record<string, unknown>;
}

/** A project with something in it, to aim requests at. */
export interface Place {
  project_id: string;
  event_id: string;
  letter_id: string;
  /** Make fresh ones, for requests that use them up. */
  component(): Promise<string>;
  task(): Promise<string>;
}

export async function makePlace(td: TestApp, name: string): Promise<Place> {
  const { data: project } = await td.admin.call('createProject', { body: { name } });
  const component = async () =>
    (await td.admin.call('createComponent', { params: { id: project.id }, body: { name: 'Part' } })).data.id;
  let event_id = '';
  for (let tries = 0; event_id === '' && tries < 200; tries++) {
    const { data } = await td.admin.call('listEvents', { query: { entity_id: project.id } });
    event_id = data.items[0]?.id ?? '';
    if (event_id === '') await new Promise((resolve) => setTimeout(resolve, 25));
  }
  const sql = await connectSql(td.database_url);
  const [letter] = await sql.rows(
    `insert into public.dlq_events (original_topic, failure_reason, payload, raw, reason_code, stage, fingerprint)
     values ('tracker/events/x', 'is not JSON', '{}', '\\x00', 'not_json', 'validate', sha256($1::bytea)) returning id::text`,
    [Buffer.from(randomUUID())],
  );
  await sql.end();
  return {
    project_id: project.id,
    event_id,
    letter_id: String(letter?.id),
    component,
    async task() {
      const id = await component();
      return (await td.admin.call('createTask', { params: { id }, body: { name: 'Step' } })).data.id;
    },
  };
}

export interface SampleContext {
  td: TestApp;
  place: Place;
  /** Name of who sends it. */
  username: string;
}

let serial = 0;

async function freshUser(td: TestApp): Promise<string> {
  serial += 1;
  const body = { username: `fresh${serial}`, password: testPassword, role: 'viewer' as const };
  return (await td.admin.call('createUser', { body })).data.id;
}

async function linked(place: Place, td: TestApp): Promise<{ id: string; depends_on_id: string }> {
  const params = { id: await place.component(), depends_on_id: await place.component() };
  await td.admin.call('addDependency', { params });
  return params;
}

/** A change that can be taken back. */
async function changeIn(td: TestApp, place: Place): Promise<string> {
  const made = await td.admin.call('createComponent', { params: { id: place.project_id }, body: { name: 'Part' } });
  return made.change_id ?? '';
}

const graph = { title: 'Imported', components: [{ key: 1, name: 'One' }], dependencies: [] };

const view = {
  kind: 'view' as const,
  name: 'Mine',
  config: { of: 'tasks', as: 'table', filter: '', group: null, sort: 'name', columns: ['name'] },
};

/** A view that who sends it keeps; past the API, as each sign-in would end an older session. */
async function ownLayout({ td, username }: SampleContext): Promise<string> {
  const sql = await connectSql(td.database_url);
  const [row] = await sql.rows(
    `insert into taylordash.layouts (user_id, kind, name, config) select id, 'view', $2, $3 from public.users
     where username = $1 returning id`,
    [username, view.name, JSON.stringify(view.config)],
  );
  await sql.end();
  return String(row?.id ?? randomUUID());
}

/** A device, made past the API like a view. */
async function freshDevice(td: TestApp): Promise<string> {
  serial += 1;
  const sql = await connectSql(td.database_url);
  const [row] = await sql.rows(
    `insert into taylordash.devices (name, username, secret_hash, publish_filters, subscribe_filters)
     values ($1, $1, '\\x00', '{}', '{}') returning id`,
    [`device-${serial}`],
  );
  await sql.end();
  return String(row?.id);
}

/** An empty archive of a partition that is said to have been dropped. */
async function droppedArchive(td: TestApp): Promise<string> {
  serial += 1;
  const name = `events_mirror_p9${String(serial).padStart(5, '0')}`;
  const from_id = `9${String(serial).padStart(5, '0')}000000`;
  const to_id = String(BigInt(from_id) + 1_000_000n);
  const sql = await connectSql(td.database_url);
  await sql.rows(
    `insert into taylordash.dropped_partitions (name, from_id, to_id, events, archived) values ($1, $2, $3, 0, true)`,
    [name, from_id, to_id],
  );
  await sql.end();
  async function* nothing(): AsyncGenerator<string[]> {}
  const range = { name, from_id, to_id, oldest_at: null, newest_at: null };
  await archiveStore(join(td.data_dir, 'archive', 'events')).write(range, nothing());
  return name;
}

/** A dead letter that is open, made past the ingest. */
async function openLetter(td: TestApp): Promise<string> {
  const sql = await connectSql(td.database_url);
  const [row] = await sql.rows(
    `insert into public.dlq_events (original_topic, failure_reason, payload, raw, reason_code, stage, fingerprint)
     values ('tracker/events/y', 'is not JSON', '{}', '\\x00', 'not_json', 'validate', sha256($1::bytea)) returning id::text`,
    [Buffer.from(randomUUID())],
  );
  await sql.end();
  return String(row?.id);
}

async function oldReplay(td: TestApp, status: string): Promise<string> {
  const sql = await connectSql(td.database_url);
  const [row] = await sql.rows(
    `insert into taylordash.dead_letter_replays (seed, selection, edit, rate, status, total)
     values (gen_random_uuid(), '{"ids": ["1"]}', '[]', 50, $1, 1) returning id`,
    [status],
  );
  await sql.end();
  return String(row?.id);
}

async function oldEventReplay(td: TestApp): Promise<string> {
  const sql = await connectSql(td.database_url);
  const [row] = await sql.rows(
    `insert into taylordash.event_replays (client_id, asked, conditions, from_id, to_id, position, rate, status, ended_at)
     values ('sleeper', '{}', '[]', 1, 2, 1, 50, 'cancelled', now()) returning id`,
  );
  await sql.end();
  return String(row?.id);
}

const measuring = { kind: 'metric' as const, service: 'shed', metric: 'humidity' };

async function freshBinding(td: TestApp): Promise<string> {
  const sql = await connectSql(td.database_url);
  const [row] = await sql.rows(
    "insert into taylordash.bindings (topic_filter, target) values ('zigbee2mqtt/+', $1) returning id",
    [JSON.stringify(measuring)],
  );
  await sql.end();
  return String(row?.id);
}

export const samples: { [N in EndpointName]: (context: SampleContext) => Promise<Sample> } = {
  setupStatus: async () => ({}),
  checkSetupCode: async () => ({ body: { code: 'AAAA-AAAA' } }),
  setup: async () => ({
    body: { code: 'A', username: 'other', password: testPassword, reach: 'this_machine', start_with: 'empty' },
  }),
  login: async () => ({ body: { username: adminName, password: testPassword } }),
  logout: async () => ({}),
  me: async () => ({}),
  updateMe: async () => ({ body: { week_start: 1 } }),
  changePassword: async () => ({
    body: { current_password: testPassword, new_password: testPassword, end_other_sessions: false },
  }),
  listSessions: async () => ({}),
  endSession: async () => ({ params: { id: randomUUID() } }),
  listPeople: async () => ({}),
  listUsers: async () => ({}),
  createUser: async () => {
    serial += 1;
    return { body: { username: `made${serial}`, password: testPassword, role: 'viewer' } };
  },
  getUser: async ({ td }) => ({ params: { id: await freshUser(td) } }),
  updateUser: async ({ td }) => ({ params: { id: await freshUser(td) }, body: { single_view_mode: true } }),
  deleteUser: async ({ td }) => ({ params: { id: await freshUser(td) } }),
  listProjects: async () => ({}),
  createProject: async () => ({ body: { name: 'New' } }),
  getProject: async ({ place }) => ({ params: { id: place.project_id } }),
  updateProject: async ({ place }) => ({ params: { id: place.project_id }, body: { description: randomUUID() } }),
  deleteProject: async ({ place }) => ({ params: { id: place.project_id } }),
  projectDeletion: async ({ place }) => ({ params: { id: place.project_id } }),
  projectGraph: async ({ place }) => ({ params: { id: place.project_id } }),
  exportProject: async ({ place }) => ({ params: { id: place.project_id } }),
  importProject: async () => ({ body: graph }),
  addExample: async () => ({}),
  listComponents: async ({ place }) => ({ query: { project_id: place.project_id } }),
  listProjectComponents: async ({ place }) => ({ params: { id: place.project_id } }),
  createComponent: async ({ place }) => ({ params: { id: place.project_id }, body: { name: 'New' } }),
  getComponent: async ({ place }) => ({ params: { id: await place.component() } }),
  updateComponent: async ({ place }) => ({ params: { id: await place.component() }, body: { progress: 5 } }),
  deleteComponent: async ({ place }) => ({ params: { id: await place.component() } }),
  componentDeletion: async ({ place }) => ({ params: { id: await place.component() } }),
  moveComponents: async ({ place }) => ({
    body: {
      project_id: place.project_id,
      positions: [{ id: await place.component(), position: { x: 1, y: 2 } }],
    },
  }),
  addDependency: async ({ place }) => ({
    params: { id: await place.component(), depends_on_id: await place.component() },
  }),
  removeDependency: async ({ place, td }) => ({ params: await linked(place, td) }),
  listTasks: async ({ place }) => ({ query: { project_id: place.project_id } }),
  listComponentTasks: async ({ place }) => ({ params: { id: await place.component() } }),
  createTask: async ({ place }) => ({ params: { id: await place.component() }, body: { name: 'New' } }),
  createInboxTask: async ({ place }) => ({ body: { name: 'New', component_id: await place.component() } }),
  getTask: async ({ place }) => ({ params: { id: await place.task() } }),
  updateTask: async ({ place }) => ({ params: { id: await place.task() }, body: { priority: 2 } }),
  deleteTask: async ({ place }) => ({ params: { id: await place.task() } }),
  quickAdd: async ({ place }) => ({ body: { text: 'New tomorrow', project_id: place.project_id } }),
  projectTasks: async ({ place }) => ({ params: { id: place.project_id } }),
  myWork: async () => ({}),
  listLayouts: async () => ({}),
  createLayout: async () => ({ body: view }),
  getLayout: async (context) => ({ params: { id: await ownLayout(context) } }),
  updateLayout: async (context) => ({ params: { id: await ownLayout(context) }, body: { name: 'Other' } }),
  deleteLayout: async (context) => ({ params: { id: await ownLayout(context) } }),
  search: async () => ({ query: { q: 'part' } }),
  bulk: async ({ place }) => ({
    body: {
      operations: [{ op: 'create_component', project_id: place.project_id, fields: { name: 'New' } }],
    },
  }),
  projectActivity: async ({ place }) => ({ params: { id: place.project_id } }),
  undoChange: async ({ td, place }) => ({ params: { id: await changeIn(td, place) }, body: {} }),
  listEvents: async () => ({}),
  getEvent: async ({ place }) => ({ params: { id: place.event_id } }),
  streamEvents: async () => ({}),
  eventStats: async () => ({ query: { filter: 'kind:project_*' } }),
  eventGaps: async () => ({}),
  getTrace: async ({ td, place }) => {
    const { data } = await td.admin.call('getEvent', { params: { id: place.event_id } });
    return { params: { trace_id: data.trace_id } };
  },
  listTraces: async () => ({}),
  publishEvent: async () => ({ body: { topic: 'tracker/events/garden/watered', kind: 'watered', payload: {} } }),
  listDeadLetters: async () => ({}),
  getDeadLetter: async ({ place }) => ({ params: { id: place.letter_id } }),
  deadLetterGroups: async () => ({}),
  muteDeadLetters: async ({ td, place }) => ({
    params: { id: (await td.admin.call('getDeadLetter', { params: { id: place.letter_id } })).data.group_id },
    body: { muted: true },
  }),
  dryRunDeadLetters: async ({ td }) => ({ body: { selection: { ids: [await openLetter(td)] } } }),
  startReplay: async ({ td }) => {
    const selection = { ids: [await openLetter(td)] };
    await td.admin.call('dryRunDeadLetters', { body: { selection } });
    return { body: { selection } };
  },
  listReplays: async () => ({}),
  getReplay: async ({ td }) => ({ params: { id: await oldReplay(td, 'finished') } }),
  stopReplay: async ({ td }) => ({ params: { id: await oldReplay(td, 'stopped') } }),
  resumeReplay: async ({ td }) => ({ params: { id: await oldReplay(td, 'stopped') } }),
  discardDeadLetters: async ({ td }) => ({ body: { selection: { ids: [await openLetter(td)] } } }),
  restoreDeadLetters: async ({ td }) => ({ body: { selection: { ids: [await openLetter(td)] } } }),
  sendBadExample: async () => ({}),
  listDevices: async () => ({}),
  createDevice: async () => {
    serial += 1;
    return { body: { name: `Device ${serial}` } };
  },
  getDevice: async ({ td }) => ({ params: { id: await freshDevice(td) } }),
  updateDevice: async ({ td }) => ({ params: { id: await freshDevice(td) }, body: { enabled: false } }),
  deleteDevice: async ({ td }) => ({ params: { id: await freshDevice(td) } }),
  renewDevicePassword: async ({ td }) => ({ params: { id: await freshDevice(td) } }),
  deviceBroker: async () => ({}),
  listSignals: async () => ({}),
  listBindings: async () => ({}),
  createBinding: async () => ({ body: { topic_filter: 'zigbee2mqtt/+', path: 'humidity', target: measuring } }),
  updateBinding: async ({ td }) => ({ params: { id: await freshBinding(td) }, body: { enabled: false } }),
  deleteBinding: async ({ td }) => ({ params: { id: await freshBinding(td) } }),
  tryBinding: async () => ({ body: { topic_filter: 'zigbee2mqtt/+', path: 'humidity', target: measuring } }),
  busSettings: async () => ({}),
  setBusSettings: async () => ({ body: { command_user_id: null } }),
  brokerTest: async () => ({}),
  runBrokerTest: async () => ({}),
  verifyProject: async ({ place }) => ({ params: { id: place.project_id } }),
  startEventReplay: async () => ({ body: { client_id: 'sleeper', to_id: '1000', rate: 500 } }),
  listEventReplays: async () => ({}),
  getEventReplay: async ({ td }) => ({ params: { id: await oldEventReplay(td) } }),
  cancelEventReplay: async ({ td }) => ({ params: { id: await oldEventReplay(td) } }),
  getRetention: async () => ({}),
  setEventRetention: async () => ({ body: { keep_days: null, archive: true } }),
  runRetention: async () => ({}),
  listArchives: async () => ({}),
  verifyArchive: async ({ td }) => ({ params: { name: await droppedArchive(td) } }),
  restoreArchive: async ({ td }) => ({ params: { name: await droppedArchive(td) } }),
  releaseArchive: async ({ td }) => ({ params: { name: await droppedArchive(td) } }),
  live: async () => ({}),
  ready: async () => ({}),
  stack: async () => ({}),
};
