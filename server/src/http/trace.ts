// The trace id of a request: taken from X-Trace-Id or traceparent where they hold one, else made.
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { isUuid } from '@taylordash/core/envelope';

const traceparent =
  /^[0-9a-f]{2}-(?!0{32})([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})-[0-9a-f]{16}-[0-9a-f]{2}/;

export function traceIdOf(request: IncomingMessage): string {
  const own = request.headers['x-trace-id'];
  if (typeof own === 'string' && isUuid(own)) return own.toLowerCase();
  const parent = request.headers.traceparent;
  const parts = typeof parent === 'string' ? traceparent.exec(parent) : null;
  return parts ? parts.slice(1, 6).join('-') : randomUUID();
}
