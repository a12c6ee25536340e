// Who may append: one server holds the lock, on the connection that makes every insert into events_mirror.
import { setTimeout as pause } from 'node:timers/promises';
import type { LeaderConnection } from '../db/leader.ts';
import type { Log } from '../db/log.ts';
import { within } from './within.ts';

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

/**
 * After so many milliseconds without a statement PostgreSQL ends the connection, and with it the lock; after so many without an
 * answer we look whether it has.
 */
const longestSilence = 3000;
/** How long a statement that never takes long is waited for, in milliseconds. */
const longestAnswer = 5000;
/** One lock for each database: the key is the same for every server. */
const lockKey = "hashtextextended('taylordash.leader', 0)";

/** Takes the lock as soon as it is free, and again after each loss. */
export function startLeader(options: LeaderDependencies): Leader {
  const { database, log } = options;
  const retryEvery = options.retry_every ?? 1000;
  let state: 'leading' | 'waiting' | 'unavailable' | 'stopped' = 'unavailable';
  const stopping = new AbortController();
  let connection: LeaderConnection | null = null;
  /** Ends the hold that there is: a listener to `stopping` for each would keep every connection there ever was. */
  let letGo: () => void = () => undefined;

  async function hold(held: LeaderConnection): Promise<void> {
    const lost = new Promise<void>((resolve) => {
      held.onLost(() => resolve());
      letGo = resolve;
    });
    const ask = <R>(text: string) => within(longestAnswer, held.query<R>(text));
    let gone = false;
    void lost.then(() => {
      gone = true;
    });
    // One that is frozen, or whose network is gone, must not keep the lock: the appender asks every second, as who waits does.
    await ask(`set idle_session_timeout = ${longestSilence}`);
    // While a statement runs; not to be had on every system.
    await ask("set client_connection_check_interval = '1s'").catch(() => undefined);
    while (!gone && !stopping.signal.aborted) {
      const [row] = await ask<{ taken: boolean; pid: number }>(
        `select pg_try_advisory_lock(${lockKey}) as taken, pg_backend_pid() as pid`,
      );
      if (row?.taken) {
        // A plan made while a table was small must not outlive that.
        await ask('set enable_seqscan = off');
        await ask('set jit = off');
        state = 'leading';
        options.onLead(held);
        await Promise.race([lost, released(held, row.pid, () => gone)]);
        options.onLost();
        return;
      }
      state = 'waiting';
      await Promise.race([lost, pause(retryEvery)]);
    }
  }

  /**
   * Resolves once the lock is ours no more though nobody told us: the network that swallowed the answers swallowed the end of the
   * connection too. A statement that merely takes long keeps the lock, so who has it is asked on a new connection.
   */
  async function released(held: LeaderConnection, pid: number, over: () => boolean): Promise<void> {
    for (;;) {
      await pause(retryEvery, undefined, { ref: false });
      if (over()) return;
      if (held.silent() >= longestSilence && (await holds(pid)) === false) return;
    }
  }

  /** Null where the database cannot be asked. */
  async function holds(pid: number): Promise<boolean | null> {
    let asking: LeaderConnection | null = null;
    try {
      asking = await database.leaderConnection();
      const [row] = await within(
        longestAnswer,
        asking.query<{ holds: boolean }>(
          `select exists (select from pg_locks l where l.locktype = 'advisory' and l.granted and l.pid = $1
             and l.database = (select oid from pg_database where datname = current_database())
             and (l.classid::bigint << 32 | l.objid::bigint) = ${lockKey}) as holds`,
          [pid],
        ),
      );
      return row?.holds ?? null;
    } catch {
      return null;
    } finally {
      await asking?.end().catch(() => undefined);
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
      letGo();
      await running;
      state = 'stopped';
      await connection?.end().catch(() => undefined);
    },
  };
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message || error.name : String(error);
}
