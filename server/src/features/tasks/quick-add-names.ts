// What the names in lines of quick add mean, and the one refusal that lists all of those that mean nothing.
import type { Actor } from '@taylordash/core/permissions';
import { foldedName, type Resolved, resolveName } from '@taylordash/core/resolve-name';
import type { Handle } from '../../db/transaction.ts';
import { Problem } from '../../kernel/problem.ts';
import type { Named } from './quick-add-queries.ts';
import * as queries from './quick-add-queries.ts';

export type NamedKind = 'project' | 'component' | 'person';

export interface Unknown {
  line: number;
  kind: NamedKind;
  /** As typed. */
  text: string;
  suggestions: string[];
}

/** Reads names once each, however many lines have them. */
export function nameReader(handle: Handle, me: Actor) {
  const read = new Map<string, Promise<Resolved<Named>>>();
  let people: Promise<Named[]> | null = null;
  const parts = new Map<string, Promise<Named[]>>();
  const once = (key: string, resolve: () => Promise<Resolved<Named>>) => {
    const known = read.get(key) ?? resolve();
    read.set(key, known);
    return known;
  };
  return {
    project: (text: string) => once(`project ${text}`, () => projectCalled(handle, text)),

    component: (project_id: string, text: string) =>
      once(`component ${project_id} ${text}`, async () => {
        const named = parts.get(project_id) ?? queries.componentsOf(handle, project_id);
        parts.set(project_id, named);
        return resolveName(await named, text);
      }),

    /** Whoever has that name; `me` is the caller where nobody is called so. */
    person: (text: string) =>
      once(`person ${text}`, async () => {
        people ??= queries.activePeople(handle);
        const named = await people;
        const mine = foldedName(text) === 'me' && !named.some(({ name }) => foldedName(name) === 'me');
        return mine ? { found: { id: me.id, name: me.username } } : resolveName(named, text);
      }),
  };
}

/** What is archived counts only where nothing else is meant. */
async function projectCalled(handle: Handle, text: string): Promise<Resolved<Named>> {
  const named = await queries.projectsLike(handle, text);
  const active = resolveName(
    named.filter(({ archived }) => !archived),
    text,
  );
  if (active.found || active.ambiguous) return active;
  const archived = resolveName(named, text);
  return archived.found ? archived : active;
}

/** task.quick_add_unknown that names every line and word, with what may have been meant. */
export function unknownNames(unknown: readonly Unknown[]): Problem {
  const errors = unknown.map(({ line, kind, text, suggestions }) => {
    const meant = suggestions.length > 0 ? `: ${suggestions.join(', ')}?` : '';
    return {
      pointer: '/text',
      detail: `line ${line} names the ${kind} “${text}”, which is none or not one alone${meant}`,
    };
  });
  return new Problem('task.quick_add_unknown', {
    detail: `${errors
      .map(({ detail }) => detail)
      .slice(0, 3)
      .join('; ')}.`
      .replace(/^l/, 'L')
      .replace(/\?\.$/, '?'),
    errors: errors.slice(0, 20),
    extensions: { unknown },
  });
}
