// Turns every error that reaches HTTP into one problem document, with one status in line and body.
import { STATUS_CODES } from 'node:http';
import { type ProblemBody, type ProblemCode, problems } from '@taylordash/core/problems';
import type { ErrorObject } from 'ajv';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { classify } from '../db/errors.ts';
import { constraintProblem } from '../kernel/constraints.ts';
import { Problem, sayFaults } from '../kernel/problem.ts';
import { fieldErrors } from '../kernel/validation.ts';

/** Page of the problem list that `type` leads to. */
const typeBase = '/api/docs#problem-';

/** The few errors that Fastify itself throws for a request, as problems. */
const frameworkCodes: Readonly<Record<string, ProblemCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'request.too_large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'request.unsupported_media_type',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'request.malformed_json',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'request.invalid',
  FST_ERR_MAX_PARAM_LENGTH: 'request.not_found',
  FST_ERR_NOT_FOUND: 'request.not_found',
};

interface FrameworkError {
  code?: unknown;
  statusCode?: unknown;
  validation?: ErrorObject[];
  validationContext?: string;
}

/** What an error means to the caller; null for a bug. */
export function asProblem(error: unknown): Problem | null {
  if (error instanceof Problem) return error;
  // Fastify's errors carry these fields; anything else simply lacks them.
  const framework = error as FrameworkError;
  if (Array.isArray(framework.validation)) {
    const errors = fieldErrors(framework.validation, framework.validationContext ?? 'body');
    return new Problem('request.invalid', { detail: sayFaults(errors), errors });
  }
  const code = typeof framework.code === 'string' ? frameworkCodes[framework.code] : undefined;
  if (code) return new Problem(code);
  const database = classify(error);
  switch (database.kind) {
    case 'constraint':
      return constraintProblem(database.constraint);
    case 'bug':
      break;
    case 'data':
      return new Problem('request.invalid', { detail: 'A value is beyond what the database can keep.' });
    case 'unavailable':
    case 'retry':
      return new Problem('server.unavailable', {
        detail: 'The database does not answer right now. Nothing was changed.',
        retry_after: 5,
      });
  }
  if (typeof framework.statusCode === 'number' && framework.statusCode >= 400 && framework.statusCode < 500) {
    return new Problem('request.invalid', { detail: STATUS_CODES[framework.statusCode] ?? 'Bad request' });
  }
  return null;
}

export function problemBody(problem: Problem, instance: string, trace_id: string): ProblemBody {
  const [status, title] = problems[problem.code];
  const { detail, errors, extensions } = problem.details;
  return {
    type: `${typeBase}${problem.code}`,
    title,
    status,
    ...(detail === undefined ? {} : { detail }),
    instance,
    code: problem.code,
    trace_id,
    ...(errors === undefined ? {} : { errors: [...errors] }),
    ...extensions,
  };
}

/** The one error handler. A bug is logged with its stack and answered without detail. */
export function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  let problem = asProblem(error);
  if (!problem) {
    request.log.error(
      { err: error, method: request.method, path: pathOf(request.url), trace_id: request.id },
      'request failed',
    );
    problem = new Problem('server.error');
  }
  if (
    problem.code === 'auth.forbidden' ||
    problem.code === 'auth.too_many_attempts' ||
    problem.code === 'auth.cross_site'
  ) {
    request.server.log.warn(
      {
        problem: problem.code,
        method: request.method,
        path: pathOf(request.url),
        address: request.ip,
        trace_id: request.id,
      },
      'refused',
    );
  }
  if (problem.details.retry_after !== undefined)
    reply.header('retry-after', String(Math.ceil(problem.details.retry_after)));
  reply
    .code(problem.status)
    .type('application/problem+json')
    .send(JSON.stringify(problemBody(problem, pathOf(request.url), request.id)));
}

/** The path alone: a query may hold what does not belong in logs and answers. */
export function pathOf(url: string): string {
  const end = url.indexOf('?');
  return end < 0 ? url : url.slice(0, end);
}
