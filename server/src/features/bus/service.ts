// Decides what is set for an external broker, which names no publisher and passes on more than events, and tries it.
import type { endpoints } from '@taylordash/core/endpoints/all';
import type { ReplyOf } from '@taylordash/core/endpoints/endpoint';
import { sameJson } from '@taylordash/core/json';
import type { Actor } from '@taylordash/core/permissions';
import { isTopicFilter } from '@taylordash/core/topics';
import type { Database } from '../../db/database.ts';
import type { SelfTestStep } from '../../events/broker-self-test.ts';
import type { ChangeMaker, Written } from '../../kernel/change.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Context } from '../../kernel/context.ts';
import { invalidField } from '../../kernel/problem.ts';
import { keepSetting, readSetting, tellOfSetting } from '../../kernel/settings.ts';
import { commandUser } from './queries.ts';

export type BusSettings = ReplyOf<(typeof endpoints)['busSettings']>;
export type BrokerTest = ReplyOf<(typeof endpoints)['brokerTest']>;

export interface BusDependencies {
  database: Database;
  changes: ChangeMaker;
  clock: Clock;
  /** An active user with their rights, or null. */
  actorOf(user_id: string): Promise<Actor | null>;
  /** Tries the external broker; null where the broker is the embedded one. */
  selfTest: (() => Promise<SelfTestStep[]>) | null;
  /** Listens to these topics from now on. */
  watch(filters: readonly string[]): void;
}

export type BusService = ReturnType<typeof busService>;

/** What bridges and firmware publish on by themselves. */
const usualSignals = ['zigbee2mqtt/#', 'tele/#', 'stat/#', 'shellies/#', 'esphome/#'];
const keys = { command_user_id: 'command_user', signal_filters: 'signal_filters' } as const;
const testKey = 'broker_self_test';

export function busService({ database, changes, clock, actorOf, selfTest, watch }: BusDependencies) {
  const db = database.app;

  async function settings(): Promise<BusSettings> {
    const filters = await readSetting(db, keys.signal_filters);
    return {
      external: selfTest !== null,
      command_user_id: await commandUser(db),
      // Kept below, in this very shape.
      signal_filters: filters === null ? usualSignals : (filters as string[]),
    };
  }

  return {
    settings,

    /** Listens to what is set; called at the start, and where bindings change. */
    async follow(bound: readonly string[]): Promise<void> {
      if (selfTest === null) return;
      watch([...(await settings()).signal_filters, ...bound]);
    },

    async set(context: Context, input: Partial<Omit<BusSettings, 'external'>>): Promise<BusSettings> {
      const { command_user_id, signal_filters = [] } = input;
      if (command_user_id && (await actorOf(command_user_id)) === null) {
        throw invalidField('/command_user_id', 'must be an active user');
      }
      const wrong = signal_filters.findIndex((filter) => !isTopicFilter(filter) || filter.startsWith('$'));
      if (wrong >= 0) throw invalidField(`/signal_filters/${wrong}`, 'must be an MQTT topic filter outside $');
      const before = await settings();
      await changes.change(context, async (change): Promise<Written> => {
        for (const field of ['command_user_id', 'signal_filters'] as const) {
          const value = input[field];
          if (value === undefined || sameJson(value, before[field])) continue;
          await keepSetting(change.tx, keys[field], value, context.actor.id);
          tellOfSetting(change, keys[field], before[field], value);
        }
        return {};
      });
      return settings();
    },

    async lastTest(): Promise<BrokerTest> {
      const kept = selfTest === null ? null : await readSetting(db, testKey);
      // Written below, in this very shape.
      return kept === null ? { ran_at: null, steps: [] } : (kept as BrokerTest);
    },

    async runTest(context: Context): Promise<BrokerTest> {
      if (selfTest === null) return { ran_at: null, steps: [] };
      const steps = await selfTest();
      const result = { ran_at: new Date(clock.now()).toISOString(), steps };
      await keepSetting(db, testKey, result, context.actor.id);
      return result;
    },
  };
}
