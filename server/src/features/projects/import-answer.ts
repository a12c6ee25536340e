// The HTTP answer of an import: at once, or as lines of JSON that tell of the progress.
import { once } from 'node:events';
import type { Project } from '@taylordash/core/entities';
import type { FastifyReply } from 'fastify';
import { asProblem, problemBody } from '../../http/problem-reply.ts';
import type { Answer } from '../../http/route.ts';
import { loaded } from '../../kernel/change.ts';
import { Problem } from '../../kernel/problem.ts';
import type { Imported, OnProgress } from './import-service.ts';

/** The whole answer in one. */
export function importAnswer({
  project,
  change_id: _change,
  ...counts
}: Imported): Answer<'importProject'> & { json: string } {
  const { id } = loaded<Project>(project).entity;
  return { json: `{"project":${project},${JSON.stringify(counts).slice(1)}`, location: `/api/v1/projects/${id}` };
}

/**
 * Takes the connection over and writes a line for each step, then the result or the problem: the status went out before either
 * is known.
 */
export async function importAsLines(
  reply: FastifyReply,
  run: (onProgress: OnProgress) => Promise<Imported>,
): Promise<null> {
  const { request } = reply;
  reply.hijack();
  const { raw } = reply;
  raw.writeHead(200, { ...headersOf(reply), 'content-type': 'application/x-ndjson; charset=utf-8' });
  const say = (line: object) => raw.write(`${JSON.stringify(line)}\n`);
  try {
    const imported = await run((done, total) => say({ progress: { done, total } }));
    raw.write(`{"result":${importAnswer(imported).json},"change_id":"${imported.change_id}"}\n`);
  } catch (error) {
    const problem = asProblem(error);
    if (!problem) request.log.error({ err: error, trace_id: request.id }, 'import failed');
    say({ problem: problemBody(problem ?? new Problem('server.error'), '/api/v1/projects/import', request.id) });
  }
  raw.end();
  if (!raw.writableFinished && !raw.destroyed) await once(raw, 'close');
  return null;
}

function headersOf(reply: FastifyReply): Record<string, string> {
  return Object.fromEntries(Object.entries(reply.getHeaders()).map(([name, value]) => [name, String(value)]));
}
