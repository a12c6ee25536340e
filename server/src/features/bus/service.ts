// Decides as whom commands from an external broker act, which names no publisher.

import type { Database } from '../../db/database.ts';
import { type ChangeMaker, userActor, type Written } from '../../kernel/change.ts';
import type { Context } from '../../kernel/context.ts';
import { changePayload } from '../../kernel/outbox.ts';
import { invalidField } from '../../kernel/problem.ts';
import * as queries from './queries.ts';

export type CommandAccountService = ReturnType<typeof commandAccountService>;

export function commandAccountService({ database, changes }: { database: Database; changes: ChangeMaker }) {
  return {
    get: async (): Promise<{ user_id: string | null }> => ({ user_id: await queries.commandUser(database.app) }),

    async set(context: Context, user_id: string | null): Promise<{ user_id: string | null }> {
      if (user_id !== null && (await queries.findUser(database.app, user_id)) === null) {
        throw invalidField('/user_id', 'must be an active user');
      }
      await changes.change(context, async ({ tx, change_id, emitPayload }): Promise<Written> => {
        const before = await queries.setCommandUser(tx, user_id, context.actor.id);
        if (before === user_id) return {};
        const entity = JSON.stringify({ key: 'command_user', value: user_id });
        const changed = { value: { before, after: user_id } };
        const payload = changePayload({ actor: userActor(context), change_id }, entity, changed);
        emitPayload({ kind: 'settings_changed', payload, project_id: null, entity_id: null });
        return {};
      });
      return { user_id };
    },
  };
}
