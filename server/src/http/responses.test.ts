// What every answer carries, whatever it is an answer to: headers, a trace, one kind of error; and the documents of the API.
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { apiBase, endpoints } from '@taylordash/core/endpoints/all';
import type { EndpointSpec } from '@taylordash/core/endpoints/endpoint';
import { problems } from '@taylordash/core/problems';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestApp, testApp } from '../../../test/harness/app.ts';

let td: TestApp;
const script = `export const told = '${'again and '.repeat(500)}';`;
beforeAll(async () => {
  const web_folder = await mkdtemp(join(tmpdir(), 'td-web-'));
  await writeFile(join(web_folder, 'index.html'), '<!doctype html><title>TaylorDash</title>');
  await writeFile(join(web_folder, 'app.js'), 'export {};');
  const built = join(web_folder, 'assets', 'index-abc.js');
  await mkdir(join(web_folder, 'assets'));
  await writeFile(built, script);
  await writeFile(`${built}.br`, brotliCompressSync(script));
  td = await testApp({ overrides: { web_folder } });
});
afterAll(() => td.stop());

interface RawAnswer {
  status: number;
  headers: Map<string, string>;
  body: string;
}

/** Bytes on a socket, for what no client library would send. */
function rawRequest(bytes: string): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const socket = connect(td.app.port, '127.0.0.1', () => socket.write(bytes));
    let text = '';
    socket.setTimeout(5000, () => socket.destroy(new Error(`no end: ${text.slice(0, 300)}`)));
    socket.on('data', (chunk) => {
      text += String(chunk);
    });
    socket.on('error', reject);
    socket.on('close', () => {
      const [head = '', body = ''] = text.split('\r\n\r\n', 2);
      const [line = '', ...lines] = head.split('\r\n');
      const headers = new Map(
        lines.map((one) => [one.slice(0, one.indexOf(':')).toLowerCase(), one.slice(one.indexOf(':') + 2)]),
      );
      resolve({ status: Number(line.split(' ')[1]), headers, body });
    });
  });
}

const get = (target: string, method = 'GET') =>
  rawRequest(`${method} ${target} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n`);

/** What is asked, what it answers with, and as which problem. */
const requests: [what: string, ask: () => Promise<RawAnswer>, status: number, code: string | null][] = [
  ['an answer', () => get('/api/v1/health/live'), 200, null],
  ['the page', () => get('/'), 200, null],
  ['a page of the app', () => get('/projects/x/canvas'), 200, null],
  ['a file', () => get('/app.js'), 200, null],
  ['the documents', () => get('/api/docs'), 200, null],
  ['nobody signed in', () => get('/api/v1/projects'), 401, 'auth.required'],
  ['no such address', () => get('/api/v1/nonsense'), 404, 'request.not_found'],
  ['no such version', () => get('/api/v9/projects'), 404, 'request.not_found'],
  ['no such file', () => get('/.git/config.js'), 404, 'request.not_found'],
  ['a way out of the folder', () => get('/../../package.json'), 404, 'request.not_found'],
  ['a hidden way out of the folder', () => get('/%2e%2e/%2e%2e/package.json'), 404, 'request.not_found'],
  ['a source map', () => get('/app.js.map'), 404, 'request.not_found'],
  ['another method', () => get('/api/v1/projects', 'PUT'), 405, 'request.method_not_allowed'],
  ['TRACE', () => get('/api/v1/projects', 'TRACE'), 405, 'request.method_not_allowed'],
  ['TRACE of the page', () => get('/', 'TRACE'), 404, 'request.not_found'],
  ['OPTIONS', () => get('/api/v1/projects', 'OPTIONS'), 405, 'request.method_not_allowed'],
  ['a malformed address', () => get('/api/v1/%zz'), 400, 'request.invalid'],
  ['a malformed id', () => get('/api/v1/health/%c0%80'), 400, 'request.invalid'],
  ['an endless id', () => get(`/api/v1/projects/${'x'.repeat(3000)}`), 404, 'request.not_found'],
  [
    'headers beyond all bounds',
    () => rawRequest(`GET / HTTP/1.1\r\nhost: x\r\nx: ${'x'.repeat(40_000)}\r\n\r\n`),
    431,
    'request.header_too_large',
  ],
  ['no HTTP', () => rawRequest('HELLO\r\n\r\n'), 400, 'request.invalid'],
  [
    'two lengths',
    () => rawRequest('POST /api/v1/auth/login HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nx'),
    400,
    'request.invalid',
  ],
];

describe.each(requests)('%s', (_what, ask, status, code) => {
  it('has its status, its headers and its trace', async () => {
    const { headers, body, ...answer } = await ask();
    expect(answer.status).toBe(status);
    expect(headers.get('x-trace-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
    const policy = headers.get('content-security-policy') ?? '';
    for (const part of ["default-src 'none'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"]) {
      expect(policy).toContain(part);
    }
    expect(policy).not.toContain('unsafe-inline');
    for (const name of ['server', 'x-powered-by']) expect(headers.has(name)).toBe(false);
    if (code === null) return;
    expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
    const problem = JSON.parse(body.replace(/^[0-9a-f]+\r\n/i, '').replace(/\r\n0\r\n.*$/s, ''));
    expect(problem).toMatchObject({ status, code, trace_id: headers.get('x-trace-id') });
    expect(body).not.toMatch(/node_modules|\bat .*\.ts|select /i);
    if (status === 405) expect(headers.get('allow')).toBe('GET, POST');
  });
});

describe('the trace', () => {
  const traced = async (headers: Record<string, string>) =>
    (await td.raw('/api/v1/health/live', { headers })).headers.get('x-trace-id');
  const id = '0af76519-16cd-43dd-8448-eb211c80319c';
  it('is the caller’s where it has one', async () => {
    expect(await traced({ 'x-trace-id': id })).toBe(id);
    expect(await traced({ 'x-trace-id': id.toUpperCase() })).toBe(id);
    expect(await traced({ traceparent: `00-${id.replaceAll('-', '')}-b7ad6b7169203331-01` })).toBe(id);
    expect(await traced({ 'x-trace-id': id, traceparent: `00-${'1'.repeat(32)}-b7ad6b7169203331-01` })).toBe(id);
  });
  it.each(['x', "'; drop table", '0'.repeat(36), `${id}x`])('is a new one where %j is none', async (given) => {
    expect(await traced({ 'x-trace-id': given })).not.toBe(given);
    const zero = await traced({ traceparent: `00-${'0'.repeat(32)}-b7ad6b7169203331-01` });
    expect(zero).not.toMatch(/^[0-]*$/);
  });
});

it('HTTPS is promised only over HTTPS', async () => {
  expect((await td.raw('/')).headers.has('strict-transport-security')).toBe(false);
});

it('nothing of the API is kept by a cache', async () => {
  for (const path of ['/api/v1/health/live', '/api/v1/projects', '/api/v1/auth/me']) {
    expect((await td.raw(path, { token: td.admin_token })).headers.get('cache-control')).toBe('no-store');
  }
});

it('answers are compressed where that pays', async () => {
  const response = await td.raw('/api/v1/openapi.json', { headers: { 'accept-encoding': 'gzip' } });
  expect(response.headers.get('content-encoding')).toBe('gzip');
});

it('what the build compressed ahead is sent as it is, with the type of what it holds', async () => {
  const compressed = await td.raw('/assets/index-abc.js', { headers: { 'accept-encoding': 'br' } });
  expect(compressed.headers.get('content-encoding')).toBe('br');
  expect(compressed.headers.get('content-length')).toBe(String(brotliCompressSync(script).length));
  expect(compressed.headers.get('content-type')).toMatch(/javascript/);
  expect(compressed.headers.get('vary')).toMatch(/accept-encoding/i);
  expect(await compressed.text()).toBe(script);
  const plain = await td.raw('/assets/index-abc.js', { headers: { 'accept-encoding': 'identity' } });
  expect(plain.headers.has('content-encoding')).toBe(false);
  expect(await plain.text()).toBe(script);
});

it('limits are said, and 429 when to come back', async () => {
  const ask = () =>
    td.raw('/api/v1/auth/setup/code', {
      ...{ method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"code":"AAAA-AAAA"}' },
    });
  const first = await ask();
  expect([first.status, first.headers.get('ratelimit-limit'), first.headers.get('ratelimit-remaining')]).toEqual([
    409,
    '30',
    '29',
  ]);
  for (let n = 0; n < 29; n++) await ask();
  const last = await ask();
  expect(last.status).toBe(429);
  expect(JSON.parse(await last.text())).toMatchObject({ code: 'request.rate_limited', status: 429 });
  expect(Number(last.headers.get('retry-after'))).toBeGreaterThan(0);
});

describe('openapi.json', () => {
  interface Operation {
    operationId: string;
    parameters: { name: string; in: string }[];
    responses: Record<string, unknown>;
    security?: unknown[];
    requestBody?: unknown;
  }
  interface Document {
    openapi: string;
    paths: Record<string, Record<string, Operation>>;
  }
  const read = async (): Promise<Document> => JSON.parse(await (await td.raw('/api/v1/openapi.json')).text());

  it('has every endpoint of the table, its parameters and what it answers', async () => {
    const document = await read();
    expect(document.openapi).toBe('3.1.0');
    for (const [name, spec] of Object.entries<EndpointSpec>(endpoints)) {
      const operation = document.paths[apiBase + spec.path]?.[spec.method.toLowerCase()];
      expect(operation?.operationId).toBe(name);
      const places = (operation?.parameters ?? []).filter((one) => one.in === 'path').map((one) => one.name);
      expect(places).toEqual([...spec.path.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter));
      expect(Object.keys(operation?.responses ?? {})).toContain(String(spec.reply.status));
      for (const code of spec.problems ?? [])
        expect(Object.keys(operation?.responses ?? {})).toContain(String(problems[code][0]));
      expect(operation?.requestBody !== undefined).toBe(spec.body !== undefined);
      expect(operation?.security?.length === 0).toBe(spec.access === 'public');
    }
    const operations = Object.values(document.paths).flatMap((path) => Object.values(path));
    expect(operations).toHaveLength(Object.keys(endpoints).length);
  });
  it('points at nothing that is not there', async () => {
    const document = await read();
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(
      ([, reference]) => reference ?? '',
    );
    expect(references.length).toBeGreaterThan(0);
    for (const reference of new Set(references)) {
      let at: unknown = document;
      for (const step of reference.replace('#/', '').split('/')) at = new Map(Object.entries(at ?? {})).get(step);
      expect([reference, at === undefined]).toEqual([reference, false]);
    }
  });
});

it('the documents show every endpoint and every problem', async () => {
  const page = await (await td.raw('/api/docs')).text();
  for (const name of Object.keys(endpoints)) expect(page).toContain(`id="${name}"`);
  for (const code of Object.keys(problems)) expect(page).toContain(`id="problem-${code}"`);
  expect(page).not.toMatch(/<script|\sstyle=|\son\w+=/);
});
