// The claim on an embedded cluster: an advisory lock in it that one server holds for as long as it lives, and takes again after a break.
import pg from 'pg';
import { pause } from './cluster.ts';
import type { Log } from './log.ts';

/** The DATA_DIR cannot be used; the message says why and what to do. */
export class EmbeddedRefused extends Error {
  override readonly name = 'EmbeddedRefused';
}

export const DATABASE = 'taylordash';
// "TaylorDash" told by a number; any constant will do, since the cluster is ours alone.
const CLAIM = 0x7461796c;

export type Claim = { release(): Promise<void> };
type ClaimOptions = {
  url: string;
  data_dir: string;
  adopted: boolean;
  log: Log;
  /** Makes PostgreSQL run where it does not; tried again and again while the claim is lost. */
  revive(): Promise<void>;
};

/** Makes the database where it is missing and takes the lock that says whose the cluster is; held as long as we live. */
export async function claimCluster(options: ClaimOptions): Promise<Claim> {
  const { url, data_dir: dataDir, adopted, log, revive } = options;
  let released = false;
  let client = await connectClaim(url);
  const { rows } = await client.query<{ missing: boolean }>(
    'SELECT NOT EXISTS (SELECT FROM pg_database WHERE datname = $1) AS missing',
    [DATABASE],
  );
  if (!(await tryClaim(client, adopted ? 2_000 : 0))) {
    const holder = await client.query<{ name: string }>(
      `SELECT a.application_name AS name FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
       WHERE l.locktype = 'advisory' AND l.objid = $1 AND l.granted`,
      [CLAIM],
    );
    await client.end();
    throw takenBy(dataDir, holder.rows[0]?.name.replace('taylordash claim of ', '') ?? 'runs');
  }
  if (rows[0]?.missing === true) await client.query(`CREATE DATABASE ${DATABASE}`);

  const watch = (current: pg.Client) => {
    current.once('end', () => {
      if (!released) void reclaim();
    });
  };
  /** The connection broke, so the lock is free: it is taken again as soon as PostgreSQL is back. */
  async function reclaim(): Promise<void> {
    while (!released) {
      try {
        await revive();
        client = await connectClaim(url);
        if (await tryClaim(client, 0)) return watch(client);
        log.warn(`another server has taken the database in ${dataDir}: stop one of the two`);
        await client.end();
      } catch {
        // away still
      }
      await pause(500);
    }
  }
  watch(client);
  return {
    async release() {
      released = true;
      await client.end().catch(() => undefined);
    },
  };
}

async function connectClaim(url: string): Promise<pg.Client> {
  const maintenance = new URL(url);
  maintenance.pathname = '/postgres';
  const client = new pg.Client({
    connectionString: maintenance.href,
    application_name: `taylordash claim of process ${process.pid}`,
    keepAlive: true,
  });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/** A killed server's connection may take a moment to be noticed, so an adopted cluster gets some patience. */
async function tryClaim(client: pg.Client, patience: number): Promise<boolean> {
  const deadline = performance.now() + patience;
  for (;;) {
    const tried = await client.query<{ held: boolean }>('SELECT pg_try_advisory_lock($1) AS held', [CLAIM]);
    if (tried.rows[0]?.held === true) return true;
    if (performance.now() >= deadline) return false;
    await pause(50);
  }
}

/** The DATA_DIR is another server's; `who` says which, or what it is doing. */
export function takenBy(dataDir: string, who: string): EmbeddedRefused {
  return new EmbeddedRefused(
    `Another TaylorDash server (${who}) uses ${dataDir}. Stop it first, or give this one another DATA_DIR and PORT.`,
  );
}
