// Who may append: one server holds the lock, on the connection that makes every insert into events_mirror.
import { setTimeout as pause } from 'node:timers/promises';
import type { LeaderConnection } from '../db/leader.ts';
import type { Log } from '../db/log.ts';

export interface LeaderDependencies {
  database: { leaderConnection(): Promise<LeaderConnection> };
  log: Log;
  /** The lock is ours: this connection may append until `onLost`. */
  onLead(connection: LeaderConnection): void;
  /** The connection is gone, and the right with it: PostgreSQL lets the lock go when it ends. */
  onLost(): void;
  /** Between two tries, in milliseconds. */
  retry_every?: number;
}

export interface Leader {
  /** `waiting`: another server holds the lock. `unavailable`: the database cannot be reached. */
  state(): 'leading' | 'waiting' | 'unavailable' | 'stopped';
  /** Resolves to true once leading, or to false when another server held the lock for that long. */
  settled(milliseconds: number): Promise<boolean>;
  stop(): Promise<void>;
}

/** After so long without a statement PostgreSQL ends the connection, and with it the lock. */
const longestSilence = '3s';

/** Takes the lock as soon as it is free, and again after each loss. */
export function startLeader(options: LeaderDependencies): Leader {
  const { database, log } = options;
  const retryEvery = options.retry_every ?? 1000;
  let state: 'leading' | 'waiting' | 'unavailable' | 'stopped' = 'unavailable';
  const stopping = new AbortController();
  let connection: LeaderConnection | null = null;

  async function hold(held: LeaderConnection): Promise<void> {
    const lost = new Promise<void>((resolve) => {
      held.onLost(() => resolve());
      stopping.signal.addEventListener('abort', () => resolve(), { once: true });
    });
    let gone = false;
    void lost.then(() => {
      gone = true;
    });
    while (!gone && !stopping.signal.aborted) {
      // One lock for each database: the key is the same for every server.
      const [row] = await held.query<{ taken: boolean }>(
        "select pg_try_advisory_lock(hashtextextended('taylordash.leader', 0)) as taken",
      );
      if (row?.taken) {
        // A plan made while a table was small must not outlive that.
        await held.query('set enable_seqscan = off');
        await held.query('set jit = off');
        // One that is frozen, or whose network is gone, must not keep the lock: the appender asks every second.
        await held.query(`set idle_session_timeout = '${longestSilence}'`);
        // While a statement runs; not to be had on every system.
        await held.query("set client_connection_check_interval = '1s'").catch(() => undefined);
        state = 'leading';
        options.onLead(held);
        await lost;
        options.onLost();
        return;
      }
      state = 'waiting';
      await Promise.race([lost, pause(retryEvery)]);
    }
  }

  async function run(): Promise<void> {
    let complained = false;
    while (!stopping.signal.aborted) {
      try {
        connection = await database.leaderConnection();
        complained = false;
        await hold(connection);
      } catch (error) {
        if (!complained) log.warn(`events cannot be stored for now, trying again: ${messageOf(error)}`);
        complained = true;
      }
      if (stopping.signal.aborted) break;
      state = 'unavailable';
      await connection?.end().catch(() => undefined);
      await pause(retryEvery, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  }
  const running = run();

  return {
    state: () => state,
    async settled(milliseconds) {
      const until = performance.now() + milliseconds;
      while (state !== 'leading' && performance.now() < until) await pause(20);
      return state === 'leading';
    },
    async stop() {
      stopping.abort();
      await running;
      state = 'stopped';
      await connection?.end().catch(() => undefined);
    },
  };
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message || error.name : String(error);
}
