// Where TaylorDash can be reached from: this machine alone, or the home network; chosen at set-up, kept in the settings.
import { sql } from 'kysely';
import type { Database } from '../../db/database.ts';
import { queryText } from '../../db/transaction.ts';

export interface Reach {
  /** False where the environment names the address. */
  configurable: boolean;
  /** Opens HTTP and MQTT to the home network, now and at every later start. */
  open(user_id: string): Promise<void>;
}

const settingKey = 'reach';

/** Was the home network chosen? */
export async function isOpenToNetwork(database: Database): Promise<boolean> {
  return (
    (await queryText(database.app, `select value #>> '{}' from taylordash.settings where key = $1`, [settingKey])) ===
    'home_network'
  );
}

export function reachSetting(database: Database, configurable: boolean, listenWider: () => Promise<void>): Reach {
  return {
    configurable,
    async open(user_id) {
      if (!configurable) return;
      await sql`
        insert into taylordash.settings (key, value, updated_by) values (${settingKey}, '"home_network"', ${user_id}::uuid)
        on conflict (key) do update set value = excluded.value, updated_by = excluded.updated_by`.execute(database.app);
      await listenWider();
    },
  };
}
