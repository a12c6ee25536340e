// What a gesture is called, from what it does.
import { fieldName, strings } from '../strings.ts';
import type { Operation } from './operations.ts';

const words = strings.gestures;

/** A change of one entity, named by its fields. */
export function labelOfPatch(name: string, patch: object): string {
  const given = new Map<string, unknown>(Object.entries(patch));
  const [first] = given.keys();
  if (first === 'name') return words.rename(String(given.get('name')));
  if (given.get('status') === 'done' || given.get('status') === 'completed') return words.complete(name);
  if (given.get('status') === 'todo') return words.reopen(name);
  if (given.has('component_id')) return words.file(name);
  return given.size === 1 && first !== undefined ? words.change(name, fieldName(first)) : words.edit(name);
}

/** `nameOf` gives the name of a component or task by its id. */
export function labelOf(operations: readonly Operation[], nameOf: (id: string) => string | null): string {
  const [first] = operations;
  const name = (id: string) => nameOf(id) ?? words.unknown;
  if (!first || operations.length > 1) return words.several(operations.length);
  switch (first.op) {
    case 'create_component':
    case 'create_task':
      return words.create(first.fields.name);
    case 'update_component':
    case 'update_task':
      return labelOfPatch(name(first.id), first.fields);
    case 'delete_component':
    case 'delete_task':
      return words.delete(name(first.id));
    case 'add_dependency':
      return words.connect(name(first.id), name(first.depends_on_id));
    case 'remove_dependency':
      return words.disconnect(name(first.id), name(first.depends_on_id));
  }
}
