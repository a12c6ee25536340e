// Wrong input at every endpoint: refused with a 4xx that names the field, never a 500, and nothing written.
import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { type EndpointName, endpoints } from '@taylordash/core/endpoints/all';
import type { EndpointSpec } from '@taylordash/core/endpoints/endpoint';
import { problems } from '@taylordash/core/problems';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { adminName, type TestApp, testApp } from '../../../test/harness/app.ts';
import { makePlace, type Place, type Sample, samples } from '../../../test/harness/samples.ts';
import { pathFor, type Sent, send } from '../../../test/harness/send.ts';
import { connectSql, fingerprint, type TestSql } from '../../../test/harness/sql.ts';
import { mutationsOf } from '../../../test/harness/wrong-values.ts';

let td: TestApp;
let place: Place;
let sql: TestSql;
const ready = new Map<EndpointName, Sample>();
const everyEndpoint = Object.keys(endpoints).filter((name): name is EndpointName => Object.hasOwn(endpoints, name));
const withBody = everyEndpoint.filter((name) => specOf(name).body);
/** Asked so often here that their own limit would answer. */
const limited: ReadonlySet<EndpointName> = new Set(['setup', 'checkSetupCode', 'exportProject']);

function specOf(name: EndpointName): EndpointSpec {
  return endpoints[name];
}

beforeAll(async () => {
  td = await testApp();
  sql = await connectSql(td.database_url);
  place = await makePlace(td, 'Place');
  for (const name of everyEndpoint) ready.set(name, await samples[name]({ td, place, username: adminName }));
});
afterAll(async () => {
  await sql.end();
  await td.stop();
});

const sample = (name: EndpointName): Sample => ready.get(name) ?? {};
const sendAs = (name: EndpointName, given: Sample, options: Parameters<typeof send>[3] = {}) =>
  send(td, name, given, { token: td.admin_token, ...options });

/** What each refusal must be like. */
function expectRefused(sent: Sent, what: unknown, pointer?: string): void {
  const { status, problem, headers } = sent;
  const context = JSON.stringify({ what, status, problem }).slice(0, 600);
  expect(status, context).toBeGreaterThanOrEqual(400);
  expect(status, context).toBeLessThan(500);
  expect(headers.get('content-type'), context).toMatch(/^application.problem.json/);
  expect(problem.status, context).toBe(status);
  expect(problem.trace_id).toBe(headers.get('x-trace-id'));
  const code = problem.code ?? 'server.error';
  expect([problem.title, problem.status], context).toEqual([problems[code][1], problems[code][0]]);
  if (pointer === undefined) return;
  const pointers = (problem.errors ?? []).map((error) => error.pointer);
  expect(
    pointers.some((found) => found === pointer || found.startsWith(`${pointer}/`)),
    `${pointer} in ${context}`,
  ).toBe(true);
}

async function nothingWritten(act: () => Promise<void>): Promise<void> {
  const before = await fingerprint(sql);
  await act();
  expect(await fingerprint(sql)).toEqual(before);
}

const takesInput = (name: EndpointName) =>
  Boolean(
    specOf(name).params ||
      specOf(name).query ||
      specOf(name).body ||
      specOf(name).idempotent ||
      (specOf(name).etag && specOf(name).method !== 'GET'),
  );

describe.each(everyEndpoint.filter((name) => !limited.has(name) && takesInput(name)))('%s', (name) => {
  const spec = specOf(name);
  if (spec.params || spec.query || spec.body)
    it('refuses each wrong value and names it', async () => {
      await nothingWritten(async () => {
        const given = sample(name);
        const parts = [
          ['params', '#/params', spec.params],
          ['query', '#/query', spec.query],
          ['body', '', spec.body],
        ] as const;
        for (const [part, prefix, schema] of parts) {
          if (!schema) continue;
          for (const { pointer, value, why } of mutationsOf(schema, given[part] ?? {}, part !== 'body')) {
            // A path without its parameter is another path.
            if (part === 'params' && pointer.split('/').length !== 2) continue;
            const sent = await sendAs(name, { ...given, [part]: value });
            expectRefused(sent, `${part} ${why}`, `${prefix}${pointer}`);
          }
        }
      });
    }, 30_000);

  if (spec.body)
    it('refuses bodies that are not the JSON they should be', async () => {
      const inner = JSON.stringify(sample(name).body).slice(1);
      const deep = `${'['.repeat(40)}${']'.repeat(40)}`;
      const bad: [bytes: string | Uint8Array<ArrayBuffer>, status: number][] = [
        ['', 400],
        ['{', 400],
        ['null', 400],
        ['[]', 400],
        ['"text"', 400],
        [`{"a":1,"a":2,${inner}`, 400],
        [`{"\\u0061":1,"a":2,${inner}`, 400],
        [`{"__proto__":{"role":"admin"},${inner}`, 400],
        [`{"constructor":{"prototype":{"role":"admin"}},${inner}`, 400],
        [`{"x":${deep},${inner}`, 400],
        [`{"x":"\\u0000",${inner}`, 400],
        [`{"x":"\\ud800",${inner}`, 400],
        [`{"x":1e999,${inner}`, 400],
        [new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]), 400],
        [JSON.stringify({ x: 'x'.repeat(2 * 1024 * 1024) }), spec.body_limit === undefined ? 413 : 400],
      ];
      await nothingWritten(async () => {
        for (const [bytes, status] of bad) {
          const sent = await sendAs(name, sample(name), { bytes });
          const what = typeof bytes === 'string' ? bytes.slice(0, 60) : 'not UTF-8';
          expectRefused(sent, what);
          expect(sent.status, what).toBe(status);
        }
        for (const type of [
          'text/plain',
          'application/x-www-form-urlencoded',
          'multipart/form-data',
          'application/xml',
          '',
        ]) {
          const sent = await sendAs(name, sample(name), { headers: { 'content-type': type } });
          expectRefused(sent, type);
          expect(sent.status, type).toBe(415);
        }
      });
    });

  if (spec.query)
    it('refuses parameters said twice, unknown, or with a NUL in them', async () => {
      await nothingWritten(async () => {
        const known = Object.keys(queryProperties(spec));
        for (const field of known) {
          const twice = await sendAs(name, { ...sample(name), query: {} }, { search: `${field}=1&${field}=2` });
          expectRefused(twice, `${field} twice`, `#/query/${field}`);
          const nul = await sendAs(name, { ...sample(name), query: {} }, { search: `${field}=a%00b` });
          expectRefused(nul, `${field} NUL`, `#/query/${field}`);
        }
        for (const field of ['nonsense', '__proto__', 'constructor', 'limit[]', '']) {
          const sent = await sendAs(name, sample(name), { search: `${encodeURIComponent(field)}=1` });
          expectRefused(sent, `unknown ${field}`);
        }
      });
    });

  if (queryProperties(spec).cursor !== undefined)
    it('refuses cursors that it did not give out', async () => {
      const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
      const sorts: unknown = queryProperties(spec).sort;
      const first = typeof sorts === 'object' && sorts !== null && 'enum' in sorts ? String(sorts.enum) : '';
      const orders = [...first.split(','), 'rank', 'username', '-id', 'due_date', '-updated_at'];
      const forged = orders.flatMap((order) => [
        encode([order, 'infinity', 'no-uuid']),
        encode([order, '2026-02-30 10:00:00+00', randomUUID()]),
        encode([order, '9999-99-99 99:99:99+00', randomUUID()]),
        encode([order, '99999999999999999999', '1']),
        encode([order, 1, 2]),
        encode([order, 'x\0', randomUUID()]),
        encode([order, '9999999999999999999', '9999999999999999999']),
      ]);
      for (const cursor of [
        'x',
        '!!!!',
        'AAAA',
        encode({}),
        encode(['a']),
        encode([[], {}, null]),
        'x'.repeat(1001),
        ...forged,
      ]) {
        const sent = await sendAs(name, { ...sample(name), query: { ...sample(name).query, cursor } });
        // A name or a rank may be any text.
        if (sent.status === 200 && /^\["(-?name|rank|username)/.test(Buffer.from(cursor, 'base64url').toString()))
          continue;
        expectRefused(sent, Buffer.from(cursor, 'base64url').toString(), '#/query/cursor');
      }
    });

  if (spec.etag && ['PATCH', 'DELETE'].includes(spec.method))
    it('refuses a broken If-Match', async () => {
      await nothingWritten(async () => {
        for (const value of ['3', '"x"', 'W/"3"', '"1", "2"', '""', '"-1"', '"99999999999"', 'null']) {
          const sent = await sendAs(name, sample(name), { headers: { 'if-match': value } });
          expectRefused(sent, value, '#/headers/if-match');
        }
      });
    });

  if (spec.idempotent)
    it('refuses an Idempotency-Key that is none', async () => {
      await nothingWritten(async () => {
        for (const key of ['', 'x'.repeat(201), 'käse', 'a\tb']) {
          const sent = await sendAs(name, sample(name), { headers: { 'idempotency-key': key } });
          expectRefused(sent, key, '#/headers/idempotency-key');
        }
      });
    });
});

function queryProperties(spec: EndpointSpec): Record<string, unknown> {
  const schema: { properties?: Record<string, unknown> } = spec.query ?? {};
  return schema.properties ?? {};
}

describe('values that a schema lets through', () => {
  const cases: [EndpointName, Record<string, unknown>, string][] = [
    ['updateMe', { time_zone: 'Mars/Olympus' }, '/time_zone'],
    ['updateMe', { metadata: { x: 'x'.repeat(17_000) } }, '/metadata'],
    ['updateProject', { metadata: { x: 'x'.repeat(17_000) } }, '/metadata'],
    // Eight characters here, three hundred in PostgreSQL.
    ['updateProject', { metadata: { x: Array.from({ length: 1000 }, () => 1.5e300) } }, '/metadata'],
    ['updateProject', { owner_id: randomUUID() }, '/owner_id'],
    ['updateComponent', { assignee_id: randomUUID() }, '/assignee_id'],
    ['updateComponent', { blocked_reason: 'No glass' }, '/blocked_reason'],
    ['updateTask', { assignee_id: randomUUID() }, '/assignee_id'],
    ['createUser', { username: adminName.toUpperCase(), password: 'something long', role: 'viewer' }, '/username'],
    ['publishEvent', { topic: 'tracker/status/server', kind: 'x', payload: {} }, '/topic'],
  ];
  it.each(cases)('%s %j', async (name, body, pointer) => {
    await nothingWritten(async () => {
      expectRefused(await sendAs(name, { ...sample(name), body }), body, pointer);
    });
  });
  it.each([
    ['createProject', { due_on: '0000-01-01' }],
    ['createProject', { due_on: '2026-02-30' }],
    ['createProject', { due_on: '99999-01-01' }],
    ['createProject', { due_on: 'infinity' }],
    ['createProject', { working_days: [0] }],
    ['createProject', { working_days: [1, 1] }],
    ['createProject', { working_days: [] }],
    ['createProject', { working_days: [1, 2, 3, 4, 5, 6, 7, 8] }],
    ['createProject', { working_days: [1.5] }],
    ['createTask', { due_date: '0000-01-01T00:00:00Z' }],
    ['createTask', { due_date: '0001-01-01T00:00:00+10:00' }],
    ['createTask', { due_date: '9999-12-31T23:59:59-10:00' }],
    ['createTask', { due_date: '2026-01-01T00:00:00+23:00' }],
    ['createTask', { due_date: '2026-01-01 00:00:00Z' }],
    ['createTask', { due_date: '2026-01-01T00:00:00' }],
    ['createTask', { due_date: 'infinity' }],
    ['createTask', { weight: 1e300 }],
    ['createTask', { weight: -1 }],
    ['createTask', { priority: 1.5 }],
  ] as const)('%s %j', async (name, wrong) => {
    const body = { ...sample(name).body, ...wrong };
    expectRefused(await sendAs(name, { ...sample(name), body }), wrong, `/${Object.keys(wrong)[0]}`);
  });
  it.each(['0001-01-01T00:00:00Z', '9999-12-31T23:59:59.999999Z', '2024-02-29T10:00:00.123456+05:30'])(
    'but %s is a moment',
    async (due_date) => {
      const body = { ...sample('createTask').body, due_date };
      const sent = await sendAs('createTask', { ...sample('createTask'), body });
      expect(sent.body).toMatchObject({ due_date: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/) });
    },
  );
});

it('takes 32 MB on an import and not a byte more', async () => {
  const filler = (size: number) => JSON.stringify({ format: 'nonsense', x: 'x'.repeat(size) });
  const fits = await sendAs('importProject', {}, { bytes: filler(32 * 1024 * 1024 - 100) });
  expect(fits.problem.code).toBe('project.import_invalid');
  expect((await sendAs('importProject', {}, { bytes: filler(32 * 1024 * 1024) })).status).toBe(413);
});

it('refuses what a compressed body swells to', async () => {
  const bytes = new Uint8Array(gzipSync(Buffer.from(JSON.stringify({ name: 'x'.repeat(20 * 1024 * 1024) }))));
  const sent = await sendAs('createProject', {}, { bytes, headers: { 'content-encoding': 'gzip' } });
  expectRefused(sent, 'gzip bomb');
  const garbage = await sendAs('createProject', {}, { bytes: 'no gzip', headers: { 'content-encoding': 'gzip' } });
  expectRefused(garbage, 'no gzip');
});

it('names what of an address is no text', async () => {
  for (const [path, pointer] of [
    ['/projects/%ff', '#/params/id'],
    ['/retention/archives/%e0%a4/verify', '#/params/name'],
    ['/traces/%?from=x', '#/params/trace_id'],
    ['/projects%ff', '#/path'],
  ] as const) {
    const response = await td.raw(`/api/v1${path}`, { token: td.admin_token });
    const { status, headers } = response;
    expectRefused({ status, headers, body: null, problem: JSON.parse(await response.text()) }, path, pointer);
  }
});

it('answers any JSON at any endpoint with what it means, never with a bug', async () => {
  const bodies = fc.record({
    name: fc.constantFrom(...withBody.filter((name) => !limited.has(name) && name !== 'login')),
    body: fc.oneof(fc.jsonValue({ maxDepth: 3 }), fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 }))),
    keep: fc.boolean(),
  });
  const check = fc.asyncProperty(bodies, async ({ name, body, keep }) => {
    const whole = keep && typeof body === 'object' ? { ...sample(name).body, ...body } : body;
    const sent = await sendAs(name, sample(name), { bytes: JSON.stringify(whole) });
    expect(sent.status, JSON.stringify(whole)).toBeLessThan(500);
  });
  await fc.assert(check, { seed: 20_260_115, numRuns: 300 });
});

it('answers any address with what it means, never with a bug', async () => {
  const piece = fc.oneof(
    fc.constantFrom('%zz', '%00', '%', '..', '%2e%2e', '*', '{id}', '%ff', '%u0041', "';--", '\\', '%2f'),
    fc.webSegment(),
  );
  const paths = fc.tuple(fc.constantFrom(...everyEndpoint), fc.array(piece, { maxLength: 3 }), fc.webQueryParameters());
  const check = fc.asyncProperty(paths, async ([name, pieces, search]) => {
    const path = `${pathFor(name, sample(name)).split('?')[0]}${pieces.map((text) => `/${text}`).join('')}`;
    const leave = new AbortController();
    const response = await td.raw(`${path}?${search}`, { token: td.admin_token, signal: leave.signal });
    expect(response.status, path).toBeLessThan(500);
    leave.abort();
  });
  await fc.assert(check, { seed: 20_260_116, numRuns: 200 });
});

it('logged no bug in all of this', () => {
  expect(td.lines.filter((line) => line.includes('"error"'))).toEqual([]);
});
