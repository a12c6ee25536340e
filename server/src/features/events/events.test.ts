// Events over HTTP: publishing, lists, single events, dead letters and the live stream, by right.
import { randomUUID } from 'node:crypto';
import type { ProblemBody } from '@taylordash/core/problems';
import { connectAsync } from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestApp, testApp } from '../../../../test/harness/app.ts';
import { envelope, eventually } from '../../../../test/harness/events.ts';

describe('events over HTTP', () => {
  let test: TestApp;
  let viewer: Awaited<ReturnType<TestApp['user']>>;
  beforeAll(async () => {
    test = await testApp();
    viewer = await test.user({ username: 'vera' });
  });
  afterAll(() => test.stop());

  const draft = (fields: object = {}) => ({
    topic: 'tracker/events/projects/noted',
    kind: 'project_noted',
    payload: { text: 'hello' },
    ...fields,
  });
  const stored = (trace_id: string) =>
    eventually(async () => {
      const { data } = await test.admin.call('listEvents', { query: { trace_id } });
      return data.items[0];
    });

  it('publishes an event, stored and sent on, as hearsay of its sender', async () => {
    const client = await connectAsync(`mqtt://127.0.0.1:${test.app.mqtt_port}`);
    const got: unknown[] = [];
    client.on('message', (topic, payload) => got.push([topic, JSON.parse(payload.toString()).payload]));
    await client.subscribeAsync('tracker/events/projects/noted', { qos: 1 });
    const trace_id = randomUUID();
    const { data } = await test.admin.call('publishEvent', { body: draft({ trace_id }) });
    expect(data).toMatchObject({ trace_id, duplicate: false });
    expect(await stored(trace_id)).toMatchObject({
      source: 'http',
      client_id: 'admin',
      kind: 'project_noted',
      payload: { text: 'hello' },
    });
    await eventually(() => got.length === 1);
    expect(got).toEqual([['tracker/events/projects/noted', { text: 'hello' }]]);
    await client.endAsync();
  });

  it('recognises a repeat, and refuses other content under the same key, each sender for itself', async () => {
    const idempotency_key = randomUUID();
    const body = draft({ idempotency_key });
    expect((await test.admin.call('publishEvent', { body })).data.duplicate).toBe(false);
    expect((await test.admin.call('publishEvent', { body })).data.duplicate).toBe(true);
    await expect(
      test.admin.call('publishEvent', { body: draft({ idempotency_key, payload: { text: 'other' } }) }),
    ).rejects.toMatchObject({ body: { code: 'event.key_reused', status: 409 } });
    const publisher = await test.user({
      username: 'paul',
      grants: [{ permission: 'publish:events', project_id: null }],
    });
    expect((await publisher.client.call('publishEvent', { body })).data.duplicate).toBe(false);
  });

  it('refuses what breaks the rules, without a 500', async () => {
    const refusal = async (body: object) => {
      const response = await test.raw('/api/v1/events', {
        method: 'POST',
        token: test.admin_token,
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json' },
      });
      const problem: ProblemBody = JSON.parse(await response.text());
      return [response.status, problem.code, ...(problem.errors ?? []).map(({ pointer }) => pointer)];
    };
    const metric = { topic: 'tracker/metrics/shed/humidity', kind: 'measured' };
    expect(await refusal(draft({ topic: 'tracker/status/server' }))).toEqual([400, 'request.invalid', '/topic']);
    expect(await refusal(draft({ topic: 'tracker/events/+' }))).toEqual([400, 'event.invalid', '/topic']);
    expect(await refusal(draft({ kind: 'Not This' }))).toEqual([400, 'request.invalid', '/kind']);
    expect(await refusal(draft(metric))).toEqual([400, 'event.invalid', '/payload/value']);
    expect(await refusal(draft({ ...metric, payload: { value: 1, unit: 7 } }))).toEqual([
      ...[400, 'event.invalid', '/payload/unit'],
    ]);
    expect(await refusal(draft({ payload: { text: 'x'.repeat(300_000) } }))).toEqual([
      ...[400, 'event.invalid', '/payload'],
    ]);
    await expect(viewer.client.call('publishEvent', { body: draft() })).rejects.toMatchObject({
      body: { status: 403 },
    });
  });

  it('writes the metric of an event on tracker/metrics', async () => {
    const trace_id = randomUUID();
    await test.admin.call('publishEvent', {
      body: draft({
        trace_id,
        topic: 'tracker/metrics/shed/humidity',
        kind: 'measured',
        payload: { value: 55, unit: '%' },
      }),
    });
    expect(await stored(trace_id)).toMatchObject({ topic: 'tracker/metrics/shed/humidity' });
  });

  it('lists by filter and page, and one by its number; a viewer sees what a viewer may', async () => {
    const topic = 'tracker/events/tasks/counted';
    const trace_id = randomUUID();
    for (let n = 0; n < 5; n++)
      await test.admin.call('publishEvent', { body: draft({ topic, trace_id, payload: { n } }) });
    const secret = randomUUID();
    await test.admin.call('publishEvent', { body: draft({ topic: 'tracker/events/auth/hinted', trace_id: secret }) });
    const hidden = await stored(secret);
    await eventually(
      async () => (await test.admin.call('listEvents', { query: { trace_id } })).data.items.length === 5,
    );

    const seen: unknown[] = [];
    let cursor: string | undefined;
    do {
      const page = await viewer.client.call('listEvents', {
        query: {
          topic: 'tracker/events/+/counted',
          kind: 'project_noted',
          limit: 2,
          sort: 'id',
          ...(cursor === undefined ? {} : { cursor }),
        },
      });
      seen.push(...page.data.items.map((item) => item.payload.n));
      cursor = page.data.next_cursor ?? undefined;
    } while (cursor !== undefined);
    expect(seen).toEqual([0, 1, 2, 3, 4]);

    expect((await viewer.client.call('listEvents', { query: { trace_id: secret } })).data.items).toEqual([]);
    await expect(viewer.client.call('getEvent', { params: { id: hidden.id } })).rejects.toMatchObject({
      body: { code: 'event.not_found' },
    });
    expect((await test.admin.call('getEvent', { params: { id: hidden.id } })).data.trace_id).toBe(secret);
    await expect(test.admin.call('getEvent', { params: { id: '9999999999999999999' } })).rejects.toMatchObject({
      body: { status: 404 },
    });
    for (const bad of ['garbage', Buffer.from('["-id","9999999999999999999","1"]').toString('base64url')]) {
      await expect(test.admin.call('listEvents', { query: { cursor: bad } })).rejects.toMatchObject({
        body: { code: 'request.bad_cursor' },
      });
    }
    await expect(test.admin.call('listEvents', { query: { topic: 'a/#/b' } })).rejects.toMatchObject({
      body: { status: 400 },
    });
  });

  it('shows dead letters to administrators alone', async () => {
    const client = await connectAsync(`mqtt://127.0.0.1:${test.app.mqtt_port}`);
    await client.publishAsync('tracker/events/garden/broken', Buffer.from([0xff, 0x00]), { qos: 1 });
    await client.publishAsync('tracker/events/garden/broken', envelope({ ts: 'yesterday' }), { qos: 1 });
    await client.endAsync();
    const { data } = await test.admin.call('listDeadLetters', { query: { topic: 'tracker/events/garden/#' } });
    expect(data.items.map((item) => item.reason_code)).toEqual(['bad_field', 'not_utf8']);
    const { data: one } = await test.admin.call('getDeadLetter', { params: { id: data.items[1]?.id ?? '' } });
    expect(one).toMatchObject({ raw_base64: '/wA=', raw_size: 2, attempts: 1, stage: 'validate' });
    await expect(viewer.client.call('listDeadLetters', { query: {} })).rejects.toMatchObject({ body: { status: 403 } });
    await expect(test.admin.call('getDeadLetter', { params: { id: '999999' } })).rejects.toMatchObject({
      body: { code: 'dead_letter.not_found' },
    });
  });

  /** Reads a stream until `until` is true of its text, then closes it. */
  async function readStream(
    token: string,
    query: string,
    headers: Record<string, string>,
    until: (text: string) => boolean,
    meanwhile?: () => Promise<unknown>,
  ) {
    const abort = new AbortController();
    const response = await test.raw(`/api/v1/events/stream${query}`, { token, headers, signal: abort.signal });
    let text = '';
    const decoder = new TextDecoder();
    const reader = response.body?.getReader();
    const timer = setTimeout(() => abort.abort(), 10_000);
    const working = meanwhile?.();
    while (reader && !until(text)) {
      const { value, done } = await reader.read();
      if (done) break;
      text += decoder.decode(value, { stream: true });
    }
    clearTimeout(timer);
    await working;
    abort.abort();
    return { response, text };
  }

  it('streams what happens, resumes after an id, and ends when the session does', async () => {
    const trace_id = randomUUID();
    const { response, text } = await readStream(
      viewer.token,
      '?topics=tracker/events/%23',
      {},
      (sofar) => sofar.includes(trace_id),
      async () => {
        await test.admin.call('publishEvent', { body: draft({ topic: 'tracker/events/auth/quiet' }) });
        await test.admin.call('publishEvent', { body: draft({ trace_id }) });
      },
    );
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    expect(response.headers.get('x-trace-id')).not.toBeNull();
    expect(text.startsWith(': connected\n\n')).toBe(true);
    expect(text).toContain('event: event\ndata: {');
    expect(text).not.toContain('tracker/events/auth');
    const event = await stored(trace_id);
    const again = await readStream(viewer.token, '', { 'last-event-id': String(BigInt(event.id) - 1n) }, (sofar) =>
      sofar.includes(trace_id),
    );
    expect(again.text).toContain(`id: ${event.id}\nevent: event`);
    const reset = await readStream(viewer.token, '', { 'last-event-id': 'x' }, (sofar) =>
      sofar.includes('event: reset'),
    );
    expect(reset.text).toContain('event: reset');

    const leaving = await test.user({ username: 'leo' });
    const begun = performance.now();
    await readStream(
      leaving.token,
      '',
      {},
      () => false,
      () => leaving.client.call('logout', {}),
    );
    expect(performance.now() - begun).toBeLessThan(4000);
    expect((await test.raw('/api/v1/events/stream')).status).toBe(401);
    expect((await test.raw('/api/v1/events/stream?topics=a%23', { token: test.admin_token })).status).toBe(400);
  });
});
