// What of what stands there now is still what a change touched, and the undoer's to see; all else counts as gone. Pure.
import type { Component, Task } from '@taylordash/core/entities';
import type { Actor } from '@taylordash/core/permissions';
import type { Effects } from './effects.ts';

/** Components in the project that the change met them in: ids are callers' to choose, so that one can come again elsewhere. */
export function ownComponents(effects: Effects, present: ReadonlyMap<string, Component>): Map<string, Component> {
  const where = new Map<string, string | null>();
  for (const { component_id, depends_on_id, project_id } of effects.edges) {
    for (const id of [component_id, depends_on_id]) where.set(id, project_id);
  }
  for (const { id, project_id } of effects.component.values()) where.set(id, project_id);
  return new Map([...present].filter(([id, { project_id }]) => (where.get(id) ?? project_id) === project_id));
}

/**
 * Tasks but for those in somebody else's inbox, which nobody else reads or changes; what the change itself filed there comes
 * back as long as its owner left it alone.
 */
export function ownTasks(actor: Actor, effects: Effects, present: ReadonlyMap<string, Task>): Map<string, Task> {
  const shown = ({ id, component_id, created_by, version }: Task): boolean => {
    if (component_id !== null || created_by === actor.id || actor.role === 'admin') return true;
    const effect = effects.task.get(id);
    return effect?.fields.component_id !== undefined && effect.entity?.version === version;
  };
  return new Map([...present].filter(([, task]) => shown(task)));
}
