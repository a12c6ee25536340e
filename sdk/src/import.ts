// Imports a project and tells how far it is, from the answer's lines of JSON.
import type { ProblemBody } from '@taylordash/core/problems';
import { ApiProblem, type CallResult, type Client, Unreachable } from './client.ts';

/** The answer with the change that the import was, by which it can be undone. */
export type ImportResult = CallResult<'importProject'>['data'] & { change_id: string };

export interface ImportOptions {
  /** Leaves out the dependencies that close a cycle instead of refusing. */
  skip_cycles?: boolean;
  name?: string;
  on_progress: (done: number, total: number) => void;
  signal?: AbortSignal;
}

type Line =
  | { progress: { done: number; total: number } }
  | { result: CallResult<'importProject'>['data']; change_id: string }
  | { problem: ProblemBody };

/** Throws ApiProblem where the file is refused, Unreachable where the connection breaks before the result: look, then try again. */
export async function importProject(
  client: Client,
  file: Readonly<Record<string, unknown>>,
  { on_progress, signal, ...query }: ImportOptions,
): Promise<ImportResult> {
  const response = await client.raw('importProject', {
    query: { ...query, progress: true },
    body: { ...file },
    ...(signal === undefined ? {} : { signal }),
  });
  for await (const text of linesOf(response)) {
    // The server writes these lines from its own schemas.
    const line = JSON.parse(text) as Line;
    if ('problem' in line) throw new ApiProblem(line.problem, null);
    if ('result' in line) return { ...line.result, change_id: line.change_id };
    on_progress(line.progress.done, line.progress.total);
  }
  throw new Unreachable('The connection broke before the import was done');
}

async function* linesOf(response: Response): AsyncGenerator<string> {
  let rest = '';
  try {
    for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      yield* lines.filter((line) => line !== '');
    }
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new Unreachable('The connection broke before the import was done', { cause: error });
  }
}
