// Work that is kept in a table and done by the leader: what is begun goes on after a kill, on whichever server leads then.
import { setTimeout as pause } from 'node:timers/promises';

export interface LeaderJobs {
  /** There is a job more, or one less. */
  wake(): void;
  lead(): void;
  rest(): void;
  stop(): Promise<void>;
}

export interface LeaderJobOptions<J extends { id: string }> {
  /** Those that are to be worked at; `at_work` are the ones that are already. */
  jobs(at_work: readonly string[]): Promise<readonly J[]>;
  /** Works at one until it is through, or the signal says that this server does not lead any more. What it throws is tried again. */
  run(job: J, signal: AbortSignal): Promise<void>;
  complain(error: unknown): void;
}

const pollEvery = 1000;
const retryEvery = 500;

export function leaderJobs<J extends { id: string }>({ jobs, run, complain }: LeaderJobOptions<J>): LeaderJobs {
  let led: AbortController | null = null;
  let running: Promise<void> = Promise.resolve();
  let wakeUp: () => void = () => undefined;
  let rung = false;
  const ring = () => {
    rung = true;
    wakeUp();
  };

  async function lead(signal: AbortSignal): Promise<void> {
    const active = new Map<string, Promise<void>>();
    while (!signal.aborted) {
      try {
        for (const job of await jobs([...active.keys()])) {
          if (active.has(job.id)) continue;
          const work = run(job, signal)
            .catch(async (error: unknown) => {
              complain(error);
              await pause(retryEvery);
            })
            .finally(() => {
              active.delete(job.id);
              ring();
            });
          active.set(job.id, work);
        }
      } catch (error) {
        if (!signal.aborted) complain(error);
      }
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, pollEvery);
        wakeUp = () => {
          clearTimeout(timer);
          resolve();
        };
        if (signal.aborted || rung) wakeUp();
      });
      rung = false;
    }
    await Promise.all(active.values());
  }

  return {
    wake: ring,
    lead() {
      led?.abort();
      const mine = new AbortController();
      led = mine;
      running = running.then(() => lead(mine.signal));
    },
    rest() {
      led?.abort();
      ring();
    },
    async stop() {
      led?.abort();
      ring();
      await running;
    },
  };
}

/** Waits so that work goes on at so many a second; behind time after a wait for others it does not hurry to make up for it. */
export function pacer(a_second: number): (done: number, signal: AbortSignal) => Promise<void> {
  let due = performance.now();
  return async (done, signal) => {
    due = Math.max(due + (done * 1000) / a_second, performance.now() - 1000);
    const wait = due - performance.now();
    if (wait > 0) await pause(wait, undefined, { signal }).catch(() => undefined);
  };
}
