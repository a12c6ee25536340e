// Where TaylorDash can be reached from: this machine alone, or the home network; chosen at set-up, kept in the settings.
import type { Database } from '../../db/database.ts';
import type { ChangeMaker } from '../../kernel/change.ts';
import type { Context } from '../../kernel/context.ts';
import { keepSetting, readSetting, tellOfSetting } from '../../kernel/settings.ts';
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
  return (await readSetting(database.app, settingKey)) === 'home_network';
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
      await changes.change(context, async (change) => {
        const { tx } = change;
        const before = await readSetting(tx, settingKey, true);
        await keepSetting(tx, settingKey, 'home_network', user_id);
        const changed = tellOfSetting(change, settingKey, before, 'home_network');
        const details = { key: settingKey, ...changed, trace_id: context.trace_id };
        const audit = { event_type: 'settings_changed', user_id, actor_name, subject_id: null, details };
        await queries.insertAudit(tx, { ...audit, address: null, user_agent: null });
        return {};
      });
      await listenWider();
    },
  };
}
