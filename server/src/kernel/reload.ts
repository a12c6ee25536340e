// Reads what is kept in memory anew after a change: one reading after another, and again until one succeeds.
import type { Log } from './log.ts';

const retryEvery = 500;

/**
 * Two readings at once could end in the other order, and what was revoked would stand again. The change is committed by
 * then: a reading that fails is made up for, not told to whoever asked.
 */
export function reloader(what: string, read: () => Promise<void>, log: Pick<Log, 'warn'>): () => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  let failing = false;

  async function attempt(): Promise<void> {
    try {
      await read();
      failing = false;
    } catch (error) {
      if (!failing) log.warn(`${what} cannot be read anew, trying again: ${String(error)}`);
      failing = true;
      setTimeout(() => void reload(), retryEvery).unref();
    }
  }

  function reload(): Promise<void> {
    last = last.then(attempt);
    return last;
  }
  return reload;
}
