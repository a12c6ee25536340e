// The embedded database: finds or makes the cluster of a DATA_DIR, adopts one that outlived its server, and stops it.
import { createHash, randomBytes } from 'node:crypto';
import {
  chownSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import pg from 'pg';
import {
  type Account,
  type Binaries,
  canReach,
  findBinaries,
  runnableBinaries,
  SYSTEM_DIR,
  unprivilegedAccount,
} from './binaries.ts';
import {
  type ClusterPaths,
  disownLeftOver,
  freePort,
  initCluster,
  isAlive,
  launch,
  type Postmaster,
  pause,
  readPostmaster,
  SUPERUSER,
  stopPostmaster,
} from './cluster.ts';
import { claimCluster, DATABASE, EmbeddedRefused, takenBy } from './cluster-claim.ts';
import type { Log } from './log.ts';
import { claimStart } from './start-lock.ts';

export type Embedded = {
  /** A postgres:// URL with the generated password: never log it. */
  url: string;
  /** Its server was killed and left it running. */
  adopted: boolean;
  /** Fast shutdown; the database is consistent and closed when it resolves. */
  stop(): Promise<void>;
  /** Process ids of the postmaster and all its children at this moment. */
  pids(): Promise<number[]>;
};

const LARGEST_LOG = 5_000_000;

type Place = ClusterPaths & { home: string; password: string };

/**
 * Starts the database of a DATA_DIR, making it first where there is none.
 * @throws {EmbeddedRefused} another server uses it, or it is of another major version.
 */
export async function startEmbedded(options: { data_dir: string; log: Log }): Promise<Embedded> {
  const { log } = options;
  const account = unprivilegedAccount();
  const binaries = runnableBinaries(findBinaries(), account, log);
  const place = findPlace(resolve(options.data_dir), account, log);
  const release = await claimStart(join(place.home, 'starting'));
  if (release === undefined) throw takenBy(options.data_dir, 'is starting');
  try {
    refuseOtherVersion(place, binaries);
    const found = await findOrLaunch(place, binaries, account, log);
    const { adopted } = found;
    let { postmaster } = found;
    const url = urlOf(place, postmaster.port);
    /** Starts PostgreSQL again where it died under a running server. Everything waits for it at the same address. */
    const revive = async (): Promise<void> => {
      if (isAlive(postmaster, place.data)) return;
      log.warn('the database has stopped: starting it again');
      ({ postmaster } = await findOrLaunch(place, binaries, account, log));
      if (urlOf(place, postmaster.port) !== url) {
        log.warn(`the database had to take another port, ${postmaster.port}: start TaylorDash again to use it`);
      }
    };
    const claim = await claimCluster({ url, data_dir: options.data_dir, adopted, log, revive });
    return {
      url,
      adopted,
      pids: () => processes(url, postmaster.pid),
      async stop() {
        await claim.release();
        await stopPostmaster(postmaster, place.data);
      },
    };
  } finally {
    release();
  }
}

/**
 * Address of the database that a running server keeps in a DATA_DIR, for commands beside it.
 * @throws {EmbeddedRefused} none is running there.
 */
export function embeddedUrl(data_dir: string, log: Log): string {
  const place = findPlace(resolve(data_dir), unprivilegedAccount(), log);
  const postmaster = readPostmaster(place.data);
  if (postmaster === undefined || !isAlive(postmaster, place.data)) {
    throw new EmbeddedRefused(`No TaylorDash runs on ${data_dir}. Start it first, with the same DATA_DIR.`);
  }
  return urlOf(place, postmaster.port);
}

function urlOf(place: Place, port: number): string {
  return `postgres://${SUPERUSER}:${place.password}@127.0.0.1:${port}/${DATABASE}`;
}

/** The folders of the cluster; under SYSTEM_DIR where the account that runs it cannot reach DATA_DIR. */
function findPlace(dataDir: string, account: Account | undefined, log: Log): Place {
  try {
    return preparePlace(dataDir, account, log);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const meaning = unusable[code];
    if (meaning === undefined) throw error;
    throw new EmbeddedRefused(`DATA_DIR ${dataDir} cannot be used: ${meaning} (${code}).`);
  }
}

/** What keeps files from being made, and what to do about it. */
const unusable: Readonly<Record<string, string>> = {
  EEXIST: 'there is a file in its place',
  ENOTDIR: 'there is a file in the place of one of its folders',
  EACCES: 'this account may not write there; change the owner of the folder or name another',
  EPERM: 'this account may not write there; change the owner of the folder or name another',
  EROFS: 'it is on a file system that only lets itself be read',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota of this account is used up',
};

function preparePlace(dataDir: string, account: Account | undefined, log: Log): Place {
  mkdirSync(dataDir, { recursive: true });
  let home = join(dataDir, 'postgres');
  if (account !== undefined && !canReach(join(home, 'data'), account)) {
    const mark = createHash('sha256').update(dataDir).digest('hex').slice(0, 12);
    home = join(SYSTEM_DIR, `data-${mark}`);
    log.info(`account ${account.name} cannot reach ${dataDir}: the database is kept in ${home}`);
    writeFileSync(join(dataDir, 'postgres.location'), `${home}\n`);
    mkdirSync(SYSTEM_DIR, { recursive: true, mode: 0o755 });
  }
  // Its account makes files in it; all others are kept out by the folder inside.
  mkdirSync(home, { recursive: true, mode: 0o755 });
  if (account !== undefined) chownSync(home, account.uid, account.gid);
  const passwordFile = join(home, 'password');
  if (!existsSync(passwordFile)) {
    if (existsSync(join(home, 'data'))) {
      throw new EmbeddedRefused(
        `${passwordFile} is missing, and with it the way into the database beside it. Put it back from a backup.`,
      );
    }
    const fresh = `${passwordFile}.${process.pid}`;
    writeFileSync(fresh, randomBytes(24).toString('base64url'), { mode: 0o600 });
    linkUnlessThere(fresh, passwordFile);
  }
  const { mode } = statSync(passwordFile);
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
    throw new EmbeddedRefused(`${passwordFile} can be read by others. Run: chmod 600 ${passwordFile}`);
  }
  return {
    home,
    data: join(home, 'data'),
    log: join(home, 'postgres.log'),
    password: readFileSync(passwordFile, 'utf8').trim(),
  };
}

/** Whole or not at all, and by the first of two servers that start at once: the second would take the first one's way in. */
function linkUnlessThere(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    rmSync(from, { force: true });
  }
}

function refuseOtherVersion(place: Place, binaries: Binaries): void {
  const file = join(place.data, 'PG_VERSION');
  if (!existsSync(file)) return;
  const found = Number.parseInt(readFileSync(file, 'utf8'), 10);
  if (found === binaries.major) return;
  throw new EmbeddedRefused(
    `${place.data} holds a database of PostgreSQL ${found}; this release brings PostgreSQL ${binaries.major}. ` +
      `Move it with: npx taylordash db upgrade. Where your release has no such command, start the release that made it, ` +
      'export your data there and import it here; nothing in the folder was changed.',
  );
}

async function findOrLaunch(
  place: Place,
  binaries: Binaries,
  account: Account | undefined,
  log: Log,
): Promise<{ postmaster: Postmaster; adopted: boolean }> {
  if (!existsSync(place.data)) {
    log.info(`making a database in ${place.data}`);
    await initCluster(binaries, account, place, place.password);
  }
  const living = await livingPostmaster(place.data);
  if (living !== undefined) {
    log.info(`adopting the database that runs already (process ${living.pid})`);
    return { postmaster: living, adopted: true };
  }
  if (existsSync(place.log) && statSync(place.log).size > LARGEST_LOG) renameSync(place.log, `${place.log}.1`);
  disownLeftOver(place.data);
  // Backends of a killed postmaster need a moment to notice; until then PostgreSQL refuses to start, and rightly.
  for (let attempt = 1; ; attempt += 1) {
    const portFile = join(place.home, 'port');
    const port = await freePort(existsSync(portFile) ? Number(readFileSync(portFile, 'utf8')) : undefined);
    try {
      const postmaster = await launch(binaries, account, place, port);
      writeFileSync(portFile, `${port}\n`);
      return { postmaster, adopted: false };
    } catch (error) {
      const message = error instanceof Error ? error.message : '';
      const passing = /still in use|already in use|lock file .* already exists/i.test(message);
      if (!passing || attempt === 100) throw error;
      await pause(100);
    }
  }
}

/** The postmaster that runs on `data`, once it is ready; undefined where none does. One that is stopping is waited for. */
async function livingPostmaster(data: string): Promise<Postmaster | undefined> {
  const deadline = performance.now() + 60_000;
  for (;;) {
    const found = readPostmaster(data);
    if (found === undefined || !isAlive(found, data)) return undefined;
    if (found.ready) return found;
    if (performance.now() > deadline)
      throw new EmbeddedRefused(`PostgreSQL (process ${found.pid}) on ${data} does not get ready.`);
    await pause(20);
  }
}

async function processes(url: string, postmaster: number): Promise<number[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const result = await client.query<{ pid: number }>(
      'SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()',
    );
    return [postmaster, ...result.rows.map((row) => row.pid)];
  } finally {
    await client.end();
  }
}
