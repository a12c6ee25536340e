// Builds the whole server from its configuration, in order, and takes it down again. Tests replace parts by overrides.
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Config, ConfigError } from './config.ts';
import { mqttOf, readTls } from './config-files.ts';
import { type Database, openDatabase } from './db/database.ts';
import { type Embedded, startEmbedded } from './db/embedded.ts';
import { migrate } from './db/migrate.ts';
import { archiveStore } from './events/archive.ts';
import { testBroker } from './events/broker-self-test.ts';
import { isLoopback } from './events/door.ts';
import { pretendClientId, startPretendDevice } from './events/pretend-device.ts';
import { type Events, startEvents } from './events/start-events.ts';
import { commandsInbound, noteResponse } from './features/bus/inbound.ts';
import { forgetAnswers } from './features/bus/queries.ts';
import { busRoutes } from './features/bus/routes.ts';
import { busService } from './features/bus/service.ts';
import { statusTopics } from './features/bus/status-topics.ts';
import { changeRoutes } from './features/changes/routes.ts';
import { changeService } from './features/changes/service.ts';
import { componentRoutes } from './features/components/routes.ts';
import { componentService } from './features/components/service.ts';
import { startReplayRunner } from './features/dead-letters/replay-runner.ts';
import { replayService } from './features/dead-letters/replay-service.ts';
import { deadLetterRoutes } from './features/dead-letters/routes.ts';
import { deadLetterService } from './features/dead-letters/service.ts';
import { tidyDeadLetters } from './features/dead-letters/upkeep.ts';
import { type BindingRunner, bindingRunner } from './features/devices/binding-runner.ts';
import { bindingService } from './features/devices/bindings-service.ts';
import { deviceDoor } from './features/devices/door.ts';
import { deviceRoutes } from './features/devices/routes.ts';
import { deviceService } from './features/devices/service.ts';
import { deviceWatch } from './features/devices/watch.ts';
import { nobodyConnected } from './features/devices/watch-queries.ts';
import { filterReader } from './features/events/filter-reader.ts';
import { startEventReplays } from './features/events/replay-runner.ts';
import { eventReplayService } from './features/events/replay-service.ts';
import { eventReplayRoutes, eventRoutes } from './features/events/routes.ts';
import { eventService } from './features/events/service.ts';
import { statsService } from './features/events/stats-service.ts';
import { healthRoutes } from './features/health/routes.ts';
import { healthService } from './features/health/service.ts';
import { historyService } from './features/history/service.ts';
import { passwordHasher } from './features/identity/passwords.ts';
import { isOpenToNetwork, reachSetting } from './features/identity/reach.ts';
import { identityRoutes } from './features/identity/routes.ts';
import { sessionLookup } from './features/identity/sessions.ts';
import { type SetupService, setupService } from './features/identity/setup-service.ts';
import { signInService } from './features/identity/sign-in-service.ts';
import { userService } from './features/identity/users-service.ts';
import { layoutRoutes } from './features/layouts/routes.ts';
import { layoutService } from './features/layouts/service.ts';
import { importService } from './features/projects/import-service.ts';
import { projectRoutes } from './features/projects/routes.ts';
import { projectService } from './features/projects/service.ts';
import { retentionRoutes } from './features/retention/routes.ts';
import { retentionService } from './features/retention/service.ts';
import { searchRoutes } from './features/search/routes.ts';
import { searchService } from './features/search/service.ts';
import { quickAddService } from './features/tasks/quick-add-service.ts';
import { taskRoutes } from './features/tasks/routes.ts';
import { taskService } from './features/tasks/service.ts';
import { traceRoutes } from './features/traces/routes.ts';
import { traceService } from './features/traces/service.ts';
import { buildHttp } from './http/http-server.ts';
import { listenOn, ownAddresses } from './http/listen.ts';
import { httpServers } from './http/servers.ts';
import { changeMaker } from './kernel/change.ts';
import { type Clock, systemClock } from './kernel/clock.ts';
import type { Log } from './kernel/log.ts';
import { systemActor, systemOrigin, writeToOutbox } from './kernel/outbox.ts';
import { Problem } from './kernel/problem.ts';
import { patiently } from './patience.ts';
import { startUpkeep } from './upkeep.ts';
import { version } from './version.ts';

export interface AppOptions {
  config: Config;
  log: Log;
  /** Aborted where the start is to be given up: it then takes down what it had built, and throws. */
  signal?: AbortSignal;
  /** Parts that tests put in the place of the real ones. */
  overrides?: { clock?: Clock; hash_cost?: number; web_folder?: string; device_every?: number };
}

export interface App {
  port: number;
  mqtt_port: number | null;
  database: Database;
  events: Events;
  setup: SetupService;
  /** Where the embedded database is; null with an external one. */
  embedded: Embedded | null;
  /** Stops taking work, finishes what was begun, closes everything. */
  stop(): Promise<void>;
}

const webFolder = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'web', 'dist');

/** Waits for a database that is away, at any moment of the start. */
export function startApp(options: AppOptions): Promise<App> {
  const { config, log, signal } = options;
  return patiently(() => buildApp(options), { log, wait_seconds: config.DATABASE_WAIT_SECONDS, signal });
}

async function buildApp({ config, log, signal, overrides = {} }: AppOptions): Promise<App> {
  const started_at = new Date().toISOString();
  const clock = overrides.clock ?? systemClock;
  const undo: (() => Promise<unknown>)[] = [];
  const stopAll = async () => {
    for (const step of undo.splice(0).reverse()) await step().catch((error) => log.error({ err: error }, 'stopping'));
  };
  try {
    const tls = await readTls(config);
    const embedded = config.DATABASE_URL === null ? await startEmbedded({ data_dir: config.DATA_DIR, log }) : null;
    if (embedded) undo.push(embedded.stop);
    signal?.throwIfAborted();
    const url = embedded?.url ?? config.DATABASE_URL ?? '';
    await migrate(url, { log, wait_seconds: config.DATABASE_WAIT_SECONDS });
    const database = await openDatabase({
      url,
      log,
      pool_size: config.DATABASE_POOL_SIZE,
      wait_seconds: config.DATABASE_WAIT_SECONDS,
    });
    undo.push(() => database.close());
    signal?.throwIfAborted();

    let wide = config.HOST === null && (await isOpenToNetwork(database));
    const mqtt = await mqttOf(config, tls);
    let hosts: () => readonly string[] = () => [config.MQTT_HOST];
    let runner: BindingRunner | null = null;
    await nobodyConnected(database.app);
    const watch = deviceWatch({ db: database.app, clock, log, onSignal: (id, message) => runner?.take(id, message) });
    undo.push(() => watch.stop());
    const own = { username: pretendClientId, password: randomUUID() };
    const door = await deviceDoor({ db: database.app, clock, watch, log, own, anonymous: () => !wide });
    const events = await startEvents({
      ...{ database, log, door },
      mqtt: 'url' in mqtt ? mqtt : { ...mqtt, reached: () => hosts() },
      onSignal: (message) => watch.heard(null, message),
      wantsResponse: (message) => noteResponse(database.app, message),
    });
    undo.push(() => events.stop());
    signal?.throwIfAborted();

    const { wake } = events;
    const changes = changeMaker({ database, clock, wake });
    const host = hostname();
    const hasher = passwordHasher(overrides.hash_cost);
    const lookup = sessionLookup(database.auth, clock);
    const signIn = signInService({ database, changes, clock, hasher, lookup, host, wake });
    const users = userService({ database, changes, hasher, lookup, host });
    const setup = setupService({ database, clock, hasher, signIn, host, wake });
    const projects = projectService({ database, changes, clock, example_client_id: pretendClientId });
    const imports = importService({ database, changes, clock });
    const components = componentService({ database, changes, clock });
    const tasks = taskService({ database, changes, components, clock });
    const quickAdd = quickAddService({ changes, projects, components, tasks, clock });
    const layouts = layoutService({ database, changes });
    const wholeChanges = changeService({ database, changes, projects, components, tasks, layouts });
    const search = searchService({ database });
    const bindings = bindingRunner({
      ...{ db: database.app, clock, log, components, nameOf: door.nameOf },
      ...{ publish: events.take, bury: events.bury },
    });
    undo.push(() => bindings.stop());
    await bindings.load();
    runner = bindings;
    const bus = busService({
      ...{ database, changes, clock, watch: events.watch, actorOf: lookup.actorOf },
      selfTest: 'url' in mqtt ? () => testBroker(mqtt) : null,
    });
    const followSignals = () => bus.follow(bindings.filters());
    await followSignals();
    const history = historyService({ database });
    const retention = retentionService({
      ...{ database, changes, clock, log, history, wake, leads: events.leads },
      archives: archiveStore(join(config.DATA_DIR, 'archive', 'events')),
    });
    const filters = filterReader({ database, clock });
    const eventQueries = eventService({ database, filters, clock, wake });
    const stats = statsService({ database, filters, clock });
    let stopping = false;
    const health = healthService({
      ...{ database, events, version, started_at },
      stopping: () => stopping,
      also: () => [retention.part()],
    });
    let widen: () => Promise<unknown> = async () => undefined;
    const reach = reachSetting({
      changes,
      configurable: config.HOST === null,
      async listenWider() {
        await widen();
      },
    });

    const commands = commandsInbound({
      ...{ database, log, components, tasks, publish: events.publish },
      ...{ actorOf: lookup.actorOf, deviceOf: door.deviceOf },
      bury: (message, why, event_id) => events.bury(message, { ...why, event_id }),
    });
    events.follow(commands.reader);
    events.whenRepeated(commands.repeated);
    events.whenBuried(commands.buried);
    events.follow(
      statusTopics({
        ...{ database, publish: events.publish },
        ...{ projects: projects.told, components: components.told },
      }),
    );
    const redo = { command: commands.redo };
    let onReplay: () => void = () => undefined;
    const replays = replayService({
      ...{ database, changes, clock, wake, echoes: events.embedded === null, stages: Object.keys(redo) },
      onReplay: () => onReplay(),
    });
    const replayRunner = startReplayRunner({
      ...{ db: database.app, log, redo, end: replays.end, ingest: events.ingest, publish: events.publish },
      embedded: events.embedded !== null,
    });
    onReplay = replayRunner.wake;
    events.join(replayRunner);
    const devices = deviceService({
      ...{ database, changes, door, watch },
      disconnect: (id) => events.embedded?.disconnect(id),
      forget: async (id) => events.embedded?.forget(id),
      broker() {
        const { port = null, tls_port = null } = events.embedded?.address() ?? {};
        const reached = hosts();
        const loopback_only = reached.every((host) => host === 'localhost' || isLoopback(host));
        return { port, tls_port, hosts: [...reached], loopback_only, anonymous: events.embedded !== null && !wide };
      },
    });

    let onEventReplay: () => void = () => undefined;
    const eventReplays = eventReplayService({
      ...{ database, changes, clock, filters, wake },
      clientOf: devices.clientOf,
      onReplay: () => onEventReplay(),
    });
    const eventReplayRunner = startEventReplays({
      ...{ db: database.app, log, publish: events.publish, finish: eventReplays.finish },
    });
    onEventReplay = eventReplayRunner.wake;
    events.join(eventReplayRunner);

    await setUpAdministrator(setup, config, log);
    const servers = httpServers(tls);
    const http = await buildHttp({
      log,
      version,
      servers,
      tls: tls !== null,
      trust_proxy: config.TRUST_PROXY,
      web_folder: overrides.web_folder ?? webFolder,
      own_origins: config.PUBLIC_URL === null ? [] : [new URL(config.PUBLIC_URL).origin],
      authenticate: lookup.authenticate,
      handlers: {
        ...identityRoutes({
          ...{ signIn, users, setup, reach },
          addExample: async (context) => (await imports.addGreenhouse(context)).id,
        }),
        ...projectRoutes(projects, imports),
        ...componentRoutes(components, projects),
        ...taskRoutes(tasks, quickAdd),
        ...changeRoutes(wholeChanges),
        ...layoutRoutes(layouts),
        ...searchRoutes(search),
        ...deviceRoutes(
          devices,
          bindingService({ database, changes, components, runner: bindings, watch, changed: followSignals }),
        ),
        ...deadLetterRoutes(deadLetterService({ database, changes, take: events.take }), replays),
        ...busRoutes(bus, followSignals),
        ...retentionRoutes(retention, history),
        ...eventRoutes({
          ...{ events: eventQueries, filters, stats, hub: events.hub },
          stillAllowed: ({ session_id }) => lookup.holds(session_id),
        }),
        ...eventReplayRoutes(eventReplays),
        ...traceRoutes(traceService({ database, clock })),
        ...healthRoutes(health),
      },
    });
    const listening = await listenOn(http, servers, config.HOST ?? (wide ? '0.0.0.0' : null), config.PORT);
    // An address to type into a device: not the one that stands for all of them.
    hosts = () => (wide || config.MQTT_HOST === '0.0.0.0' ? [...ownAddresses(), 'localhost'] : [config.MQTT_HOST]);
    widen = async () => {
      const addresses = await listening.widen();
      for (const address of addresses) await events.embedded?.listenAlso(address);
      wide = true;
      // From now on everybody needs an account, who is connected too.
      events.embedded?.disconnect('');
      log.info(`TaylorDash can be reached from the home network now: ${addresses.join(', ')}`);
    };
    undo.push(async () => {
      // Streams would hold their connections open; their clients come back to another server or to the next start.
      events.hub.close();
      await listening.close();
    });
    const device = startPretendDevice({
      log,
      account: config.MQTT_URL === null ? own : null,
      broker_url:
        config.MQTT_URL ??
        `mqtt://${config.MQTT_HOST === '0.0.0.0' ? '127.0.0.1' : config.MQTT_HOST}:${events.mqtt_port}`,
      async state() {
        if (!events.leads()) return { wanted: false, mistaken: false };
        const { exists, mistaken } = await projects.exampleState();
        return { wanted: exists, mistaken };
      },
      ...(overrides.device_every === undefined ? {} : { every: overrides.device_every }),
    });
    undo.push(() => device.stop());
    const upkeep = startUpkeep({
      ...{ database, clock, log, leads: events.leads, wake },
      also: [
        async () => events.embedded?.forgetUnseen(),
        () => forgetAnswers(database.app),
        () => tidyDeadLetters(database.app),
        retention.upkeep,
      ],
    });
    undo.push(() => upkeep.stop());
    await tell(database, 'system_started', clock);
    wake();

    return {
      ...{ port: listening.port, mqtt_port: events.mqtt_port, database, events, setup, embedded },
      async stop() {
        stopping = true;
        await tell(database, 'system_stopping', clock).catch(() => undefined);
        wake();
        await stopAll();
      },
    };
  } catch (error) {
    await stopAll();
    throw error;
  }
}

async function tell(database: Database, kind: 'system_started' | 'system_stopping', clock: Clock): Promise<void> {
  const payload = JSON.stringify({ actor: systemActor, version });
  await writeToOutbox(database.app, systemOrigin(clock), [{ kind, payload, project_id: null, entity_id: null }]);
}

/** Before anybody can come in, so that who is told that TaylorDash is ready can sign in. */
async function setUpAdministrator(setup: SetupService, config: Config, log: Log): Promise<void> {
  const { TAYLORDASH_ADMIN_USERNAME: username, TAYLORDASH_ADMIN_PASSWORD: password } = config;
  if (username === null || password === null) return;
  try {
    if (await setup.setUpFromEnvironment(username, password))
      log.info(`the administrator ${username} was made as TAYLORDASH_ADMIN_USERNAME says`);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const [fault] = error.details.errors ?? [];
    const name = fault?.pointer === '/username' ? 'TAYLORDASH_ADMIN_USERNAME' : 'TAYLORDASH_ADMIN_PASSWORD';
    throw new ConfigError(`${name} ${fault?.detail ?? error.message}.`);
  }
}
