// Decides about replays: a dry run first, then the run, stopped and resumed by hand; the runner does the work.
import { randomUUID } from 'node:crypto';
import type { Edit, LetterSelection } from '@taylordash/core/dead-letter-entities';
import type { Database } from '../../db/database.ts';
import { transaction } from '../../db/transaction.ts';
import type { ChangeMaker, Written } from '../../kernel/change.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Context } from '../../kernel/context.ts';
import { changePayload, writeToOutbox } from '../../kernel/outbox.ts';
import { Problem } from '../../kernel/problem.ts';
import { type DryRunOptions, tryReplay } from './dry-run.ts';
import * as queries from './replay-queries.ts';
import { askedHash } from './selection.ts';
import { checkEdit, checkSelection, tell } from './service.ts';

export interface ReplayServiceOptions extends DryRunOptions {
  database: Database;
  changes: ChangeMaker;
  clock: Clock;
  /** There is something in the outbox. */
  wake(): void;
  /** A replay was started, stopped or resumed. */
  onReplay(): void;
}

export type ReplayService = ReturnType<typeof replayService>;

const systemActor = { id: null, name: 'TaylorDash', type: 'system' } as const;

export interface Asked {
  selection: LetterSelection;
  edit?: Edit;
}

export function replayService(options: ReplayServiceOptions) {
  const { database, changes, clock } = options;
  const db = database.app;

  async function find(id: string): Promise<string> {
    const json = await queries.findReplay(db, id);
    if (json === null) throw new Problem('dead_letter.no_replay', { detail: `There is no replay ${id}.` });
    return json;
  }

  return {
    async dryRun(context: Context, { selection, edit = [] }: Asked): Promise<string> {
      checkSelection(selection);
      checkEdit(edit);
      const { counts, last_letter_id } = await tryReplay(db, { selection, edit }, options);
      if (counts.total === 0) throw new Problem('dead_letter.none_selected');
      const asked_hash = askedHash(selection, edit);
      return queries.keepDryRun(db, {
        selection,
        edit,
        asked_hash,
        last_letter_id,
        counts,
        created_by: context.actor.id,
      });
    },

    async start(context: Context, { selection, edit = [], rate = 50 }: Asked & { rate?: number }): Promise<Written> {
      checkSelection(selection);
      checkEdit(edit);
      const written = await changes.change(context, async (change): Promise<Written> => {
        const { tx } = change;
        const run = await queries.goodDryRun(tx, askedHash(selection, edit));
        if (run === null) {
          throw new Problem('dead_letter.no_dry_run', {
            detail: 'Make a dry run of this selection and this edit; it is good for five minutes.',
          });
        }
        const { last_letter_id } = run;
        const replay = { seed: run.id, selection, edit, rate, created_by: context.actor.id, last_letter_id };
        const { id, total } = await queries.makeReplay(tx, replay);
        if (total === 0) throw new Problem('dead_letter.none_selected');
        const json = (await queries.findReplay(tx, id)) ?? '';
        tell(change, 'dead_letters_replay_started', json, {}, id);
        return { json, location: `/api/v1/dlq/replays/${id}` };
      });
      options.onReplay();
      return written;
    },

    list: (filter: { limit?: number; cursor?: string }): Promise<string> => queries.listReplays(db, filter),
    get: find,

    async stop(context: Context, id: string): Promise<string> {
      await changes.change(context, async (change) => {
        const status = await queries.lockReplay(change.tx, id);
        if (status === null) throw new Problem('dead_letter.no_replay', { detail: `There is no replay ${id}.` });
        // Who stops one that has just ended has what they wanted.
        if (status !== 'running') return {};
        await queries.endReplay(change.tx, id, 'stopped', 'by_hand');
        tell(change, 'dead_letters_replay_stopped', (await queries.findReplay(change.tx, id)) ?? '', {}, id);
        return {};
      });
      options.onReplay();
      return find(id);
    },

    async resume(context: Context, id: string): Promise<string> {
      await changes.change(context, async (change) => {
        const status = await queries.lockReplay(change.tx, id);
        if (status === null) throw new Problem('dead_letter.no_replay', { detail: `There is no replay ${id}.` });
        if (status !== 'stopped') {
          throw new Problem('dead_letter.replay_state', {
            detail: `It is ${status}; only one that stopped can be resumed.`,
          });
        }
        await queries.resumeReplay(change.tx, id);
        tell(change, 'dead_letters_replay_resumed', (await queries.findReplay(change.tx, id)) ?? '', {}, id);
        return {};
      });
      options.onReplay();
      return find(id);
    },

    /** For the runner: ends a replay that still runs, and tells of it. */
    async end(id: string, status: 'stopped' | 'finished', stop_reason: string | null): Promise<void> {
      await transaction(db, async (tx) => {
        if ((await queries.lockReplay(tx, id)) !== 'running') return;
        if (!(await queries.endReplay(tx, id, status, stop_reason))) return;
        const change_id = randomUUID();
        const payload = changePayload({ actor: systemActor, change_id }, (await queries.findReplay(tx, id)) ?? '', {});
        const kind = status === 'finished' ? 'dead_letters_replay_finished' : 'dead_letters_replay_stopped';
        const origin = { trace_id: randomUUID(), change_id, actor_id: null, at: clock.now() };
        await writeToOutbox(tx, origin, [{ kind, payload, project_id: null, entity_id: id }]);
      });
      options.wake();
    },
  };
}
