// The OpenAPI 3.1 document, derived from the endpoint table that also validates.
import { apiBase, endpoints } from '@taylordash/core/endpoints/all';
import type { EndpointSpec } from '@taylordash/core/endpoints/endpoint';
import { problems } from '@taylordash/core/problems';

interface JsonObject {
  [key: string]: unknown;
}

/** Problems that any request may meet. */
const always = ['request.invalid', 'server.unavailable', 'server.error'] as const;

export function openApiDocument(version: string): JsonObject {
  const paths: Record<string, JsonObject> = {};
  for (const [name, spec] of Object.entries<EndpointSpec>(endpoints)) {
    const path = apiBase + spec.path;
    paths[path] = { ...paths[path], [spec.method.toLowerCase()]: operation(name, spec) };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'TaylorDash', version, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    servers: [{ url: '/' }],
    paths,
    components: {
      securitySchemes: {
        session: { type: 'http', scheme: 'bearer' },
        cookie: { type: 'apiKey', in: 'cookie', name: '__Host-sid' },
      },
      schemas: { Problem: problemSchema },
    },
  };
}

const problemSchema = {
  type: 'object',
  required: ['type', 'title', 'status', 'instance', 'code', 'trace_id'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    instance: { type: 'string' },
    code: { enum: Object.keys(problems) },
    trace_id: { type: 'string', format: 'uuid' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['pointer', 'detail'],
        properties: { pointer: { type: 'string' }, detail: { type: 'string' } },
      },
    },
  },
};

function operation(name: string, spec: EndpointSpec): JsonObject {
  return {
    operationId: name,
    summary: spec.summary,
    tags: [spec.tag],
    'x-access': spec.access,
    ...(spec.access === 'public' ? { security: [] } : { security: [{ session: [] }, { cookie: [] }] }),
    parameters: [...parameters('path', spec.params), ...parameters('query', spec.query), ...headerParameters(spec)],
    ...(spec.body ? { requestBody: { required: true, content: { 'application/json': { schema: spec.body } } } } : {}),
    responses: { [spec.reply.status]: success(spec), ...failures(spec) },
  };
}

function parameters(place: 'path' | 'query', schema: EndpointSpec['params']): JsonObject[] {
  if (!schema) return [];
  const { properties, required }: { properties?: JsonObject; required?: string[] } = schema;
  return Object.entries(properties ?? {}).map(([name, value]) => ({
    name,
    in: place,
    required: place === 'path' || (required ?? []).includes(name),
    schema: value,
  }));
}

function headerParameters(spec: EndpointSpec): JsonObject[] {
  const header = (name: string) => ({ name, in: 'header', required: false, schema: { type: 'string' } });
  return [
    ...(spec.etag && spec.method !== 'GET' && spec.method !== 'POST' ? [header('If-Match')] : []),
    ...(spec.idempotent ? [header('Idempotency-Key')] : []),
  ];
}

function success(spec: EndpointSpec): JsonObject {
  if (spec.reply.stream) return { description: 'A stream of events', content: { 'text/event-stream': {} } };
  const content = spec.reply.schema === null ? {} : { content: { 'application/json': { schema: spec.reply.schema } } };
  return { description: 'Done', ...headers(spec), ...content };
}

/** What a write's answer names: the change, by which it can be undone. */
function headers(spec: EndpointSpec): JsonObject {
  if (spec.method === 'GET' || spec.access === 'public') return {};
  const description = 'The change that this made, to be undone by its id; missing where nothing changed';
  return { headers: { 'X-Change-Id': { description, required: false, schema: { type: 'string', format: 'uuid' } } } };
}

function failures(spec: EndpointSpec): JsonObject {
  const codes = [
    ...always,
    ...(spec.access === 'public' ? [] : (['auth.required'] as const)),
    ...(spec.access === 'public' || spec.access === 'signed_in' ? [] : (['auth.forbidden'] as const)),
    ...(spec.problems ?? []),
  ];
  const byStatus = Map.groupBy(codes, (code) => problems[code][0]);
  return Object.fromEntries(
    [...byStatus].map(([status, list]) => [
      status,
      {
        description: list.map((code) => `${code}: ${problems[code][1]}`).join('; '),
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    ]),
  );
}
