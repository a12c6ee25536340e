// How a connection to PostgreSQL is described, opened and waited for.
import pg from 'pg';
import type { Log } from './log.ts';

/** TLS towards PostgreSQL, where the URL does not say it all. */
export type DatabaseTls = { ca?: string; reject_unauthorized?: boolean };

/** Where PostgreSQL is and who we are there. Never print it whole: it holds the password. */
export type Target = {
  host: string;
  port: number;
  database: string;
  user: string;
  password: string | undefined;
  ssl: pg.ClientConfig['ssl'];
};

/** PostgreSQL could not be reached or would not let us in; the message says what to check and holds no password. */
export class DatabaseUnreachable extends Error {
  override readonly name = 'DatabaseUnreachable';
}

/**
 * Reads a postgres:// URL as pg does, without connecting.
 * @throws {DatabaseUnreachable} it is none; its text is not repeated, since it may hold a password.
 */
export function readTarget(url: string, tls?: DatabaseTls): Target {
  const parsed = parseUrl(url);
  const ssl =
    tls === undefined
      ? (parsed.ssl as pg.ClientConfig['ssl']) // typed as boolean alone, though pg puts its parsed TLS options there
      : {
          ...(tls.ca === undefined ? {} : { ca: tls.ca }),
          rejectUnauthorized: tls.reject_unauthorized ?? true,
        };
  return {
    host: parsed.host,
    port: parsed.port,
    database: parsed.database ?? 'postgres',
    user: parsed.user ?? 'postgres',
    // pg leaves null where the URL names none, whatever its types say.
    password: parsed.password ?? undefined,
    ssl,
  };
}

function parseUrl(url: string): pg.Client {
  if (/^postgres(ql)?:\/\//.test(url)) {
    try {
      return new pg.Client({ connectionString: url });
    } catch {
      // told below
    }
  }
  throw new DatabaseUnreachable(
    'DATABASE_URL cannot be read. It looks like postgres://user:password@host:5432/database; characters such as @ : / # % in the password are written as %40 %3A %2F %23 %25.',
  );
}

/** `user at host:port/database`, for messages. */
function describeTarget(target: Target): string {
  return `${target.user} at ${target.host}:${target.port}/${target.database}`;
}

const AS_TEXT = new Set([20, 1082, 1083, 1114, 1184, 1186, 1266, 1700]);
const AS_TEXT_ARRAY = new Set([1016, 1115, 1182, 1183, 1185, 1187, 1231, 1270]);
const TEXT_ARRAY: number = 1009;

/**
 * Times, dates, int8 and numeric arrive as the text PostgreSQL sent, in arrays too: a Date reads TIMESTAMP as local time
 * and loses microseconds. Given to each connection; pg's global parsers stay as they are.
 */
const types: pg.CustomTypesConfig = {
  getTypeParser(oid, format) {
    if (format !== 'binary') {
      if (AS_TEXT.has(oid)) return (text: string) => text;
      if (AS_TEXT_ARRAY.has(oid)) return pg.types.getTypeParser(TEXT_ARRAY, 'text');
    }
    return pg.types.getTypeParser(oid, format);
  },
};

/** How much longer than PostgreSQL gives a statement we wait for its answer, in milliseconds. */
const SPARE = 5_000;
/**
 * PostgreSQL ends a session of ours that says nothing for so long: else what a vanished server held, the leader's lock too, would
 * stay until TCP gives up, hours later. Above the half minute that a pool keeps a connection without use.
 */
const LONGEST_SILENCE = 60_000;

/**
 * The configuration of one connection. `statementTimeout` in milliseconds; 0 where statements, and silence between them, may last as
 * long as they like.
 */
export function clientConfig(target: Target, applicationName: string, statementTimeout: number): pg.ClientConfig {
  return {
    host: target.host,
    port: target.port,
    database: target.database,
    user: target.user,
    ...(target.password === undefined ? {} : { password: target.password }),
    ...(target.ssl === undefined ? {} : { ssl: target.ssl }),
    types,
    application_name: applicationName,
    // Just-in-time compilation costs more than any query here runs.
    options: `-c timezone=UTC -c datestyle=ISO -c search_path=public -c jit=off${
      statementTimeout > 0 ? ` -c idle_session_timeout=${LONGEST_SILENCE}` : ''
    }`,
    keepAlive: true,
    connectionTimeoutMillis: 5_000,
    // A peer that vanished without a word is noticed by the second of these alone.
    ...(statementTimeout > 0 ? { statement_timeout: statementTimeout, query_timeout: statementTimeout + SPARE } : {}),
  };
}

/** Opens a connection as the owner named in the URL, for migrations and roles. */
async function connectOwner(target: Target): Promise<pg.Client> {
  const client = new pg.Client(clientConfig(target, 'taylordash owner', 0));
  // Without a listener a connection that breaks between two queries ends the process; the next query tells anyway.
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/**
 * Opens a connection as the owner; while PostgreSQL is away, waits with a message every few seconds.
 * @throws {DatabaseUnreachable} after `wait_seconds`, or at once where waiting cannot help (password, database name, TLS).
 */
export async function connectWhenReady(
  target: Target,
  options: { log: Log; wait_seconds?: number },
): Promise<pg.Client> {
  const waitSeconds = options.wait_seconds ?? 60;
  const started = performance.now();
  let told = Number.NEGATIVE_INFINITY;
  let pause = 50;
  for (;;) {
    try {
      return await connectOwner(target);
    } catch (error) {
      const final = refusal(error, target);
      if (final !== undefined) throw new DatabaseUnreachable(final, { cause: error });
      const waited = (performance.now() - started) / 1000;
      const reason = reasonOf(error);
      if (waited >= waitSeconds) {
        throw new DatabaseUnreachable(
          `PostgreSQL cannot be reached (${describeTarget(target)}), tried for ${Math.round(waited)} s: ${reason}. ` +
            'Check that DATABASE_URL names the right host and port, that PostgreSQL runs and listens there ' +
            '(listen_addresses, firewall), and that TLS is set as it wants it (sslmode).',
          { cause: error },
        );
      }
      if (waited - told >= 5) {
        told = waited;
        options.log.warn(`waiting for PostgreSQL (${describeTarget(target)}): ${reason}`);
      }
      await new Promise((resolve) => setTimeout(resolve, pause));
      pause = Math.min(pause * 1.5, 1_000);
    }
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') {
    return error.errors.map((each: unknown) => reasonOf(each)).join(', ');
  }
  return error instanceof Error ? error.message : String(error);
}

/** What to tell where trying again cannot help; undefined where it can. */
function refusal(error: unknown, target: Target): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const who = describeTarget(target);
  const reason = reasonOf(error);
  if (code === '28P01') return `PostgreSQL refuses the password (${who}). Check user and password in DATABASE_URL.`;
  if (code === '28000') {
    return `PostgreSQL does not let us in (${who}): ${reason}. Check the user in DATABASE_URL and a line for it in pg_hba.conf.`;
  }
  if (code === '3D000') {
    return `PostgreSQL has no such database (${who}). Create it (createdb) or correct DATABASE_URL.`;
  }
  if (
    reason.includes('does not support SSL') ||
    (typeof code === 'string' && /^(ERR_TLS|ERR_SSL|DEPTH_|SELF_SIGNED|UNABLE_TO|CERT_)/.test(code))
  ) {
    return `PostgreSQL and we disagree on TLS (${who}): ${reason}. Check sslmode in DATABASE_URL and the certificate.`;
  }
  if (reason.includes('password must be a string')) {
    return `PostgreSQL asks for a password (${who}) and DATABASE_URL names none.`;
  }
  return undefined;
}
