// Random gestures on a project, carried out through the real API as the interface does: for tests over any history.
import { randomUUID } from 'node:crypto';
import type { BulkOperation } from '@taylordash/core/changes';
import fc from 'fast-check';
import type { TestApp } from './app.ts';

const place = fc.nat({ max: 30 });
const status = fc.constantFrom('pending', 'in_progress', 'blocked', 'completed', 'cancelled');
const operation = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('component'), at: place, to: place, mode: fc.boolean() }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('task'), at: place, done: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('link'), at: place, to: place }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('unlink'), at: place, to: place }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('status'), at: place, status }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('fields'), at: place, progress: fc.nat({ max: 100 }), mode: fc.boolean() }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('move'), at: place, to: place }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('delete'), at: place, link: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('tick'), at: place, done: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('file'), at: place, to: place }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('drop'), at: place }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('project'), at: place }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('tray'), at: place }) },
);
type Operation = Partial<{
  at: number;
  to: number;
  mode: boolean;
  done: boolean;
  link: boolean;
  progress: number;
  status: string;
}> & {
  do: string;
};

/** One operation, or a few in one bulk. */
export const gesture = fc.oneof(
  { weight: 3, arbitrary: fc.tuple(operation) },
  fc.array(operation, { minLength: 2, maxLength: 5 }),
);

/** One gesture as the interface makes it; null where it was refused or changed nothing. */
export async function act(td: TestApp, project_id: string, wanted: readonly Operation[]): Promise<string | null> {
  const { data: graph } = await td.admin.call('projectGraph', { params: { id: project_id } });
  const { data: list } = await td.admin.call('listTasks', { query: { project_id, limit: 200, sort: 'created_at' } });
  const pick = <T>(rows: readonly T[], at = 0): T | undefined => rows[at % Math.max(rows.length, 1)];
  const made: string[] = [];
  const operations = wanted.flatMap(({ do: what, at, to, mode, done, link, progress, status }): BulkOperation[] => {
    const parts = [...graph.nodes.map(({ id }) => id), ...made];
    const [id, other] = [pick(parts, at), pick(parts, to)];
    const task = pick(list.items, at)?.id;
    if (what === 'component' || what === 'tray') {
      const fresh = randomUUID();
      made.push(fresh);
      const fields = {
        ...{ name: `Part ${at}`, position: { x: at ?? 0, y: to ?? 0 }, progress_mode: mode ? 'tasks' : 'manual' },
        ...(what === 'tray'
          ? { type: 'unsorted' }
          : to !== undefined && to % 3 === 0 && other
            ? { depends_on: [other] }
            : {}),
      };
      return [{ op: 'create_component', id: fresh, project_id, fields }];
    }
    if (what === 'task' && id)
      return [{ op: 'create_task', component_id: id, fields: { name: `Step ${at}`, status: done ? 'done' : 'todo' } }];
    if (what === 'link' && id && other) return [{ op: 'add_dependency', id, depends_on_id: other }];
    if (what === 'unlink') {
      const edge = pick(graph.edges, at);
      return edge ? [{ op: 'remove_dependency', id: edge.component_id, depends_on_id: edge.depends_on_id }] : [];
    }
    if (what === 'status' && id) {
      const fields = { status, ...(status === 'blocked' ? { blocked_reason: `Because ${at}` } : {}) };
      return [{ op: 'update_component', id, fields }];
    }
    if (what === 'fields' && id)
      return [
        {
          op: 'update_component',
          id,
          fields: mode ? { progress_mode: 'tasks' } : { progress_mode: 'manual', progress },
        },
      ];
    if (what === 'move' && id) return [{ op: 'update_component', id, fields: { position: { x: to ?? 0, y: 7 } } }];
    if (what === 'delete' && id) return [{ op: 'delete_component', id, dependents: link ? 'link' : 'drop' }];
    if (what === 'tick' && task)
      return [{ op: 'update_task', id: task, fields: { status: done ? 'done' : 'in_progress' } }];
    if (what === 'file' && task && other)
      return [{ op: 'update_task', id: task, fields: { component_id: other, priority: 2 } }];
    if (what === 'drop' && task) return [{ op: 'delete_task', id: task }];
    return [];
  });
  if (operations.length === 0) {
    const { change_id } = await td.admin.call('updateProject', {
      params: { id: project_id },
      body: { description: randomUUID(), due_on: '2026-09-01', status: wanted.length > 1 ? 'on_hold' : 'active' },
    });
    return change_id;
  }
  const answer = await td.admin.call('bulk', { body: { operations } }).catch((error: { body?: { status: number } }) => {
    if (error.body === undefined || error.body.status >= 500) throw error;
    return null;
  });
  return answer?.change_id ?? null;
}
