// Decides about dead letters: what is shown, and what an administrator does with them.
import { causeSentence } from '@taylordash/core/dead-letter-causes';
import { editFault } from '@taylordash/core/dead-letter-edit';
import type { Edit, LetterGroup, LetterSelection } from '@taylordash/core/dead-letter-entities';
import type { ChangedFields, EventKind } from '@taylordash/core/events';
import { isTopicFilter } from '@taylordash/core/topics';
import type { Database } from '../../db/database.ts';
import { classify } from '../../db/errors.ts';
import type { Incoming } from '../../events/message.ts';
import type { Change, ChangeMaker } from '../../kernel/change.ts';
import type { Context } from '../../kernel/context.ts';
import { invalidField, Problem } from '../../kernel/problem.ts';
import type { LetterFilter } from './queries.ts';
import * as queries from './queries.ts';

export type DeadLetterService = ReturnType<typeof deadLetterService>;

const largestId = 9_223_372_036_854_775_807n;
const mostGroups = 200;
/** Of letters with the same bytes on the same topic, one is open. */
const oneOpen = 'dlq_events_fingerprint_key';
/** As many as a selection by hand takes. */
const mostIds = 1000;

export interface DeadLetterOptions {
  database: Database;
  changes: ChangeMaker;
  /** Takes a message in as if it had arrived. */
  take(message: Incoming): void;
}

export function deadLetterService({ database, changes, take }: DeadLetterOptions) {
  const db = database.app;
  return {
    list(filter: LetterFilter): Promise<string> {
      checkFilter(filter.topic, '#/query/topic');
      return queries.listDeadLetters(db, filter);
    },

    async get(id: string): Promise<string> {
      const json = BigInt(id) > largestId ? null : await queries.findDeadLetter(db, id);
      if (json === null) throw new Problem('dead_letter.not_found', { detail: `There is no dead letter ${id}.` });
      return json;
    },

    async groups(status = 'open') {
      const rows = await queries.letterGroups(db, status, mostGroups + 1);
      const items = rows.slice(0, mostGroups).map(
        ({ hours, ...row }): LetterGroup => ({
          ...row,
          cause: causeSentence(row),
          by_hour: Array.from({ length: 24 }, (_, index) => hours[23 - index] ?? 0),
        }),
      );
      const stored_last_day = items.length === 0 ? await queries.storedLastDay(db) : null;
      return { items, more: rows.length > mostGroups, stored_last_day };
    },

    async mute(context: Context, group_id: string, muted: boolean): Promise<{ muted: boolean }> {
      if (!(await queries.groupExists(db, group_id))) throw new Problem('dead_letter.no_group');
      await changes.change(context, async (change) => {
        if (await queries.setMuted(change.tx, group_id, muted, context.actor.id)) {
          tell(change, 'dead_letters_muted', JSON.stringify({ group_id, muted }), {
            muted: { before: !muted, after: muted },
          });
        }
        return {};
      });
      return { muted };
    },

    async discard(context: Context, selection: LetterSelection, note: string | null) {
      checkSelection(selection);
      let ids: string[] = [];
      await changes.change(context, async (change) => {
        ids = await queries.discard(change.tx, selection, { by: context.actor.id, note });
        if (ids.length > 0) tell(change, 'dead_letters_discarded', JSON.stringify({ selection, letters: ids.length }));
        return {};
      });
      return { discarded: ids.length, ids: ids.slice(0, mostIds) };
    },

    /** A message that nobody can understand, for who wants to see what becomes of one. */
    async sendExample(): Promise<void> {
      const bytes = Buffer.from('temp=21.5');
      const client_id = 'example-sensor';
      take({ topic: 'tracker/events/example/temperature', bytes, qos: 1, retain: false, client_id, identity: '' });
    },

    async restore(context: Context, selection: LetterSelection): Promise<{ restored: number; merged: number }> {
      checkSelection(selection);
      let done = { restored: 0, merged: 0 };
      const work = changes.change(context, async (change) => {
        done = await queries.restore(change.tx, selection);
        const letters = done.restored + done.merged;
        if (letters > 0) tell(change, 'dead_letters_restored', JSON.stringify({ selection, letters }));
        return {};
      });
      await work.catch((error: unknown) => {
        const failure = classify(error);
        if (failure.kind !== 'constraint' || failure.constraint !== oneOpen) throw error;
        throw new Problem('dead_letter.came_again', {
          detail: 'Nothing was restored. Restore once more: then it is counted into the letter that is open already.',
        });
      });
      return done;
    },
  };
}

/** An event of what was done to letters, as JSON text. */
function tell({ emit }: Change, kind: EventKind, entity: string, changed: ChangedFields = {}): void {
  emit({ kind, project_id: null, entity_id: null, entity, changed });
}

export function checkSelection(selection: LetterSelection): void {
  checkFilter(selection.topic, '/selection/topic');
  const wrong = selection.ids?.findIndex((id) => BigInt(id) > largestId) ?? -1;
  if (wrong >= 0) throw invalidField(`/selection/ids/${wrong}`, 'is beyond the ids of dead letters');
}

export function checkEdit(edit: Edit): void {
  const fault = editFault(edit);
  if (fault !== null) throw invalidField(`/edit/${fault.step}/${fault.field}`, fault.detail);
}

function checkFilter(topic: string | undefined, pointer: string): void {
  if (topic !== undefined && !isTopicFilter(topic)) {
    throw invalidField(pointer, 'must be an MQTT topic filter: + fills one level, # stands last');
  }
}
