// Where TaylorDash can be reached from: this machine alone, or the home network; chosen at set-up, kept in the settings.
import { sql } from 'kysely';
import type { Database } from '../../db/database.ts';
import { type Handle, queryText } from '../../db/transaction.ts';
import { type ChangeMaker, userActor } from '../../kernel/change.ts';
import type { Context } from '../../kernel/context.ts';
import { changePayload } from '../../kernel/outbox.ts';
import * as queries from './queries.ts';

export interface Reach {
  /** False where the environment names the address. */
  configurable: boolean;
  /** Opens HTTP and MQTT to the home network, now and at every later start. Nothing where the environment names the address. */
  open(context: Context): Promise<void>;
}

const settingKey = 'reach';

/** Was the home network chosen? */
export async function isOpenToNetwork(database: Database): Promise<boolean> {
  return (
    (await queryText(database.app, `select value #>> '{}' from taylordash.settings where key = $1`, [settingKey])) ===
    'home_network'
  );
}

export interface ReachDependencies {
  changes: ChangeMaker;
  configurable: boolean;
  /** Makes HTTP and MQTT listen on the network too. */
  listenWider(): Promise<void>;
}

export function reachSetting({ changes, configurable, listenWider }: ReachDependencies): Reach {
  return {
    configurable,
    async open(context) {
      if (!configurable) return;
      const { id: user_id, username: actor_name } = context.actor;
      await changes.change(context, async ({ tx, change_id, emitPayload }) => {
        const before = await changeSetting(tx, '"home_network"', user_id);
        const changed = { value: { before, after: 'home_network' } };
        const entity = JSON.stringify({ key: settingKey, value: 'home_network' });
        const payload = changePayload({ actor: userActor(context), change_id }, entity, changed);
        emitPayload({ kind: 'settings_changed', payload, project_id: null, entity_id: null });
        const details = { key: settingKey, ...changed, trace_id: context.trace_id };
        const audit = { event_type: 'settings_changed', user_id, actor_name, subject_id: null, details };
        await queries.insertAudit(tx, { ...audit, address: null, user_agent: null });
        return {};
      });
      await listenWider();
    },
  };
}

/** Keeps the setting, its value as JSON text, and returns the one before or null. Locks its row; primary key. */
async function changeSetting(tx: Handle, value: string, user_id: string): Promise<string | null> {
  const before = await queryText(tx, `select value #>> '{}' from taylordash.settings where key = $1 for update`, [
    settingKey,
  ]);
  await sql`
    insert into taylordash.settings (key, value, updated_by) values (${settingKey}, ${value}::jsonb, ${user_id}::uuid)
    on conflict (key) do update set value = excluded.value, updated_by = excluded.updated_by`.execute(tx);
  return before;
}
