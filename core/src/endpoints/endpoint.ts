// What an endpoint is: address, right, input, answer and problems, in one value that the server, the client and OpenAPI derive from.
import type { Static, TSchema } from 'typebox';
import type { Access } from '../permissions.ts';
import type { ProblemCode } from '../problems.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface EndpointSpec {
  method: Method;
  /** Below `/api/v1`, with parameters in braces: `/projects/{id}`. */
  path: string;
  summary: string;
  tag: string;
  access: Access;
  params?: TSchema;
  query?: TSchema;
  body?: TSchema;
  /** The usual answer. A null schema has no body; `text/event-stream` answers are not described further. */
  reply: { status: 200 | 201 | 202 | 204; schema: TSchema | null; stream?: true };
  /** Beside those that any request may meet. */
  problems?: readonly ProblemCode[];
  /** The answer carries an ETag, or the request takes If-Match. */
  etag?: true;
  /** POST whose Idempotency-Key is honoured for a day. */
  idempotent?: true;
  /** Largest body in bytes, where it is not the usual 1 MB. */
  body_limit?: number;
  /** At most this many requests a minute from one address. */
  rate_per_minute?: number;
}

/** Keeps the literal types of an endpoint. */
export function endpoint<const E extends EndpointSpec>(spec: E): E {
  return spec;
}

type Part<E extends EndpointSpec, K extends 'params' | 'query' | 'body'> = E[K] extends TSchema
  ? Static<E[K]>
  : undefined;
export type ParamsOf<E extends EndpointSpec> = Part<E, 'params'>;
export type QueryOf<E extends EndpointSpec> = Part<E, 'query'>;
export type BodyOf<E extends EndpointSpec> = Part<E, 'body'>;
export type ReplyOf<E extends EndpointSpec> = E['reply']['schema'] extends TSchema
  ? Static<E['reply']['schema']>
  : undefined;
