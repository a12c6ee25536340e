// Events as a whole over HTTP: filters, counts by time, gaps, and the stream with a filter and an end.
import { randomUUID } from 'node:crypto';
import { connectAsync } from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { followEvents } from '../../../../sdk/src/follow.ts';
import { type TestApp, testApp } from '../../../../test/harness/app.ts';
import { envelope, eventually } from '../../../../test/harness/events.ts';
import { connectSql } from '../../../../test/harness/sql.ts';

let td: TestApp;
let viewer: Awaited<ReturnType<TestApp['user']>>;
let project: string;
beforeAll(async () => {
  td = await testApp();
  viewer = await td.user({ username: 'Vera' });
  project = (await td.admin.call('createProject', { body: { name: 'Green House' } })).data.id;
  await td.admin.call('createProject', { body: { name: 'Shed' } });
  await eventually(async () => (await list('kind:project_created')).length === 2);
});
afterAll(() => td.stop());

const list = async (filter: string, client = td.admin) =>
  (await client.call('listEvents', { query: { filter } })).data.items;
const stats = async (query: { filter?: string; from?: string; to?: string }, client = td.admin) =>
  (await client.call('eventStats', { query })).data;
const refusal = (filter: string) => td.admin.call('listEvents', { query: { filter } }).catch((error) => error.body);

describe('the filter', () => {
  it('lists by names, patterns and words', async () => {
    expect((await list('project:"green house" actor:ADMIN')).map(({ kind }) => kind)).toEqual(['project_created']);
    expect(await list('kind:project_* -project:shed')).toHaveLength(1);
    expect(await list('"green h"')).toHaveLength(1);
    expect((await list('actor:vera')).map(({ kind }) => kind)).toEqual(['login_success']);
    expect(await list('kind:project_created before:1h')).toEqual([]);
    // Rows say a device's name: it can be asked for, by who may not see the accounts too.
    const { device } = (await td.admin.call('createDevice', { body: { name: 'Water Pump' } })).data;
    expect(await list('actor:"water pump"', viewer.client)).toEqual([]);
    expect(await list(`actor:${device.id}`)).toEqual([]);
    expect(await list('', viewer.client)).toHaveLength(2);
  });
  it('names the word that is wrong, and what would be right', async () => {
    const body = await refusal('kind:project_* actr:sam');
    expect(body).toMatchObject({ code: 'request.invalid', status: 400, errors: [{ pointer: '#/query/filter' }] });
    expect(body.detail).toContain('There is no field “actr”');
    expect((await refusal('actor:nobody')).detail).toContain('nobody has this name');
    expect((await refusal('after:yesteryear')).detail).toContain('2026-11-01');
    expect(await refusal('a\0b')).toMatchObject({ status: 400 });
    const stream = await td.raw(`/api/v1/events/stream?filter=${encodeURIComponent('kind:Ö')}`, {
      token: td.admin_token,
    });
    expect(stream.status).toBe(400);
  });
});

describe('counts', () => {
  it('by bucket, kind and source; a viewer’s are those of what they see', async () => {
    const all = await stats({});
    expect(all.bucket_seconds * all.buckets.length).toBeGreaterThanOrEqual(1);
    expect(all.total).toBe(all.buckets.reduce((sum, count) => sum + count, 0));
    expect(all.kinds).toContainEqual({ name: 'project_created', count: 2 });
    expect(all.sources).toEqual([{ name: 'server', count: all.total }]);
    expect((await stats({}, viewer.client)).kinds).toEqual([{ name: 'project_created', count: 2 }]);
    const one = await stats({ filter: 'project:"Green House"' });
    expect(one).toMatchObject({ total: 1, estimated: false, names: { project: { 'green house': [project] } } });
    const before = await stats({ from: '2020-01-01T00:00:00Z', to: '2020-01-02T00:00:00Z' });
    expect(before.total).toBe(0);
    const wrong = await td.admin
      .call('eventStats', { query: { from: '2020-01-02T00:00:00Z', to: '2020-01-01T00:00:00Z' } })
      .catch((error) => error.body);
    expect(wrong).toMatchObject({ status: 400, errors: [{ pointer: '#/query/to' }] });
  });

  it('of more than can be counted are estimated, nearly right', async () => {
    const sql = await connectSql(td.database_url);
    await sql.rows(
      `insert into public.events_mirror (topic, payload, source, created_at)
       select 'tracker/events/a/b', jsonb_build_object('trace_id', '${randomUUID()}', 'ts', now(), 'kind', 'kind_' || n % 4,
         'idempotency_key', n, 'payload', '{}'::jsonb), 'http', timestamptz '2030-01-01' + n * interval '10 milliseconds'
       from generate_series(0, 119999) n`,
    );
    const query = { from: '2030-01-01T00:00:00Z', to: '2030-01-01T00:20:00Z' };
    const all = await stats(query);
    expect(all).toMatchObject({ estimated: true, bucket_seconds: 20, total: 120_000 });
    expect(all.buckets).toEqual(Array.from({ length: 60 }, () => 2000));
    const some = await stats({ ...query, filter: 'kind:kind_1' });
    expect(Math.abs(some.total - 30_000)).toBeLessThan(3000);
    const exact = await stats({ from: '2030-01-01T00:19:59Z', to: '2030-01-01T00:20:00Z' });
    expect(exact).toMatchObject({ estimated: false, total: 100 });
    await sql.rows(`delete from public.events_mirror where created_at > '2029-01-01'`);
    await sql.end();
  }, 30_000);
});

describe('the stream', () => {
  it('passes on what a filter matches, as it happens', async () => {
    const stop = new AbortController();
    const steps = followEvents(td.admin, { after: null, filter: '-actor:vera kind:project_*', signal: stop.signal });
    expect((await steps.next()).value).toEqual({ type: 'connected' });
    const coming = steps.next();
    const { data } = await td.admin.call('updateProject', { params: { id: project }, body: { name: 'Green house' } });
    expect((await coming).value).toMatchObject({
      type: 'event',
      event: { kind: 'project_updated', entity_id: data.id },
    });
    stop.abort();
  });

  it('replays a range through a filter, then ends', async () => {
    const all = (await td.admin.call('listEvents', { query: { sort: 'id' } })).data.items;
    const last = all.at(-1)?.id ?? '';
    const steps = followEvents(td.admin, {
      ...{ after: '0', until: last, filter: 'kind:project_created', signal: new AbortController().signal },
    });
    const seen: string[] = [];
    for await (const step of steps) seen.push(step.type === 'event' ? step.event.id : step.type);
    const wanted = all.filter(({ kind }) => kind === 'project_created').map(({ id }) => id);
    expect(seen).toEqual(['connected', ...wanted, 'end']);
  });

  it.each(['-1', '99999999999999999999', 'garbage', '1;drop table x', '1.5', ''])(
    'refuses until=%s and after=%s',
    async (bad) => {
      for (const name of ['until', 'after']) {
        const response = await td.raw(`/api/v1/events/stream?${name}=${encodeURIComponent(bad)}`, {
          token: td.admin_token,
        });
        expect(response.status).toBe(400);
        await response.body?.cancel();
      }
    },
  );
});

describe('gaps', () => {
  it('tells administrators which producer lost what', async () => {
    const client = await connectAsync(`mqtt://127.0.0.1:${td.app.mqtt_port}`, { clientId: 'pump-1' });
    for (const producer_seq of [4, 5, 9, 10, 12]) {
      await client.publishAsync('tracker/events/garden/watered', envelope({ producer_id: 'pump', producer_seq }), {
        qos: 1,
      });
    }
    await client.endAsync();
    const body = { topic: 'tracker/events/garden/watered', kind: 'watered', payload: {} };
    await td.admin.call('publishEvent', { body: { ...body, producer_id: 'by hand', producer_seq: 1 } });
    const gaps = await eventually(async () => {
      const { data } = await td.admin.call('eventGaps', {});
      return data.producers === 2 && data.missing === 4 && data;
    });
    expect(gaps.items[0]).toMatchObject({
      ...{ source: 'mqtt', publisher: 'pump-1', producer_id: 'pump', first: 4, next: 13, received: 5, missing: 4 },
      ranges: [
        { from: 11, to: 11 },
        { from: 6, to: 8 },
      ],
    });
    expect(gaps.items[1]).toMatchObject({ source: 'http', producer_id: 'by hand', missing: 0, last_lost_at: null });
    await expect(viewer.client.call('eventGaps', {})).rejects.toMatchObject({ body: { code: 'auth.forbidden' } });
    await expect(td.admin.call('publishEvent', { body: { ...body, producer_seq: 1 } })).rejects.toMatchObject({
      body: { status: 400, errors: [{ pointer: '/producer_id' }] },
    });
  });
});
