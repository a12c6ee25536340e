// Takes JSON bodies strictly: UTF-8, no duplicate keys, bounded depth, nothing that the database cannot keep.
import { isUtf8 } from 'node:buffer';
import { parseStrictJson } from '@taylordash/core/json';
import type { FastifyInstance } from 'fastify';
import { Problem, sayFaults } from '../kernel/problem.ts';

/** Deepest nesting of a body. */
const bodyDepth = 32;

function parseJsonBody(bytes: Buffer): unknown {
  if (!isUtf8(bytes)) {
    const detail = 'The body is not UTF-8.';
    throw new Problem('request.malformed_json', { detail, errors: [{ pointer: '', detail }] });
  }
  const parsed = parseStrictJson(bytes.toString('utf8'), { max_depth: bodyDepth, refuse_proto: true });
  if (parsed.ok) return parsed.value;
  const { pointer, detail, fault } = parsed;
  const code = fault === 'syntax' ? 'request.malformed_json' : 'request.invalid';
  const errors = [{ pointer, detail }];
  throw new Problem(code, { detail: sayFaults(errors), errors });
}

/** The bytes of a request's body, for those who must recognise a repeat. */
export const bodyBytes = new WeakMap<object, Buffer>();

export function takeJsonOnly(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, bytes, done) => {
    // parseAs 'buffer' gives a Buffer; its type says string too.
    const body = typeof bytes === 'string' ? Buffer.from(bytes) : bytes;
    try {
      if (body.length === 0) {
        done(null, undefined);
        return;
      }
      bodyBytes.set(request, body);
      done(null, parseJsonBody(body));
    } catch (error) {
      done(error instanceof Error ? error : new Error(String(error)));
    }
  });
}
