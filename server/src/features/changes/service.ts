// Decides about changes as a whole: several operations as one, what happened in a project, and taking a change back.
import { setTimeout as pause } from 'node:timers/promises';
import type { BulkOperation, UndoConflict } from '@taylordash/core/changes';
import type { Layout } from '@taylordash/core/entities';
import type { ChangedFields } from '@taylordash/core/events';
import type { Database } from '../../db/database.ts';
import { readCursor, writeCursor } from '../../db/keyset.ts';
import type { ChangeMaker, Written } from '../../kernel/change.ts';
import type { Context } from '../../kernel/context.ts';
import { Problem } from '../../kernel/problem.ts';
import type { ComponentService } from '../components/service.ts';
import type { LayoutService } from '../layouts/service.ts';
import type { ProjectService } from '../projects/service.ts';
import type { TaskService } from '../tasks/service.ts';
import { type ActivityFilter, describeChanges, entityChanges, projectChanges } from './activity-queries.ts';
import { carryOut } from './bulk.ts';
import { readOperations } from './bulk-operations.ts';
import type { PlannedConflict } from './conflicts.ts';
import { effectsOf } from './effects.ts';
import * as queries from './queries.ts';
import { Asked, changeNotFound, notUndoable, type OnConflict, takeBack } from './undo.ts';

export interface ChangeServiceDependencies {
  database: Database;
  changes: ChangeMaker;
  projects: ProjectService;
  components: ComponentService;
  tasks: TaskService;
  layouts: LayoutService;
}

/** Above every id of an event. */
const endOfIds = '9223372036854775807';

export type ChangeService = ReturnType<typeof changeService>;

export function changeService(dependencies: ChangeServiceDependencies) {
  const { database, changes, projects, components, tasks, layouts } = dependencies;

  /** The conflicts with who came in between, and when; what was done just now is told of a moment later. */
  async function told(change_id: string, conflicts: readonly PlannedConflict[]): Promise<UndoConflict[]> {
    const events = await queries.eventsOfChange(database.app, change_id);
    const last = events.findLast(({ id }) => id !== null)?.id ?? '0';
    const project_id = events.find((event) => event.project_id !== null)?.project_id ?? null;
    const out: UndoConflict[] = [];
    const until = performance.now() + 1000;
    for (const conflict of conflicts) {
      let found = await queries.touchedSince(database.app, last, { ...conflict, project_id });
      while (!found && performance.now() < until) {
        await pause(25);
        found = await queries.touchedSince(database.app, last, { ...conflict, project_id });
      }
      out.push({ ...conflict, changed_by: found?.name ?? null, changed_at: found?.at ?? null });
    }
    return out;
  }

  /** What a change of a layout told; null of any other change. Layouts are td_auth's, so that they go back by themselves. */
  async function layoutEvent(
    change_id: string,
  ): Promise<{ kind: string; told: Layout; changed: ChangedFields } | null> {
    const [event, ...others] = await queries.eventsOfChange(database.app, change_id);
    if (!event?.kind.startsWith('layout_') || others.length > 0) return null;
    // The payload of these kinds, as core's table has it.
    return { kind: event.kind, told: event.payload.entity as Layout, changed: event.payload.changed ?? {} };
  }

  return {
    /** All of them or none. `json` is the text of the array of what each leaves. */
    bulk(context: Context, given: readonly BulkOperation[]): Promise<Written> {
      const operations = readOperations(given);
      return changes.change(context, async (change) => {
        const items = await carryOut({ components, tasks }, change, operations);
        return { json: `[${items.join(',')}]` };
      });
    },

    /** What happened in a project as a page of entries, the newest first, as JSON text. */
    async activity(context: Context, project_id: string, filter: ActivityFilter): Promise<string> {
      await projects.get(context, project_id);
      const { cursor, limit = 50, entity_id } = filter;
      const before = cursor === undefined ? endOfIds : readCursor(cursor, '-id', 'bigint', 'bigint')[1];
      // The statements say themselves what a viewer sees; under td_reader's row policy no index of what is in a payload would serve.
      const handle = database.app;
      const found =
        entity_id === undefined
          ? await projectChanges(handle, project_id, filter, before, limit + 1)
          : await entityChanges(handle, project_id, { ...filter, entity_id }, before, limit + 1);
      const ids = found.slice(0, limit).map(({ id }) => id);
      const items = ids.length === 0 ? '[]' : await describeChanges(handle, project_id, filter, ids);
      const last = found.length > limit ? ids.at(-1) : undefined;
      return `{"items":${items},"next_cursor":${last === undefined ? 'null' : JSON.stringify(writeCursor('-id', last, last))}}`;
    },

    /** The change that took it back, null where nothing was left of it; and what was kept as others had made it. */
    async undo(
      context: Context,
      id: string,
      onConflict: OnConflict,
    ): Promise<{ change_id: string | null; kept: UndoConflict[] }> {
      const layout = await layoutEvent(id);
      if (layout) {
        if (layout.told.user_id !== context.actor.id && context.actor.role !== 'admin') throw changeNotFound();
        return { change_id: await layouts.takeBack(context, id, layout, onConflict === 'overwrite'), kept: [] };
      }
      let conflicts: readonly PlannedConflict[] = [];
      const work = changes.change(
        context,
        async (change): Promise<Written> => {
          await queries.lockChange(change.tx, id);
          const events = await queries.eventsOfChange(change.tx, id);
          const seen = events.length > 0 && (context.actor.role === 'admin' || events.every(isViewers));
          if (!seen) throw changeNotFound();
          const effects = effectsOf(events);
          if (!effects) throw notUndoable('Changes of accounts and settings are not taken back this way.');
          ({ conflicts } = await takeBack({ projects, components, tasks }, change, effects, onConflict));
          return {};
        },
        { undoes: id },
      );
      try {
        const { change_id = null } = await work;
        return { change_id, kept: onConflict === 'keep' ? await told(id, conflicts) : [] };
      } catch (error) {
        if (!(error instanceof Asked)) throw error;
        const asked = await told(id, error.plan.conflicts);
        throw new Problem('change.conflict', { detail: inWords(asked), extensions: { conflicts: asked } });
      }
    },
  };
}

function isViewers({ topic }: { topic: string }): boolean {
  return /^tracker\/events\/(projects|components|tasks)\//.test(topic);
}

function inWords(conflicts: readonly UndoConflict[]): string {
  const [first] = conflicts;
  if (!first) return '';
  const who = first.changed_by ?? 'Somebody';
  const more = conflicts.length > 1 ? ` (and ${conflicts.length - 1} more)` : '';
  return `${who} changed ${first.field} of “${first.name}” since${more}. Undo anyway, or keep it.`;
}
