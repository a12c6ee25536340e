// Decides about layouts: whose they are, who sees and changes them, and what their config may hold.
import type { Layout } from '@taylordash/core/entities';
import { type ChangedFields, changedBetween } from '@taylordash/core/events';
import { sameJson } from '@taylordash/core/json';
import { viewConfig } from '@taylordash/core/views';
import type { Database } from '../../db/database.ts';
import { type ChangeMaker, checkVersion, fieldsToSet, type Loaded, loaded, type Written } from '../../kernel/change.ts';
import { authorise, type Context } from '../../kernel/context.ts';
import { Problem, sayFault } from '../../kernel/problem.ts';
import { checker } from '../../kernel/validation.ts';
import type { LayoutFilter } from './queries.ts';
import * as queries from './queries.ts';

type Own = Pick<Layout, 'kind' | 'name' | 'project_id' | 'shared' | 'config'>;
export type NewLayout = Pick<Own, 'kind' | 'name' | 'config'> & Partial<Own> & { id?: string };
export type LayoutPatch = Partial<Pick<Own, 'name' | 'config' | 'shared'>>;

export interface LayoutDependencies {
  database: Database;
  changes: ChangeMaker;
}

export type LayoutService = ReturnType<typeof layoutService>;

/** Most layouts of one person. */
export const mostLayouts = 500;

const checkView = checker(viewConfig);

export function layoutService({ database, changes }: LayoutDependencies) {
  return {
    list: (context: Context, filter: LayoutFilter): Promise<string> =>
      queries.listLayouts(database.auth, filter, context.actor.id),

    async get(context: Context, id: string): Promise<Loaded<Layout>> {
      return visible(context, await queries.findLayout(database.auth, id), id);
    },

    async create(context: Context, input: NewLayout): Promise<Written> {
      checkConfig(input.config);
      if (input.shared) authorise(context, 'write:projects', input.project_id ?? null);
      return changes.changeAccounts(context, async ({ tx, emit }) => {
        if ((await queries.lockAndCount(tx, context.actor.id)) >= mostLayouts) {
          throw new Problem('layout.too_many', { detail: `You keep ${mostLayouts} already. Delete one first.` });
        }
        const json = await queries.insertLayout(tx, { ...input, user_id: context.actor.id });
        const { id, project_id } = loaded<Layout>(json).entity;
        emit({ kind: 'layout_created', project_id, entity_id: id, entity: json });
        return { json, version: 1, location: `/api/v1/layouts/${id}` };
      });
    },

    async update(context: Context, id: string, input: LayoutPatch, if_match: number | null): Promise<Written> {
      if (input.config !== undefined) checkConfig(input.config);
      return changes.changeAccounts(context, async ({ tx, emit }) => {
        const before = changeable(context, visible(context, await queries.lockLayout(tx, id), id));
        checkVersion(before, if_match);
        const fields = fieldsToSet(before.entity, input);
        if (!fields) return { json: before.json, version: before.entity.version };
        // What others see of it changes by the right to change the project; taking it back needs none.
        if (fields.shared ?? before.entity.shared) authorise(context, 'write:projects', before.entity.project_id);
        const json = await queries.updateLayout(tx, id, fields);
        const after = loaded<Layout>(json).entity;
        const changed = changedBetween(before.entity, after);
        emit({ kind: 'layout_updated', project_id: after.project_id, entity_id: id, entity: json, changed });
        return { json, version: after.version };
      });
    },

    /**
     * Takes back what one event told of a layout, as part of undoing `undoes`; null where nothing is left of it. `told` is the
     * layout as that event has it. Throws layout.not_found where it is somebody else's, change.not_undoable where it was
     * changed since and is not to be overwritten.
     */
    async takeBack(
      context: Context,
      undoes: string,
      { kind, told, changed }: { kind: string; told: Layout; changed: ChangedFields },
      overwrite: boolean,
    ): Promise<string | null> {
      // What is private stays so for administrators too; what is shared they look after.
      const shared = told.shared || changed.shared?.before === true;
      if (told.user_id !== context.actor.id && !(shared && context.actor.role === 'admin')) throw notFound(told.id);
      const { change_id = null } = await changes.changeAccounts(
        context,
        async ({ tx, emit }): Promise<Written> => {
          // Two clicks at the same time come one after the other.
          await queries.lockAndCount(tx, told.user_id);
          const json = await queries.lockLayout(tx, told.id);
          const now = json === null ? null : loaded<Layout>(json).entity;
          const { project_id } = told;
          if (told.shared || now?.shared) authorise(context, 'write:projects', project_id);
          if (kind === 'layout_deleted') {
            if (now) return {};
            const { updated_at: _then, ...fields } = told;
            const back = await queries.insertLayout(tx, { ...fields, version: told.version + 1 });
            emit({ kind: 'layout_created', project_id, entity_id: told.id, entity: back });
            return {};
          }
          if (!now || json === null) {
            if (kind === 'layout_created') return {};
            throw new Problem('change.not_undoable', {
              detail: `“${told.name}” was deleted since. Take that back first.`,
            });
          }
          const made = kind === 'layout_created';
          const before = Object.fromEntries(Object.entries(changed).map(([field, value]) => [field, value.before]));
          const since = Object.keys(changedBetween(told, now)).some((field) => made || field in changed);
          if (!made && sameJson({ ...now, ...before }, now)) return {};
          if (since && !overwrite) {
            throw new Problem('change.not_undoable', { detail: `“${now.name}” was changed again since.` });
          }
          if (made) {
            await queries.deleteLayout(tx, told.id);
            emit({ kind: 'layout_deleted', project_id, entity_id: told.id, entity: json });
          } else {
            const after = await queries.updateLayout(tx, told.id, before);
            const { entity } = loaded<Layout>(after);
            emit({
              kind: 'layout_updated',
              project_id,
              entity_id: told.id,
              entity: after,
              changed: changedBetween(now, entity),
            });
          }
          return {};
        },
        { undoes },
      );
      return change_id;
    },

    async delete(context: Context, id: string, if_match: number | null): Promise<void> {
      await changes.changeAccounts(context, async ({ tx, emit }) => {
        const before = changeable(context, visible(context, await queries.lockLayout(tx, id), id));
        checkVersion(before, if_match);
        await queries.deleteLayout(tx, id);
        emit({ kind: 'layout_deleted', project_id: before.entity.project_id, entity_id: id, entity: before.json });
        return {};
      });
    },
  };
}

function notFound(id: string): Problem {
  return new Problem('layout.not_found', { detail: `There is no view ${id}.` });
}

/** The layout, or layout.not_found: also for what somebody else keeps without sharing it. */
function visible(context: Context, json: string | null, id: string): Loaded<Layout> {
  const layout = json === null ? null : loaded<Layout>(json);
  if (!layout || (layout.entity.user_id !== context.actor.id && !layout.entity.shared)) {
    throw notFound(id);
  }
  return layout;
}

/** Throws auth.forbidden where the layout is somebody else's and the caller no administrator. */
function changeable(context: Context, layout: Loaded<Layout>): Loaded<Layout> {
  if (layout.entity.user_id === context.actor.id || context.actor.role === 'admin') return layout;
  throw new Problem('auth.forbidden', {
    detail: 'Only who made this view and administrators may change it. Keep a copy under another name.',
  });
}

function checkConfig(config: Layout['config']): void {
  const errors = checkView(config).map(({ pointer, detail }) => ({ pointer: `/config${pointer}`, detail }));
  const [first] = errors;
  if (first) throw new Problem('request.invalid', { detail: sayFault(first), errors });
}
