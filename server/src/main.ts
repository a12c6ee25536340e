// The process: reads the configuration, starts what was asked for, prints where to go, stops in order.
import { createInterface } from 'node:readline';
import { type App, startApp } from './app.ts';
import { type Config, ConfigError, readConfig } from './config.ts';
import { TlsFileError } from './config-files.ts';
import { EmbeddedRefused } from './db/cluster-claim.ts';
import { DatabaseUnreachable } from './db/connect.ts';
import { embeddedUrl, startEmbedded } from './db/embedded.ts';
import { MigrationRefused, migrate } from './db/migrate.ts';
import { PortTaken } from './events/mqtt-listener.ts';
import { SecondServer } from './events/start-events.ts';
import { CannotListen, ownAddresses } from './http/listen.ts';
import { createLog, type Log } from './kernel/log.ts';
import { patiently } from './patience.ts';
import { printSetupCode } from './setup-code.ts';

/** Errors whose message is for the person who started TaylorDash. */
const expected = [
  ConfigError,
  DatabaseUnreachable,
  EmbeddedRefused,
  MigrationRefused,
  PortTaken,
  CannotListen,
  SecondServer,
  TlsFileError,
];

/** How long an orderly stop may take, in milliseconds. */
const longestStop = 10_000;

async function main(command: string | undefined): Promise<void> {
  const config = readConfig();
  const log = createLog({ level: config.LOG_LEVEL, plain: process.stdout.isTTY === true });
  switch (command) {
    case undefined:
      return serve(config, log);
    case 'migrate':
      return migrateAlone(config, log);
    case 'setup':
      return printSetupCode(config.DATABASE_URL ?? embeddedUrl(config.DATA_DIR, log), config.PORT, log);
    default:
      throw new ConfigError(`There is no command ${command}. Leave it out to start, or use migrate or setup.`);
  }
}

async function serve(config: Config, log: Log): Promise<void> {
  const stopping = new AbortController();
  const started = startApp({ config, log, signal: stopping.signal });
  stopOnSignals({ started, stopping, log, embedded: config.DATABASE_URL === null });
  const app = await started.catch((error: unknown) => {
    if (stopping.signal.aborted) return null;
    throw error;
  });
  if (app && !stopping.signal.aborted) await greet(app, config, log);
}

async function greet(app: App, config: Config, log: Log): Promise<void> {
  const scheme = config.TLS_CERT === null ? 'http' : 'https';
  const address =
    config.PUBLIC_URL ??
    `${scheme}://${config.HOST === null || config.HOST === '0.0.0.0' ? 'localhost' : config.HOST}:${app.port}`;
  const code = await patiently(() => app.setup.newCode(), { log, wait_seconds: config.DATABASE_WAIT_SECONDS });
  const lines = code
    ? [
        `Open ${address}/setup and enter ${code.code} (once, until ${clockTime(code.expires_at)}).`,
        ...(config.HOST === null
          ? [
              `From another machine: start with HOST=0.0.0.0, then ${scheme}://${ownAddresses()[0] ?? '<address>'}:${app.port}/setup.`,
            ]
          : []),
      ]
    : [`TaylorDash is at ${address}`];
  process.stdout.write(`\n  ${lines.join('\n  ')}\n\n`);
}

function clockTime(iso: string): string {
  return new Date(iso).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
}

async function migrateAlone(config: Config, log: Log): Promise<void> {
  const embedded = config.DATABASE_URL === null ? await startEmbedded({ data_dir: config.DATA_DIR, log }) : null;
  try {
    const { applied } = await migrate(embedded?.url ?? config.DATABASE_URL ?? '', {
      log,
      wait_seconds: config.DATABASE_WAIT_SECONDS,
    });
    process.stdout.write(applied.length === 0 ? 'The database is up to date.\n' : `Applied ${applied.join(', ')}.\n`);
  } finally {
    await embedded?.stop();
  }
}

interface Stopping {
  started: Promise<App>;
  stopping: AbortController;
  log: Log;
  /** The database is ours to stop. */
  embedded: boolean;
}

function stopOnSignals({ started, stopping, log, embedded }: Stopping): void {
  let up = false;
  started.then(
    () => {
      up = true;
    },
    () => undefined,
  );
  const stop = (signal: string, code = 0) => {
    if (stopping.signal.aborted) return;
    log.info(`${signal}: stopping`);
    stopping.abort(new Error(signal));
    // A start that waits for somebody else's database leaves nothing half: what it does there are transactions.
    if (!up && !embedded) process.exit(code);
    // What cannot end in order must not keep the process: nothing that was acknowledged is lost by it.
    setTimeout(() => process.exit(1), longestStop).unref();
    // A start that fails has taken itself down.
    started
      .then(
        (app) => app.stop(),
        () => undefined,
      )
      .then(
        () => process.exit(code),
        (error) => {
          log.error({ err: error }, 'could not stop in order');
          process.exit(1);
        },
      );
  };
  process.on('SIGINT', () => stop('SIGINT'));
  process.on('SIGTERM', () => stop('SIGTERM'));
  // On Windows Ctrl-C of a child arrives here alone.
  if (process.platform === 'win32') createInterface({ input: process.stdin }).on('SIGINT', () => stop('SIGINT'));
  process.on('unhandledRejection', (reason) => log.error({ err: reason }, 'unhandled rejection'));
  process.on('uncaughtException', (error) => {
    log.fatal({ err: error }, 'uncaught exception');
    stop('a bug', 1);
  });
}

main(process.argv[2]).catch((error: unknown) => {
  if (expected.some((kind) => error instanceof kind))
    process.stderr.write(`\n${String(error instanceof Error ? error.message : error)}\n`);
  else process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
