// The typed client: every endpoint of core's table as one call, problems as one error type.
import { apiBase, type EndpointName, endpoints } from '@taylordash/core/endpoints/all';
import type { BodyOf, EndpointSpec, ParamsOf, QueryOf, ReplyOf } from '@taylordash/core/endpoints/endpoint';
import type { ProblemBody } from '@taylordash/core/problems';

type Spec<N extends EndpointName> = (typeof endpoints)[N];
type Field<K extends string, T> = T extends undefined
  ? unknown
  : Record<never, never> extends T
    ? { [P in K]?: T }
    : { [P in K]: T };

/** What a call takes: the parts that its endpoint has, and how to make the request. */
export type CallInput<N extends EndpointName> = Field<'params', ParamsOf<Spec<N>>> &
  Field<'query', QueryOf<Spec<N>>> &
  Field<'body', BodyOf<Spec<N>>> & {
    /** Refuse with 412 where the entity's version is another by now. */
    if_match?: number;
    idempotency_key?: string;
    signal?: AbortSignal;
  };

export interface CallResult<N extends EndpointName> {
  data: ReplyOf<Spec<N>>;
  /** The entity's version, where the answer carries an ETag. */
  version: number | null;
  trace_id: string | null;
  /** The change that the call made, by which it can be undone; null where nothing changed. */
  change_id: string | null;
}

/** A problem the server answered with; `body` is its RFC 9457 document. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly body: ProblemBody;
  /** Seconds to wait before trying again, where the server said so. */
  readonly retry_after: number | null;
  constructor(body: ProblemBody, retryAfter: number | null) {
    super(body.detail ?? body.title);
    this.body = body;
    this.retry_after = retryAfter;
  }
}

/** The server could not be reached at all, or something that is not TaylorDash answered. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
}

export interface ClientOptions {
  /** Where TaylorDash is: `http://localhost:3000`; empty for the page's own origin. */
  base_url: string;
  /** A session token or personal token; browsers use their cookie instead. */
  token?: string;
  fetch?: typeof fetch;
}

export interface Client {
  call<N extends EndpointName>(name: N, input: CallInput<N>): Promise<CallResult<N>>;
  /** The address of an endpoint, for streams and downloads. */
  url<N extends EndpointName>(name: N, input: { params?: object; query?: object }): string;
  /** Makes the request and returns the raw answer, having thrown on a problem. */
  raw<N extends EndpointName>(name: N, input: CallInput<N>): Promise<Response>;
}

export function createClient(options: ClientOptions): Client {
  const doFetch = options.fetch ?? ((input, init) => fetch(input, init));

  function url(name: EndpointName, input: { params?: object; query?: object }): string {
    const path = endpoints[name].path.replace(/\{(\w+)\}/g, (_, key: string) => {
      const value: unknown = new Map<string, unknown>(Object.entries(input.params ?? {})).get(key);
      return encodeURIComponent(String(value));
    });
    const query = new URLSearchParams();
    for (const [key, value] of Object.entries(input.query ?? {})) {
      if (value !== undefined && value !== null) query.set(key, String(value));
    }
    const text = query.toString();
    return `${options.base_url}${apiBase}${path}${text === '' ? '' : `?${text}`}`;
  }

  async function raw<N extends EndpointName>(name: N, input: CallInput<N>): Promise<Response> {
    const spec: EndpointSpec = endpoints[name];
    // Which parts there are depends on N, which only callers know.
    const parts = input as { params?: object; query?: object; body?: unknown };
    const headers: Record<string, string> = { accept: 'application/json', 'x-requested-with': 'taylordash' };
    if (options.token !== undefined) headers.authorization = `Bearer ${options.token}`;
    if (input.if_match !== undefined) headers['if-match'] = `"${input.if_match}"`;
    if (input.idempotency_key !== undefined) headers['idempotency-key'] = input.idempotency_key;
    if (parts.body !== undefined) headers['content-type'] = 'application/json';
    let response: Response;
    try {
      response = await doFetch(url(name, parts), {
        method: spec.method,
        headers,
        credentials: 'same-origin',
        ...(parts.body === undefined ? {} : { body: JSON.stringify(parts.body) }),
        ...(input.signal === undefined ? {} : { signal: input.signal }),
      });
    } catch (error) {
      if (error instanceof DOMException && error.name === 'AbortError') throw error;
      throw new Unreachable(`TaylorDash did not answer at ${options.base_url || 'this address'}`, { cause: error });
    }
    if (!response.ok) throw await problemOf(response);
    return response;
  }

  return {
    url,
    raw,
    async call<N extends EndpointName>(name: N, input: CallInput<N>): Promise<CallResult<N>> {
      const response = await raw(name, input);
      const tag = /^(?:W\/)?"(\d+)"$/.exec(response.headers.get('etag') ?? '')?.[1];
      return {
        // The server's answers are checked against the same schemas by its own tests.
        data: (response.status === 204 ? undefined : await response.json()) as ReplyOf<Spec<N>>,
        version: tag === undefined ? null : Number(tag),
        trace_id: response.headers.get('x-trace-id'),
        change_id: response.headers.get('x-change-id'),
      };
    },
  };
}

async function problemOf(response: Response): Promise<Error> {
  const text = await response.text();
  if (!(response.headers.get('content-type') ?? '').includes('application/problem+json')) {
    return new Unreachable(
      `What answered at ${response.url} is not TaylorDash: ${response.status} ${response.statusText}`,
    );
  }
  const retryAfter = Number(response.headers.get('retry-after') ?? Number.NaN);
  const body: ProblemBody = JSON.parse(text);
  return new ApiProblem(body, Number.isFinite(retryAfter) ? retryAfter : null);
}
