// What a start does again while the database is there one moment and away the next.
import { setTimeout as pause } from 'node:timers/promises';
import { DatabaseUnreachable } from './db/connect.ts';
import { classify } from './db/errors.ts';
import type { Log } from './db/log.ts';

export interface PatienceOptions {
  log: Log;
  wait_seconds: number;
  /** Aborted where nobody wants it any more. */
  signal?: AbortSignal | undefined;
}

const retryEvery = 500;
const tellEvery = 5000;

/**
 * Does the work again from its beginning for as long as it fails because the database is away.
 * @throws {DatabaseUnreachable} after `wait_seconds`
 */
export async function patiently<T>(work: () => Promise<T>, options: PatienceOptions): Promise<T> {
  const { log, wait_seconds, signal } = options;
  const until = performance.now() + wait_seconds * 1000;
  let tellAt = 0;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      const { kind } = classify(error);
      if (signal?.aborted || (kind !== 'unavailable' && kind !== 'retry')) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      if (performance.now() > until) {
        throw new DatabaseUnreachable(
          `PostgreSQL stopped answering during the start, tried for ${wait_seconds} s: ${reason}. ` +
            'Check that it runs, that it has connections left (max_connections) and that nothing else holds it up.',
          { cause: error },
        );
      }
      if (performance.now() >= tellAt) {
        tellAt = performance.now() + tellEvery;
        log.warn(`the start waits for PostgreSQL: ${reason}`);
      }
      await pause(retryEvery, undefined, signal ? { signal } : {}).catch(() => undefined);
      signal?.throwIfAborted();
    }
  }
}
