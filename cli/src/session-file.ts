// Keeps where TaylorDash is and who is signed in there, in a file that only its owner can read.
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

export interface Session {
  url: string;
  token: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

function folderOf(environment: Environment): string {
  if (environment.TAYLORDASH_CONFIG_DIR) return environment.TAYLORDASH_CONFIG_DIR;
  return join(environment.XDG_CONFIG_HOME || join(homedir(), '.config'), 'taylordash');
}

const fileIn = (environment: Environment) => join(folderOf(environment), 'session.json');

/** TAYLORDASH_URL with TAYLORDASH_TOKEN go before the file, for scripts. Null where nobody is signed in. */
export async function readSession(environment: Environment = process.env): Promise<Session | null> {
  const { TAYLORDASH_URL: url, TAYLORDASH_TOKEN: token } = environment;
  if (token) return { url: url || defaultUrl, token };
  const text = await readFile(fileIn(environment), 'utf8').catch(() => null);
  if (text === null) return null;
  try {
    const kept: unknown = JSON.parse(text);
    if (typeof kept !== 'object' || kept === null || !('url' in kept) || !('token' in kept)) return null;
    return typeof kept.url === 'string' && typeof kept.token === 'string' ? { url: kept.url, token: kept.token } : null;
  } catch {
    return null;
  }
}

/** Returns where it is kept. */
export async function keepSession(session: Session, environment: Environment = process.env): Promise<string> {
  const file = fileIn(environment);
  await mkdir(folderOf(environment), { recursive: true, mode: 0o700 });
  // A new file: an old one's mode would stay as it is.
  const fresh = `${file}.${process.pid}`;
  await writeFile(fresh, `${JSON.stringify(session)}\n`, { mode: 0o600 });
  await rename(fresh, file);
  return file;
}

export async function forgetSession(environment: Environment = process.env): Promise<void> {
  await rm(fileIn(environment), { force: true });
}

export const defaultUrl = 'http://localhost:3000';
