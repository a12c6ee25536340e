// Decides about replays: a dry run first, then the run, stopped and resumed by hand; the runner does the work.
import type { Edit, LetterSelection } from '@taylordash/core/dead-letter-entities';
import type { Database } from '../../db/database.ts';
import type { Handle } from '../../db/transaction.ts';
import type { Change, ChangeMaker, Written } from '../../kernel/change.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Context } from '../../kernel/context.ts';
import { endJob, findJob, listJobs, noSuchJob } from '../../kernel/job-table.ts';
import { Problem } from '../../kernel/problem.ts';
import { type DryRunOptions, tryReplay } from './dry-run.ts';
import * as queries from './replay-queries.ts';
import { replays } from './replay-queries.ts';
import type { ReplayState } from './replay-state.ts';
import { askedHash } from './selection.ts';
import { checkEdit, checkSelection } from './service.ts';

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

export interface Asked {
  selection: LetterSelection;
  edit?: Edit;
}

export function replayService(options: ReplayServiceOptions) {
  const { database, changes, clock } = options;
  const db = database.app;

  const get = (id: string) => findJob(db, replays, id);

  type Told = 'dead_letters_replay_started' | 'dead_letters_replay_stopped' | 'dead_letters_replay_resumed';
  /** Tells of the replay as it stands in the change; its JSON. */
  async function tell({ tx, emit }: Change, kind: Told, id: string): Promise<string> {
    const entity = await findJob(tx, replays, id);
    emit({ kind, project_id: null, entity_id: id, entity });
    return entity;
  }

  /** Locks it and says how it stands; throws where there is none. */
  async function lock(tx: Handle, id: string): Promise<ReplayState['status']> {
    const status = await queries.lockReplay(tx, id);
    if (status === null) throw noSuchJob(replays, id);
    return status;
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
        const json = await tell(change, 'dead_letters_replay_started', id);
        return { json, location: `/api/v1/dlq/replays/${id}` };
      });
      options.onReplay();
      return written;
    },

    list: (filter: { limit?: number; cursor?: string }): Promise<string> => listJobs(db, replays, filter),
    get,

    async stop(context: Context, id: string): Promise<string> {
      await changes.change(context, async (change) => {
        // Who stops one that has just ended has what they wanted.
        if ((await lock(change.tx, id)) !== 'running') return {};
        await queries.endReplay(change.tx, id, 'stopped', 'by_hand');
        await tell(change, 'dead_letters_replay_stopped', id);
        return {};
      });
      options.onReplay();
      return get(id);
    },

    async resume(context: Context, id: string): Promise<string> {
      await changes.change(context, async (change) => {
        const status = await lock(change.tx, id);
        if (status !== 'stopped') {
          throw new Problem('dead_letter.replay_state', {
            detail: `It is ${status}; only one that stopped can be resumed.`,
          });
        }
        await queries.resumeReplay(change.tx, id);
        await tell(change, 'dead_letters_replay_resumed', id);
        return {};
      });
      options.onReplay();
      return get(id);
    },

    /** For the runner: ends a replay that still runs, and tells of it. */
    async end(id: string, status: 'stopped' | 'finished', stop_reason: string | null): Promise<void> {
      await endJob(db, replays, clock, {
        ...{ id, kind: status === 'finished' ? 'dead_letters_replay_finished' : 'dead_letters_replay_stopped' },
        end: async (tx) =>
          (await queries.lockReplay(tx, id)) === 'running' && queries.endReplay(tx, id, status, stop_reason),
      });
      options.wake();
    },
  };
}
