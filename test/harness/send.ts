// Sends one endpoint's request as a test puts it together, valid or not, and reads the answer.
import { apiBase, type EndpointName, endpoints } from '@taylordash/core/endpoints/all';
import type { EndpointSpec } from '@taylordash/core/endpoints/endpoint';
import type { ProblemBody } from '@taylordash/core/problems';
import type { TestApp } from './app.ts';
import type { Sample } from './samples.ts';

export interface Sent {
  status: number;
  headers: Headers;
  /** Parsed where it is JSON. */
  body: unknown;
  /** The answer as a problem; its fields are empty where it is none. */
  problem: Partial<ProblemBody>;
}

export interface SendOptions {
  token?: string;
  headers?: Record<string, string>;
  /** Sent as they are, instead of the sample's body. */
  bytes?: Uint8Array<ArrayBuffer> | string;
  /** Put behind the address as it is. */
  search?: string;
}

export function pathFor(name: EndpointName, sample: Sample, search = ''): string {
  const spec: EndpointSpec = endpoints[name];
  const path = spec.path.replace(/\{(\w+)\}/g, (_, key: string) => encodeURIComponent(sample.params?.[key] ?? ''));
  const query = new URLSearchParams(sample.query ?? {}).toString();
  const full = [query, search].filter((part) => part !== '').join('&');
  return `${apiBase}${path}${full === '' ? '' : `?${full}`}`;
}

/** A stream is left as soon as it answers. */
export async function send(td: TestApp, name: EndpointName, sample: Sample, options: SendOptions = {}): Promise<Sent> {
  const spec: EndpointSpec = endpoints[name];
  const body = options.bytes ?? (sample.body === undefined ? undefined : JSON.stringify(sample.body));
  const leave = new AbortController();
  const response = await td.raw(pathFor(name, sample, options.search), {
    method: spec.method,
    signal: leave.signal,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...options.headers },
    ...(body === undefined ? {} : { body }),
    ...(options.token === undefined ? {} : { token: options.token }),
  });
  const { status, headers } = response;
  const type = headers.get('content-type') ?? '';
  if (type.startsWith('text/event-stream')) {
    leave.abort();
    return { status, headers, body: null, problem: {} };
  }
  const text = await response.text();
  const parsed: unknown = /json/.test(type) && !/ndjson/.test(type) ? JSON.parse(text) : text;
  const isProblem = type.startsWith('application/problem+json');
  // A problem document is an object; which fields it has is what tests look at.
  return { status, headers, body: parsed, problem: isProblem ? (parsed as ProblemBody) : {} };
}
