// Decides what is set for an external broker, which names no publisher and passes on more than events, and tries it.
import type { endpoints } from '@taylordash/core/endpoints/all';
import type { ReplyOf } from '@taylordash/core/endpoints/endpoint';
import { sameJson } from '@taylordash/core/json';
import { isTopicFilter } from '@taylordash/core/topics';
import type { Database } from '../../db/database.ts';
import type { SelfTestStep } from '../../events/broker-self-test.ts';
import { type ChangeMaker, userActor, type Written } from '../../kernel/change.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Context } from '../../kernel/context.ts';
import { changePayload } from '../../kernel/outbox.ts';
import { invalidField } from '../../kernel/problem.ts';
import * as queries from './queries.ts';

export type BusSettings = ReplyOf<(typeof endpoints)['busSettings']>;
export type BrokerTest = ReplyOf<(typeof endpoints)['brokerTest']>;

export interface BusDependencies {
  database: Database;
  changes: ChangeMaker;
  clock: Clock;
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

export function busService({ database, changes, clock, selfTest, watch }: BusDependencies) {
  const db = database.app;

  async function settings(): Promise<BusSettings> {
    const filters = await queries.readSetting(db, keys.signal_filters);
    return {
      external: selfTest !== null,
      command_user_id: await queries.commandUser(db),
      signal_filters: filters === null ? usualSignals : JSON.parse(filters),
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
      if (command_user_id && (await queries.findUser(db, command_user_id)) === null) {
        throw invalidField('/command_user_id', 'must be an active user');
      }
      const wrong = signal_filters.findIndex((filter) => !isTopicFilter(filter) || filter.startsWith('$'));
      if (wrong >= 0) throw invalidField(`/signal_filters/${wrong}`, 'must be an MQTT topic filter outside $');
      const before = await settings();
      await changes.change(context, async ({ tx, change_id, emitPayload }): Promise<Written> => {
        for (const field of ['command_user_id', 'signal_filters'] as const) {
          const value = input[field];
          if (value === undefined || sameJson(value, before[field])) continue;
          await queries.keepSetting(tx, keys[field], JSON.stringify(value), context.actor.id);
          const entity = JSON.stringify({ key: keys[field], value });
          const changed = { value: { before: before[field], after: value } };
          const payload = changePayload({ actor: userActor(context), change_id }, entity, changed);
          emitPayload({ kind: 'settings_changed', payload, project_id: null, entity_id: null });
        }
        return {};
      });
      return settings();
    },

    async lastTest(): Promise<BrokerTest> {
      const kept = selfTest === null ? null : await queries.readSetting(db, testKey);
      // Written below, in this very shape.
      return kept === null ? { ran_at: null, steps: [] } : (JSON.parse(kept) as BrokerTest);
    },

    async runTest(context: Context): Promise<BrokerTest> {
      if (selfTest === null) return { ran_at: null, steps: [] };
      const steps = await selfTest();
      const result = { ran_at: new Date(clock.now()).toISOString(), steps };
      await queries.keepSetting(db, testKey, JSON.stringify(result), context.actor.id);
      return result;
    },
  };
}
