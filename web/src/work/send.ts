// Sends gestures: one operation to its own address, several as one bulk; asks where another changed the same meanwhile.
import { mostOperations } from '@taylordash/core/bulk';
import type { BulkOperation } from '@taylordash/core/changes';
import type { Component } from '@taylordash/core/entities';
import { ApiProblem, type Client } from '@taylordash/sdk/client';
import type { Intent, Operation, SentBulk } from './operations.ts';
import { type Base, baseOf, type Conflict, conflictsOf } from './overlay.ts';
import type { QueueItem } from './queue.ts';
import type { Overlays } from './showing.ts';
import type { AnyTask } from './task-draft.ts';

/** Asks the person which of their fields shall stand over another's. */
export interface ConflictQuestion {
  name: string;
  conflicts: Conflict[];
}
export type AskConflict = (question: ConflictQuestion) => Promise<ReadonlySet<string>>;

interface Options {
  api: Pick<Client, 'call'>;
  overlays: Overlays;
  ask: AskConflict;
}

interface Named {
  id: string;
  name: string;
  version: number;
}

/** A change of fields within a gesture. */
interface Update {
  id: string;
  patch: () => object;
  base: () => Base | undefined;
  latest: () => Named | undefined;
  load: () => Promise<void>;
  /** Goes on with these fields only, which were agreed on over that state. */
  agree: (patch: object, base: Base) => void;
}

/** Rounds of asking and being overtaken again before it counts as refused. */
const mostRounds = 5;

const codeOf = (error: unknown) => (error instanceof ApiProblem ? error.body.code : null);

/** Sends items; each answers with the change_ids that the server gave, none where nothing changed. */
export function createSender({ api, overlays, ask }: Options): (item: QueueItem<Intent>) => Promise<string[]> {
  const loads = {
    async component(id: string) {
      const {
        depends_on: _depends_on,
        dependents: _dependents,
        ...component
      } = (await api.call('getComponent', { params: { id } })).data;
      overlays.components.receive(component);
    },
    task: async (id: string) => overlays.tasks.receive((await api.call('getTask', { params: { id } })).data),
    project: async (id: string) => overlays.projects.receive((await api.call('getProject', { params: { id } })).data),
  };

  /** Settles what others changed meanwhile, then tries; again where it was overtaken. Null: nothing of it is left. */
  async function agreed<T>(updates: readonly Update[], others: number, attempt: () => Promise<T>): Promise<T | null> {
    for (let round = 1; ; round += 1) {
      await Promise.all(updates.filter(({ base, latest }) => base() && !latest()).map(({ load }) => load()));
      for (const update of updates) await settle(update);
      if (others === 0 && updates.every(({ patch }) => Object.keys(patch()).length === 0)) return null;
      try {
        return await attempt();
      } catch (error) {
        if (codeOf(error) !== 'request.precondition_failed' || round >= mostRounds) throw error;
      }
      await Promise.all(updates.map(({ load }) => load()));
    }
  }

  async function settle({ patch, base, latest, agree }: Update): Promise<void> {
    const theirs = latest();
    const from = base();
    const conflicts = theirs && from ? conflictsOf(from, theirs, patch()) : [];
    if (!theirs || conflicts.length === 0) return;
    const chosen = await ask({ name: theirs.name, conflicts });
    const lost = new Set(conflicts.map(({ field }) => field).filter((field) => !chosen.has(field)));
    const kept = Object.fromEntries(Object.entries(patch()).filter(([field]) => !lost.has(field)));
    agree(kept, baseOf(theirs, kept));
  }

  function updatesOf(intent: Extract<Intent, { do: 'operations' }>, places: readonly number[]): Update[] {
    return places.flatMap((place): Update[] => {
      const operation = intent.operations[place];
      if (operation?.op !== 'update_component' && operation?.op !== 'update_task') return [];
      const { id, op } = operation;
      const kind = op === 'update_component' ? 'component' : 'task';
      return [
        {
          id,
          patch: () => (intent.operations[place]?.op === op ? operation.fields : {}),
          base: () => intent.bases[id],
          latest: () => (kind === 'component' ? overlays.components.latest(id) : overlays.tasks.latest(id)),
          load: () => loads[kind](id),
          agree(patch, base) {
            operation.fields = patch;
            intent.bases[id] = base;
          },
        },
      ];
    });
  }

  const versionOf = (operation: Operation): number | undefined => {
    const overlay =
      operation.op === 'update_component'
        ? overlays.components
        : operation.op === 'update_task'
          ? overlays.tasks
          : null;
    const version = overlay?.latest(operation.id)?.version ?? 0;
    return version > 0 ? version : undefined;
  };

  async function sendOne(operation: Operation, again: boolean, key: string): Promise<string | null> {
    const { id } = operation;
    const version = versionOf(operation);
    const match = version === undefined ? {} : { if_match: version };
    const params = { id };
    switch (operation.op) {
      case 'update_component': {
        const result = await api.call('updateComponent', { params, body: operation.fields, ...match });
        overlays.components.receive(result.data);
        return result.change_id;
      }
      case 'update_task': {
        const result = await api.call('updateTask', { params, body: operation.fields, ...match });
        overlays.tasks.receive(result.data);
        return result.change_id;
      }
      case 'create_component': {
        const body = { ...operation.fields, id };
        const made = () =>
          api.call('createComponent', { params: { id: operation.project_id }, body, idempotency_key: key });
        const result = await onceMade(made, again);
        if (result) overlays.components.receive(result.data);
        return result?.change_id ?? null;
      }
      case 'create_task': {
        const body = { ...operation.fields, id, component_id: operation.component_id };
        const result = await onceMade(() => api.call('createInboxTask', { body, idempotency_key: key }), again);
        if (result) overlays.tasks.receive(result.data);
        return result?.change_id ?? null;
      }
      case 'delete_component': {
        const query = operation.dependents === undefined ? {} : { dependents: operation.dependents };
        const change_id = await onceGone(api.call('deleteComponent', { params, query }));
        overlays.components.forget(id);
        return change_id;
      }
      case 'delete_task': {
        const change_id = await onceGone(api.call('deleteTask', { params }));
        overlays.tasks.forget(id);
        return change_id;
      }
      case 'add_dependency':
        return (await api.call('addDependency', { params: { id, depends_on_id: operation.depends_on_id } })).change_id;
      case 'remove_dependency': {
        const edge = { id, depends_on_id: operation.depends_on_id };
        return onceGone(api.call('removeDependency', { params: edge }));
      }
    }
  }

  /** A chunk of a gesture as one bulk. Whatever became of the first try, a repeat is the very same request. */
  async function sendBulk(
    intent: Extract<Intent, { do: 'operations' }>,
    from: number,
    key: string,
  ): Promise<string | null> {
    const places = [...intent.operations.keys()].slice(from, from + mostOperations);
    const updates = updatesOf(intent, places);
    const sent = intent.sent?.[from];
    let first: SentBulk | null = sent ?? null;
    const attempt = async () => {
      const bulk: SentBulk = first ?? { key: `${key}.${from}`, operations: bulkOf(intent, places) };
      first = null;
      intent.sent = { ...intent.sent, [from]: bulk };
      const { data } = await api.call('bulk', { body: { operations: bulk.operations }, idempotency_key: bulk.key });
      for (const [index, item] of data.items.entries()) take(bulk.operations[index], item);
      return data.change_id;
    };
    if (first) {
      try {
        return await attempt();
      } catch (error) {
        if (codeOf(error) !== 'request.precondition_failed') throw error;
        await Promise.all(updates.map(({ load }) => load()));
      }
    }
    return agreed(updates, places.length - updates.length, attempt);
  }

  function bulkOf(intent: Extract<Intent, { do: 'operations' }>, places: readonly number[]): BulkOperation[] {
    return places.flatMap((place) => {
      const operation = intent.operations[place];
      if (!operation) return [];
      const changes = operation.op === 'update_component' || operation.op === 'update_task';
      if (changes && Object.keys(operation.fields).length === 0) return [];
      const version = intent.bases[operation.id] ? versionOf(operation) : undefined;
      return [{ ...operation, ...(version === undefined ? {} : { if_match: version }) }];
    });
  }

  /** The entity after an operation, as the bulk's answer has it. */
  function take(operation: BulkOperation | undefined, item: object | null): void {
    if (!operation || !item) return;
    // The answer has, in the order of the operations, what each one's own address would answer.
    if (/_component$/.test(operation.op)) overlays.components.receive(item as Component);
    else if (/_task$/.test(operation.op)) overlays.tasks.receive(item as AnyTask);
  }

  /**
   * The versions that it answers with are passed over: they would stand for changes of others that have not arrived yet. A
   * change that comes too early for them is refused, and tried again over what the server has.
   */
  async function sendMove({ project_id, positions }: Extract<Intent, { do: 'move' }>): Promise<string | null> {
    return (await api.call('moveComponents', { body: { project_id, positions } })).change_id;
  }

  return async ({ key, intent, attempts }) => {
    const again = attempts > 0;
    const ids: (string | null)[] = [];
    switch (intent.do) {
      case 'move':
        ids.push(await sendMove(intent));
        break;
      case 'delete_project':
        ids.push(await onceGone(api.call('deleteProject', { params: { id: intent.id } })));
        break;
      case 'update_project': {
        const { id } = intent;
        const update: Update = {
          id,
          patch: () => intent.patch,
          base: () => intent.base,
          latest: () => overlays.projects.latest(id),
          load: () => loads.project(id),
          agree: (patch, base) => Object.assign(intent, { patch, base }),
        };
        const change_id = await agreed([update], 0, async () => {
          const version = overlays.projects.latest(id)?.version;
          const match = version === undefined ? {} : { if_match: version };
          const result = await api.call('updateProject', { params: { id }, body: intent.patch, ...match });
          overlays.projects.receive(result.data);
          return result.change_id;
        });
        ids.push(change_id);
        break;
      }
      case 'operations': {
        const [only] = intent.operations;
        if (only && intent.operations.length === 1) {
          const updates = updatesOf(intent, [0]);
          ids.push(await agreed(updates, 1 - updates.length, () => sendOne(only, again, key)));
          break;
        }
        for (let from = 0; from < intent.operations.length; from += mostOperations) {
          ids.push(await sendBulk(intent, from, key));
        }
      }
    }
    return ids.flatMap((id) => id ?? []);
  };
}

/** What is gone already, by another's hand or by an earlier try, is as it was wanted. */
async function onceGone(call: Promise<{ change_id: string | null }>): Promise<string | null> {
  try {
    return (await call).change_id;
  } catch (error) {
    if (error instanceof ApiProblem && error.body.status === 404) return null;
    throw error;
  }
}

/** What an earlier try made already is made; the stream brings it. */
async function onceMade<T>(call: () => Promise<T>, again: boolean): Promise<T | null> {
  try {
    return await call();
  } catch (error) {
    if (again && codeOf(error) === 'request.id_taken') return null;
    throw error;
  }
}
