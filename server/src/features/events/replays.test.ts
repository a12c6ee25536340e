// Replays of stored events to one MQTT client: which, in order, at their rate, on after kills; heard by that client alone.
import type { EventReplayInput } from '@taylordash/core/event-replays';
import { ApiProblem } from '@taylordash/sdk/client';
import { connect, connectAsync, type MqttClient } from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestApp, testApp } from '../../../../test/harness/app.ts';
import { eventually } from '../../../../test/harness/events.ts';
import { testDatabase } from '../../../../test/harness/postgres.ts';
import { connectSql, type TestSql } from '../../../../test/harness/sql.ts';

let td: TestApp;
let sql: TestSql;
const open: MqttClient[] = [];
beforeAll(async () => {
  td = await testApp();
  sql = await connectSql(td.database_url);
});
afterAll(async () => {
  for (const client of open) await client.endAsync(true);
  await sql.end();
  await td.stop();
});

interface Heard {
  topic: string;
  text: string;
  qos: number;
}

/** A client that listens to what is replayed to it, or, by another filter, tries to hear others'. */
async function listener(clientId: string, options: { username?: string; password?: string; filter?: string } = {}) {
  const { filter = `tracker/replies/${clientId}/replay/#`, ...account } = options;
  const client = await connectAsync(`mqtt://127.0.0.1:${td.app.mqtt_port}`, { clientId, ...account });
  open.push(client);
  const heard: Heard[] = [];
  client.on('message', (topic, payload, { qos }) => heard.push({ topic, text: payload.toString(), qos }));
  // A broker that refuses says 128, which the client takes for an error.
  const granted = await client.subscribeAsync(filter, { qos: 1 }).then(
    ([grant]) => grant?.qos,
    () => 'refused',
  );
  return { heard, granted };
}

async function publish(topic: string, kind: string, count: number): Promise<void> {
  const body = (n: number) => ({ topic, kind, payload: { n } });
  for (let n = 0; n < count; n++) await td.admin.call('publishEvent', { body: body(n) });
  await eventually(
    async () => (await sql.count('select count(*) from public.events_mirror where topic = $1', [topic])) >= count,
  );
}

type Body = EventReplayInput;
const start = async (body: Body) => (await td.admin.call('startEventReplay', { body })).data;
const settled = (id: string) =>
  eventually(async () => {
    const { data } = await td.admin.call('getEventReplay', { params: { id } });
    return data.status !== 'running' && data;
  }, 30_000);
const numbers = (heard: readonly Heard[]) => heard.map(({ text }) => JSON.parse(text).payload.n);

async function refusal(body: Body): Promise<{ code: string; field?: string | undefined }> {
  try {
    await start(body);
  } catch (error) {
    if (error instanceof ApiProblem) return { code: error.body.code, field: error.body.errors?.[0]?.pointer };
    throw error;
  }
  return { code: 'none' };
}

describe('what is sent', () => {
  it('is what was stored, in order, with QoS 1, to one client alone', async () => {
    const topic = 'tracker/events/garden/watered';
    await publish(topic, 'plant_watered', 30);
    const mine = await listener('pump-1');
    const other = await listener('pump-2', { filter: 'tracker/replies/pump-1/#' });
    const wide = await listener('pump-3', { filter: '#' });
    expect(mine.granted).toBe(1);
    expect(other.granted).toBe('refused');
    const made = await start({ client_id: 'pump-1', topics: [topic], rate: 500 });
    expect(made).toMatchObject({ status: 'running', sent: 0, client_id: 'pump-1', device_id: null });
    const done = await settled(made.id);
    expect(done).toMatchObject({ status: 'finished', sent: 30, position: done.to_id });
    await eventually(async () => mine.heard.length === 30);
    expect(new Set(mine.heard.map((one) => one.topic))).toEqual(new Set([`tracker/replies/pump-1/replay/${topic}`]));
    expect(mine.heard.every(({ qos }) => qos === 1)).toBe(true);
    expect(numbers(mine.heard)).toEqual(Array.from({ length: 30 }, (_, n) => n));
    const rows = await sql.rows('select payload from public.events_mirror where topic = $1 order by id', [topic]);
    expect(mine.heard.map(({ text }) => JSON.parse(text))).toEqual(rows.map(({ payload }) => payload));
    expect([...other.heard, ...wide.heard.filter(({ topic }) => topic.includes('replies'))]).toEqual([]);
    // It is not stored again.
    expect(
      await sql.count('select count(*) from public.events_mirror where topic like $1', ['tracker/replies/%']),
    ).toBe(0);
    const told = await eventually(async () => {
      const rows = await sql.rows(
        `select payload->>'kind' as kind from public.events_mirror where entity_id = $1 order by id`,
        [made.id],
      );
      return rows.length === 2 && rows.map(({ kind }) => kind);
    });
    expect(told).toEqual(['event_replay_started', 'event_replay_finished']);
  });

  it('is chosen by numbers, times, kinds and a filter, all of which must hold', async () => {
    await publish('tracker/events/shed/opened', 'door_opened', 4);
    await publish('tracker/events/shed/closed', 'door_closed', 4);
    const ids = (
      await sql.rows(
        `select id::text as id from public.events_mirror where topic like 'tracker/events/shed/%' order by id`,
      )
    ).map(({ id }) => String(id));
    const { heard } = await listener('shed');
    const sent = async (body: Body) => {
      heard.length = 0;
      const { id } = await start({ client_id: 'shed', topics: ['tracker/events/shed/#'], rate: 500, ...body });
      const { sent } = await settled(id);
      await eventually(async () => heard.length === sent);
      return heard.map(({ topic, text }) => `${topic.split('/').at(-1)} ${JSON.parse(text).payload.n}`);
    };
    expect(await sent({ from_id: ids[2] ?? '', to_id: ids[5] ?? '' })).toEqual([
      'opened 2',
      'opened 3',
      'closed 0',
      'closed 1',
    ]);
    expect(await sent({ kinds: ['door_closed'], to_id: ids[4] ?? '' })).toEqual(['closed 0']);
    expect(await sent({ filter: '-kind:door_closed', from_id: ids[3] ?? '' })).toEqual(['opened 3']);
    const from = new Date(Date.now() + 3_600_000).toISOString();
    expect(await refusal({ client_id: 'shed', from })).toMatchObject({ code: 'event.none_in_range' });
    await sql.rows("update public.events_mirror set created_at = created_at + interval '1 day' where id = $1", [
      ids[7],
    ]);
    expect(await sent({ from })).toEqual(['closed 3']);
    await sql.rows("update public.events_mirror set created_at = created_at - interval '1 day' where id = $1", [
      ids[7],
    ]);
  });

  it('reaches a device by the client it last came by, whatever its account may read', async () => {
    const { device, password } = (await td.admin.call('createDevice', { body: { name: 'Lamp' } })).data;
    await td.admin.call('updateDevice', { params: { id: device.id }, body: { subscribe_filters: [] } });
    expect(await refusal({ device_id: device.id })).toMatchObject({ code: 'event.no_client' });
    const { heard, granted } = await listener('lamp-7', { username: device.username, password });
    expect(granted).toBe(1);
    const made = await eventually(async () => {
      const made = await start({ device_id: device.id, topics: ['tracker/events/garden/#'], rate: 500 }).catch(
        () => null,
      );
      return made !== null && made;
    });
    expect(made).toMatchObject({ client_id: 'lamp-7', device_id: device.id });
    await eventually(async () => heard.length === 30);
  });

  it('waits for a client that sleeps, whose session the broker keeps', async () => {
    const broker = `mqtt://127.0.0.1:${td.app.mqtt_port}`;
    const kept = { clientId: 'sleeper', clean: false };
    const first = await connectAsync(broker, kept);
    await first.subscribeAsync('tracker/replies/sleeper/#', { qos: 1 });
    await first.endAsync();
    const { id } = await start({ client_id: 'sleeper', topics: ['tracker/events/garden/#'], rate: 500 });
    expect(await settled(id)).toMatchObject({ sent: 30 });
    const heard: number[] = [];
    const again = connect(broker, kept);
    open.push(again);
    again.on('message', (_topic, payload) => heard.push(JSON.parse(payload.toString()).payload.n));
    await eventually(async () => heard.length === 30);
    expect(heard).toEqual(Array.from({ length: 30 }, (_, n) => n));
  });
});

describe('a replay that runs', () => {
  it('goes on after each kill of the leader: every event, in order, none left out', async () => {
    const topic = 'tracker/events/kills/counted';
    await publish(topic, 'counted', 200);
    const { heard } = await listener('counter');
    const { id } = await start({ client_id: 'counter', topics: [topic], rate: 200 });
    let killed = 0;
    for (let kill = 1; kill <= 3; kill++) {
      await eventually(async () => heard.length >= kill * 40);
      killed += await sql.count(
        `select count(pg_terminate_backend(a.pid)) from pg_stat_activity a join pg_locks l on l.pid = a.pid
         where a.application_name = 'taylordash leader' and a.datname = current_database() and l.locktype = 'advisory' and l.granted`,
      );
      await eventually(() => td.app.events.leads());
    }
    expect(killed).toBeGreaterThan(0);
    await settled(id);
    await eventually(async () => numbers(heard).at(-1) === 199);
    // What was under way at a kill may come twice, never in another order: each step is to the next, or back over what was heard.
    const seen = numbers(heard);
    expect([...new Set(seen)]).toEqual(Array.from({ length: 200 }, (_, n) => n));
    expect(seen.length).toBeLessThan(200 + 3 * 20 + 1);
  }, 60_000);

  it('goes on where it was when the next server starts', async () => {
    const database = await testDatabase();
    const first = await testApp({ database_url: database.url });
    for (let n = 0; n < 40; n++) {
      const body = { topic: 'tracker/events/restart/counted', kind: 'counted', payload: { n } };
      await first.admin.call('publishEvent', { body });
    }
    const heard: number[] = [];
    const hear = (app: TestApp) => {
      const client = connect(`mqtt://127.0.0.1:${app.app.mqtt_port}`, { clientId: 'stayer', clean: false });
      client.on('message', (_topic, payload) => heard.push(JSON.parse(payload.toString()).payload.n));
      open.push(client);
      return client;
    };
    const before = hear(first);
    await before.subscribeAsync('tracker/replies/stayer/#', { qos: 1 });
    const body = { client_id: 'stayer', topics: ['tracker/events/restart/#'], rate: 20 };
    const { id } = await eventually(async () => {
      const { items } = (
        await first.admin.call('listEvents', { query: { topic: 'tracker/events/restart/#', limit: 200 } })
      ).data;
      return items.length === 40 && (await first.admin.call('startEventReplay', { body })).data;
    });
    await eventually(async () => heard.length >= 6);
    await before.endAsync(true);
    await first.stop();
    expect(heard.length).toBeLessThan(40);
    const second = await testApp({ database_url: database.url });
    hear(second);
    await eventually(async () => heard.at(-1) === 39);
    const done = await eventually(async () => {
      const { data } = await second.admin.call('getEventReplay', { params: { id } });
      return data.status === 'finished' && data;
    });
    expect(done.sent).toBe(40);
    expect([...new Set(heard)]).toEqual(Array.from({ length: 40 }, (_, n) => n));
    await second.stop();
    await database.drop();
  }, 60_000);

  it('can be cancelled, stays where it was, and tells so', async () => {
    const { heard } = await listener('half');
    const { id } = await start({ client_id: 'half', topics: ['tracker/events/kills/#'], rate: 20 });
    await eventually(async () => heard.length >= 4);
    const { data } = await td.admin.call('cancelEventReplay', { params: { id } });
    expect(data).toMatchObject({ status: 'cancelled' });
    expect(data.ended_at).not.toBeNull();
    await new Promise((resolve) => setTimeout(resolve, 400));
    const then = heard.length;
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(heard).toHaveLength(then);
    expect(then).toBeLessThan(200);
    expect((await td.admin.call('cancelEventReplay', { params: { id } })).data.status).toBe('cancelled');
    const { data: listed } = await td.admin.call('listEventReplays', { query: { limit: 1 } });
    expect(listed.items[0]?.id).toBe(id);
  });
});

describe('what is refused', () => {
  it.each([
    [{}, { code: 'request.invalid', field: '/client_id' }],
    [
      { client_id: 'a', device_id: '5f0c8e1a-7d3b-4c53-9a52-0f2d3c1b7e90' },
      { code: 'request.invalid', field: '/client_id' },
    ],
    [{ client_id: 'a/b' }, { code: 'request.invalid', field: '/client_id' }],
    [{ client_id: '#' }, { code: 'request.invalid', field: '/client_id' }],
    [
      { client_id: 'a', topics: ['x/#/y'] },
      { code: 'request.invalid', field: '/topics/0' },
    ],
    [
      { client_id: 'a', filter: 'nonsense:1' },
      { code: 'request.invalid', field: '/filter' },
    ],
    [
      { client_id: 'a', from_id: '5', to_id: '4' },
      { code: 'request.invalid', field: '/to_id' },
    ],
    [
      { client_id: 'a', from_id: '9999999999999999999' },
      { code: 'request.invalid', field: '/from_id' },
    ],
    [
      { client_id: 'a', rate: 501 },
      { code: 'request.invalid', field: '/rate' },
    ],
    [
      { client_id: 'a', from: '2026-01-02T00:00:00Z', to: '2026-01-01T00:00:00Z' },
      { code: 'request.invalid', field: '/to' },
    ],
    [{ device_id: '5f0c8e1a-7d3b-4c53-9a52-0f2d3c1b7e90' }, { code: 'device.not_found' }],
    [{ client_id: 'a', topics: ['tracker/events/nowhere'] }, { code: 'event.none_in_range' }],
  ])('%j', async (body, expected) => {
    expect(await refusal(body)).toMatchObject(expected);
  });

  it('without a word of what is wanted', async () => {
    const { status } = await td.raw('/api/v1/events/replays', { method: 'POST', token: td.admin_token });
    expect(status).toBe(400);
  });

  it('for who is no administrator', async () => {
    const viewer = await td.user({ username: 'vera' });
    const body = { client_id: 'a' };
    await expect(viewer.client.call('startEventReplay', { body })).rejects.toMatchObject({
      body: { code: 'auth.forbidden' },
    });
  });
});
