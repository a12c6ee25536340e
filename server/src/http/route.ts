// Binds core's endpoints to their handlers: sign-in, right, input and answer in one order for all of them.
import { createHash } from 'node:crypto';
import { isIP } from 'node:net';
import { apiBase, type EndpointName, endpoints } from '@taylordash/core/endpoints/all';
import type { BodyOf, EndpointSpec, ParamsOf, QueryOf, ReplyOf } from '@taylordash/core/endpoints/endpoint';
import { type Access, type Actor, may } from '@taylordash/core/permissions';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Client, Context, SignedIn } from '../kernel/context.ts';
import { invalidField, Problem } from '../kernel/problem.ts';
import { sessionCookie } from './cookie.ts';
import { refuseCrossSite } from './cross-site.ts';
import { bodyBytes } from './json-body.ts';

type Spec<N extends EndpointName> = (typeof endpoints)[N];

/** What a handler is given. `me` is there for every endpoint that is not public. */
export interface Call<N extends EndpointName> {
  params: ParamsOf<Spec<N>>;
  query: QueryOf<Spec<N>>;
  body: BodyOf<Spec<N>>;
  me: Spec<N>['access'] extends 'public' ? SignedIn | null : SignedIn;
  context: Spec<N>['access'] extends 'public' ? null : Context;
  trace_id: string;
  client: Client;
  /** The version that If-Match names, or null. */
  if_match: number | null;
  request: FastifyRequest;
  reply: FastifyReply;
}

/** What a handler answers with: a body to encode, or text that is JSON already. */
export interface Answer<N extends EndpointName> {
  body?: ReplyOf<Spec<N>>;
  json?: string;
  version?: number;
  location?: string;
  set_cookie?: string;
}

/** Null: the handler took the connection over itself (a stream). */
export type Handler<N extends EndpointName> = (call: Call<N>) => Promise<Answer<N> | null>;
export type Handlers = { [N in EndpointName]: Handler<N> };

export interface RouteOptions {
  /** Who a session token belongs to; null where it is unknown or ended. */
  authenticate(token: string): Promise<SignedIn | null>;
  /** Origins besides the request's own Host that count as ours. */
  own_origins: readonly string[];
}

const signedIn = new WeakMap<FastifyRequest, SignedIn>();

export function bindEndpoints(app: FastifyInstance, handlers: Handlers, options: RouteOptions): void {
  // Object.keys forgets the names; Handlers has exactly these.
  for (const name of Object.keys(handlers) as EndpointName[])
    bind(app, name, handlers[name] as Handler<EndpointName>, options);
}

function bind(app: FastifyInstance, name: EndpointName, handler: Handler<EndpointName>, options: RouteOptions): void {
  const spec: EndpointSpec = endpoints[name];
  app.route({
    method: spec.method,
    url: apiBase + spec.path.replace(/\{(\w+)\}/g, ':$1'),
    ...(spec.body_limit === undefined ? {} : { bodyLimit: spec.body_limit }),
    schema: {
      ...(spec.params ? { params: spec.params } : {}),
      ...(spec.query ? { querystring: spec.query } : {}),
      ...(spec.body ? { body: spec.body } : {}),
    },
    config: {
      endpoint: name,
      ...(spec.rate_per_minute === undefined ? {} : { rateLimit: { max: spec.rate_per_minute, timeWindow: 60_000 } }),
    },
    onRequest: async (request) => {
      await admit(spec.access, request, options);
    },
    handler: async (request, reply) => {
      const me = signedIn.get(request) ?? null;
      const onChange = (change_id: string) => void reply.header('x-change-id', change_id);
      const call = {
        params: inLowerCase(request.params),
        query: request.query,
        body: request.body,
        me,
        context: me && { ...contextOf(spec, request, me.actor), onChange },
        trace_id: request.id,
        client: clientOf(request),
        if_match: ifMatch(request),
        request,
        reply,
        // The input was validated by the endpoint's own schemas, and `me` was made sure of by admit.
      } as Call<EndpointName>;
      const answer = await handler(call);
      if (answer === null) return reply;
      return send(reply, spec, answer);
    },
  });
}

/** Parameters of paths are ids; the same UUID in capitals is the same id. */
function inLowerCase(params: unknown): unknown {
  const entries = Object.entries(typeof params === 'object' && params !== null ? params : {});
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value).toLowerCase()]));
}

/** What a proxy says of the address counts only where it is one; PostgreSQL's inet has no zones (`fe80::1%eth0`). */
function clientOf(request: FastifyRequest): Client {
  const [said, socket] = [request.ip, request.socket.remoteAddress].map((text) => text?.replace(/%.*$/, ''));
  const address = [said, socket].find((text) => text !== undefined && isIP(text) !== 0) ?? '0.0.0.0';
  return { address, user_agent: request.headers['user-agent']?.slice(0, 500) ?? null };
}

/** Sign-in, cross-site check and the coarse right of the endpoint, before a byte of the body is read. */
async function admit(access: Access, request: FastifyRequest, options: RouteOptions): Promise<void> {
  const bearer = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  const cookie = bearer === undefined ? sessionCookie(request) : null;
  refuseCrossSite(request, options.own_origins, cookie !== null);
  const token = bearer ?? cookie;
  const found = token ? await options.authenticate(token) : null;
  if (found) signedIn.set(request, found);
  if (access === 'public') return;
  if (!found) {
    throw new Problem('auth.required', {
      detail: token ? 'This session has ended. Sign in again.' : 'Sign in to do this.',
    });
  }
  if (access === 'signed_in' || found.actor.role === 'admin') return;
  if (access === 'admin') throw new Problem('auth.forbidden', { detail: 'Only an administrator may do this.' });
  if (!may(found.actor, access)) {
    throw new Problem('auth.forbidden', { detail: `This needs ${access}. An administrator can give it to you.` });
  }
}

function contextOf(spec: EndpointSpec, request: FastifyRequest, actor: Actor): Context {
  const key = spec.idempotent ? request.headers['idempotency-key'] : undefined;
  if (key === undefined) return { actor, trace_id: request.id, idempotency: null };
  if (typeof key !== 'string' || key.length === 0 || key.length > 200 || !/^[\x20-\x7e]+$/.test(key)) {
    throw invalidField('#/headers/idempotency-key', 'must be 1 to 200 printable characters');
  }
  const request_hash = createHash('sha256')
    .update(bodyBytes.get(request) ?? '')
    .digest();
  return { actor, trace_id: request.id, idempotency: { key, method: request.method, path: request.url, request_hash } };
}

function ifMatch(request: FastifyRequest): number | null {
  const header = request.headers['if-match'];
  if (header === undefined || header === '*') return null;
  const version = /^"(\d{1,9})"$/.exec(header)?.[1];
  if (version === undefined) throw invalidField('#/headers/if-match', 'must be the ETag as it was given, such as "3"');
  return Number(version);
}

function send(reply: FastifyReply, spec: EndpointSpec, answer: Answer<EndpointName>): FastifyReply {
  reply.code(spec.reply.status);
  if (answer.version !== undefined) reply.header('etag', `"${answer.version}"`);
  if (answer.location !== undefined) reply.header('location', answer.location);
  if (answer.set_cookie !== undefined) reply.header('set-cookie', answer.set_cookie);
  if (spec.reply.schema === null) return reply.send();
  return reply.type('application/json; charset=utf-8').send(answer.json ?? JSON.stringify(answer.body));
}
