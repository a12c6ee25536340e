// Turns what went wrong into lines for a person: what, why, what to do next, and the trace to look for.
import { placeInWords } from '@taylordash/core/json';
import type { ProblemBody, ProblemCode } from '@taylordash/core/problems';
import { ApiProblem, Unreachable } from '@taylordash/sdk/client';
import { Refused, Usage } from './refused.ts';

/** What to do about a problem, where its own words do not say so. */
const nextSteps: Partial<Record<ProblemCode, string>> = {
  'auth.required': 'Sign in: npx taylordash login',
  'auth.forbidden': 'Sign in as someone who may: npx taylordash login',
  'auth.invalid_credentials': 'Look at the name and type the password again.',
  'project.not_found': 'See which there are: npx taylordash project list',
  'project.import_cycle': 'Run it again with --skip-cycles to import without them, or mend the file.',
  'task.quick_add_unknown': 'Mend the name, or make the project that it names: --create-project',
  'change.not_found': 'See which there are: npx taylordash activity PROJECT',
  'device.not_found': 'See which there are: npx taylordash device list',
  'binding.not_found': 'See which there are: npx taylordash device bindings',
  'event.no_replay': 'See which there are: npx taylordash events replays',
  'server.unavailable': 'See what is away: npx taylordash health',
  'server.error': 'Look for the trace in the log of the server.',
};

const unreachableNext =
  'Is it running (npm start)? Is this its address? Another one: npx taylordash login --url http://HOST:PORT';

export interface Failure {
  lines: string[];
  exit_code: 1 | 2;
}

/** Null for an error that is a bug of ours. */
export function describeFailure(error: unknown): Failure | null {
  if (error instanceof Usage) return { lines: [error.message], exit_code: 2 };
  if (error instanceof Refused) return { lines: lines(error.message, [], error.next, null), exit_code: 1 };
  if (error instanceof Unreachable)
    return { lines: lines(error.message, reasons(error), unreachableNext, null), exit_code: 1 };
  if (error instanceof ApiProblem) {
    const { body, retry_after } = error;
    const wait = retry_after === null ? null : `Try again in ${retry_after} s.`;
    const next = nextSteps[body.code] ?? wait;
    return { lines: lines(`${body.title} (${body.code})`, whyOf(body), next, body.trace_id), exit_code: 1 };
  }
  return null;
}

function lines(what: string, why: readonly string[], next: string | null, trace_id: string | null): string[] {
  return [
    what,
    ...why.map((reason) => `  ${reason}`),
    ...(next === null ? [] : [`  Next: ${next}`]),
    ...(trace_id === null ? [] : [`  Trace: ${trace_id}`]),
  ];
}

function whyOf({ detail, errors = [], closing }: ProblemBody): string[] {
  if (Array.isArray(closing)) return closing.map((edge) => edgeText(edge));
  if (errors.length <= 1) return detail === undefined ? [] : [detail];
  const all = errors.map((field) => `${placeInWords(field.pointer, 'the body')} ${field.detail}`);
  // Most often the detail is the first of them as a sentence.
  return detail === undefined || detail === `${all[0]}.` ? all : [detail, ...all];
}

function edgeText(edge: unknown): string {
  if (typeof edge !== 'object' || edge === null || !('component' in edge) || !('depends_on' in edge)) return '';
  return `${String(edge.component)} → ${String(edge.depends_on)}`;
}

/** fetch hides the reason in causes: `connect ECONNREFUSED 127.0.0.1:3000`. */
function reasons(error: Error): string[] {
  for (let at: unknown = error.cause; at instanceof Error; at = at.cause) {
    const first: unknown = at instanceof AggregateError ? at.errors[0] : at;
    if (first instanceof Error && 'code' in first) return [first.message || String(first.code)];
  }
  return [];
}
