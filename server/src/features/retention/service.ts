// How long events are kept: the policy, its rounds on the leader, and the archives of what was dropped.
import type { Database } from '../../db/database.ts';
import type { Handle } from '../../db/transaction.ts';
import { type ArchiveStore, DamagedArchive, type Manifest } from '../../events/archive.ts';
import {
  type Dropped,
  droppedPartitions,
  pace,
  readerPositions,
  restorePartition,
  unpin,
} from '../../events/partitions.ts';
import type { ChangeMaker, Written } from '../../kernel/change.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Context } from '../../kernel/context.ts';
import type { Log } from '../../kernel/log.ts';
import { systemActor, systemOrigin, writeToOutbox } from '../../kernel/outbox.ts';
import { Problem } from '../../kernel/problem.ts';
import { tellOfSetting } from '../../kernel/settings.ts';
import type { HistoryService } from '../history/service.ts';
import * as queries from './queries.ts';
import { judgePartitions, type Round, runRound, type Sealed } from './run.ts';

export interface RetentionDependencies {
  database: Database;
  changes: ChangeMaker;
  clock: Clock;
  log: Log;
  history: HistoryService;
  archives: ArchiveStore;
  /** Does this server lead? */
  leads(): boolean;
  wake(): void;
}

export type RetentionService = ReturnType<typeof retentionService>;

const roundEvery = 3_600_000;
const snapshotsEvery = 86_400_000;
const forecastDays = [30, 90, 365] as const;

export function retentionService(deps: RetentionDependencies) {
  const { database, changes, clock, log, history, archives, leads, wake } = deps;
  const sealed: Sealed = new Map();
  let last: Round | null = null;
  let running: Promise<Round> | null = null;
  const restoring = new Map<string, Promise<{ name: string; events: number }>>();
  let roundDue = 0;
  let snapshotsDue = 0;

  async function tell(tx: Handle, dropped: Dropped): Promise<void> {
    const payload = JSON.stringify({ actor: systemActor, ...dropped });
    await writeToOutbox(tx, systemOrigin(clock), [
      { kind: 'retention_applied', payload, project_id: null, entity_id: null },
    ]);
  }

  async function round(): Promise<Round> {
    const policy = await queries.readPolicy(database.app);
    const { keepThrough } = history;
    last = await runRound({ db: database.app, clock, archives, sealed, keepThrough, tell }, policy);
    if (last.dropped.length > 0) wake();
    for (const { name, events } of last.dropped) log.info(`${name} was dropped as the policy says: ${events} events`);
    for (const { name, reason } of last.kept)
      log.warn(`${name} is older than the policy and was not dropped: ${reason}`);
    return last;
  }

  /** One round at a time; who asks meanwhile gets the answer of the one that runs. */
  function run(): Promise<Round> {
    running ??= round().finally(() => {
      running = null;
    });
    return running;
  }

  async function known(name: string): Promise<Manifest> {
    const manifest = await archives.manifest(name).catch((error: unknown) => {
      if (error instanceof DamagedArchive) throw new Problem('archive.damaged', { detail: error.message });
      throw error;
    });
    if (manifest === null) throw new Problem('archive.not_found', { detail: `There is no archive ${name}.` });
    return manifest;
  }

  async function bringBack(name: string): Promise<{ name: string; events: number }> {
    const { events } = await known(name);
    const fault = await archives.fault(name);
    if (fault !== null) throw new Problem('archive.damaged', { detail: `${fault} Nothing was brought back.` });
    const refused = await restorePartition(database.app, name, events, archives.read(name));
    if (refused !== null) throw new Problem('archive.not_restorable', { detail: `${name}: ${refused}.` });
    log.info(`${events} events of ${name} were brought back`);
    return { name, events };
  }

  return {
    async state() {
      const policy = await queries.readPolicy(database.app);
      const partitions = await judgePartitions(database.app, policy, clock.now(), sealed);
      const { newest, a_day } = await pace(database.app);
      const readers = (await readerPositions(database.app)).map(({ name, position }) => ({
        ...{ name, position },
        behind: Math.max(Number(BigInt(newest) - BigInt(position)), 0),
      }));
      const total_bytes = partitions.reduce((sum, { bytes }) => sum + bytes, 0);
      const events = partitions.reduce((sum, one) => sum + one.events, 0);
      const each = events === 0 ? 0 : total_bytes / events;
      return {
        events: policy,
        partitions: partitions.map(({ in_use: _in_use, pinned: _pinned, newest_id: _newest_id, ...one }) => one),
        readers,
        total_bytes,
        events_a_day: a_day,
        forecast: forecastDays.map((days) => {
          // Beyond the policy as much goes as comes.
          const more = policy.keep_days === null ? days : Math.min(days, policy.keep_days);
          return { days, bytes: Math.round(total_bytes + more * a_day * each) };
        }),
        last_run: last,
      };
    },

    async setPolicy(context: Context, policy: queries.EventPolicy): Promise<queries.EventPolicy> {
      await changes.change(context, async (change): Promise<Written> => {
        const { tx } = change;
        const before = await queries.readPolicy(tx, true);
        if (before.keep_days === policy.keep_days && before.archive === policy.archive) return {};
        await queries.writePolicy(tx, policy, context.actor.id);
        tellOfSetting(change, 'event_retention', before, policy);
        return {};
      });
      return policy;
    },

    async run(): Promise<Round> {
      if (!leads())
        throw new Problem('retention.not_here', { detail: 'Another server leads. It applies the policy by itself.' });
      return run();
    },

    /** From time to time, where this server leads. */
    async upkeep(): Promise<void> {
      if (performance.now() >= snapshotsDue) {
        snapshotsDue = performance.now() + snapshotsEvery;
        await history.keepAll();
      }
      if (performance.now() < roundDue) return;
      roundDue = performance.now() + roundEvery;
      await run();
    },

    /** For health: what keeps the policy from being applied. */
    part() {
      const stuck = last?.kept[0];
      const state = stuck === undefined ? ('healthy' as const) : ('degraded' as const);
      const detail =
        stuck === undefined
          ? 'the policy for events is applied'
          : `${stuck.name} is older than the policy and stays: ${stuck.reason}`;
      return { name: 'retention', state, latency_ms: null, detail };
    },

    async listArchives() {
      const dropped = new Map((await droppedPartitions(database.app)).map((one) => [one.name, one]));
      const items = [];
      for (const name of await archives.names()) {
        const here = dropped.get(name);
        const state = { present: here?.restored ?? here === undefined, pinned: here?.pinned ?? false };
        try {
          const manifest = await archives.manifest(name);
          if (manifest === null) continue;
          const { from_id, to_id, events, bytes, oldest_at, newest_at, written_at, release } = manifest;
          items.push({
            ...{ name, from_id, to_id, events, bytes, oldest_at, newest_at, written_at, release },
            ...{ ...state, fault: null },
          });
        } catch (error) {
          if (!(error instanceof DamagedArchive)) throw error;
          items.push({
            ...{ name, from_id: '0', to_id: '0', events: 0, bytes: 0, oldest_at: null, newest_at: null },
            ...{ written_at: new Date(0).toISOString(), release: '', ...state, fault: error.message },
          });
        }
      }
      return items;
    },

    async verifyArchive(name: string): Promise<{ name: string; fault: string | null }> {
      if (!(await archives.names()).includes(name)) await known(name);
      return { name, fault: await archives.fault(name) };
    },

    /** Once at a time: two would read into one table. Who asks meanwhile gets the answer of the one that runs. */
    restore(name: string): Promise<{ name: string; events: number }> {
      const running = restoring.get(name) ?? bringBack(name).finally(() => restoring.delete(name));
      restoring.set(name, running);
      return running;
    },

    async release(name: string): Promise<void> {
      if (!(await unpin(database.app, name))) await known(name);
    },
  };
}
