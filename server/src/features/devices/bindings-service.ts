// Decides about bindings: whether one can work, and that a change of them takes effect at once.
import { pathSteps, targetFault } from '@taylordash/core/bindings';
import type { Binding, BindingTarget } from '@taylordash/core/device-entities';
import { changedBetween } from '@taylordash/core/events';
import { isTopicFilter } from '@taylordash/core/topics';
import type { Database } from '../../db/database.ts';
import { type ChangeMaker, checkVersion, fieldsToSet, type Loaded, loaded, type Written } from '../../kernel/change.ts';
import type { Context } from '../../kernel/context.ts';
import { invalidField, Problem } from '../../kernel/problem.ts';
import type { ComponentService } from '../components/service.ts';
import { resultOf } from './binding-result.ts';
import type { BindingRunner } from './binding-runner.ts';
import type { Paging } from './queries.ts';
import * as queries from './queries.ts';
import type { DeviceWatch } from './watch.ts';

export interface NewBinding {
  id?: string;
  topic_filter: string;
  path?: string;
  target: BindingTarget;
  enabled?: boolean;
}
export type BindingPatch = Partial<Pick<Binding, 'topic_filter' | 'path' | 'target' | 'enabled'>>;

export interface BindingDependencies {
  database: Database;
  changes: ChangeMaker;
  components: ComponentService;
  runner: BindingRunner;
  watch: DeviceWatch;
  /** Called after each change of bindings. */
  changed(): Promise<void>;
}

export type BindingService = ReturnType<typeof bindingService>;

/** Topics that a try reads at the most. */
const mostTried = 10;

export function bindingService(options: BindingDependencies) {
  const { database, changes, components, runner, watch } = options;
  async function reload(): Promise<void> {
    await runner.reload();
    await options.changed();
  }

  /** Throws where the binding could never work. */
  async function check(given: BindingPatch): Promise<void> {
    const { topic_filter, path, target } = given;
    if (topic_filter !== undefined && !isTopicFilter(topic_filter)) {
      throw invalidField('/topic_filter', 'must be an MQTT topic filter: + fills one level, # stands last');
    }
    if (topic_filter?.startsWith('tracker/') || topic_filter?.startsWith('$')) {
      throw invalidField('/topic_filter', 'must be outside tracker/: what arrives there is an event already');
    }
    if (path !== undefined && pathSteps(path) === null) {
      throw invalidField('/path', 'must be a path such as state.temperature or values[0]');
    }
    if (target === undefined) return;
    const fault = targetFault(target);
    if (fault) throw invalidField(`/target${fault.pointer}`, fault.detail);
    if (target.component_id === undefined) return;
    if ((await components.projectOf(database.app, target.component_id)) === null) {
      const detail = 'is no component';
      throw new Problem('component.not_found', { detail, errors: [{ pointer: '/target/component_id', detail }] });
    }
  }

  async function shown(id: string): Promise<string> {
    const json = await queries.findBinding(database.app, id);
    if (json === null) throw notFound(id);
    return json;
  }

  const componentOf = (target: BindingTarget) => target.component_id?.toLowerCase() ?? null;

  return {
    async list(filter: Paging & { component_id?: string }): Promise<string> {
      await runner.flush();
      return queries.listBindings(database.app, filter);
    },

    async create(context: Context, input: NewBinding): Promise<Written> {
      await check(input);
      let made = '';
      const written = await changes.change(context, async ({ tx, emit }) => {
        const row = { ...input, component_id: componentOf(input.target), created_by: context.actor.id };
        const json = await queries.insertBinding(tx, row);
        made = loaded<Binding>(json).entity.id;
        emit({ kind: 'binding_created', project_id: null, entity_id: made, entity: json });
        return { json: '{}', version: 1, location: `/api/v1/bindings/${made}` };
      });
      await reload();
      // A repeat of the request names what the first one made.
      const id = made === '' ? (written.location?.split('/').at(-1) ?? '') : made;
      return { ...written, json: await shown(id) };
    },

    async update(context: Context, id: string, input: BindingPatch, if_match: number | null): Promise<Written> {
      await check(input);
      const written = await changes.change(context, async ({ tx, emit }) => {
        const before = existing(await queries.lockBinding(tx, id), id);
        checkVersion(before, if_match);
        const fields = fieldsToSet(before.entity, input);
        if (!fields) return { version: before.entity.version };
        const row = fields.target === undefined ? fields : { ...fields, component_id: componentOf(fields.target) };
        const json = await queries.updateBinding(tx, id, row);
        const after = loaded<Binding>(json).entity;
        const changed = changedBetween(before.entity, after);
        emit({ kind: 'binding_updated', project_id: null, entity_id: id, entity: json, changed });
        return { version: after.version };
      });
      await reload();
      return { ...written, json: await shown(id) };
    },

    async delete(context: Context, id: string, if_match: number | null): Promise<void> {
      await changes.change(context, async ({ tx, emit }) => {
        const before = existing(await queries.lockBinding(tx, id), id);
        checkVersion(before, if_match);
        await queries.deleteBinding(tx, id);
        emit({ kind: 'binding_deleted', project_id: null, entity_id: id, entity: before.json });
        return {};
      });
      await reload();
    },

    /** What it would make of the last messages. */
    async try(input: NewBinding) {
      await check(input);
      await watch.flush();
      const rows = await queries.recentSignals(database.app, input.topic_filter, mostTried);
      return {
        items: rows.map(({ topic, payload }) => {
          const found = resultOf(payload, input.path ?? '', input.target);
          return {
            topic,
            value: found.value === null ? null : String(found.value).slice(0, 200),
            result: found.ok ? String(found.result) : null,
            reason: found.ok ? null : found.reason,
          };
        }),
      };
    },
  };
}

function notFound(id: string): Problem {
  return new Problem('binding.not_found', { detail: `There is no binding ${id}.` });
}

function existing(json: string | null, id: string): Loaded<Binding> {
  if (json === null) throw notFound(id);
  return loaded<Binding>(json);
}
