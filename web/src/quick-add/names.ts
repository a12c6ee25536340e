// The names that quick add knows: projects, components of those that are named, people, and the place on show.
import { useQuery } from '@tanstack/react-query';
import { useRouterState } from '@tanstack/react-router';
import { foldedName, type Resolved, resolveName } from '@taylordash/core/resolve-name';
import { isTray } from '@taylordash/core/states';
import { type Graph, graphQuery, peopleQuery } from '../api.ts';
import { useApp } from '../app-context.tsx';

export interface Named {
  id: string;
  name: string;
}

/** More are asked of the server when the task is added. */
const most = 200;

export interface ProjectNames {
  active: readonly Named[];
  /** These count only where nothing else is meant. */
  archived: readonly Named[];
  /** False: there may be others, which the server knows. */
  complete: boolean;
}

const none: ProjectNames = { active: [], archived: [], complete: false };

export function useProjectNames(): ProjectNames {
  const { api } = useApp();
  const found = useQuery({
    queryKey: ['project_names'],
    queryFn: async ({ signal }): Promise<ProjectNames> => {
      const { data } = await api.call('listProjects', { query: { limit: most, sort: '-updated_at' }, signal });
      const of = (archived: boolean) =>
        data.items
          .filter(({ status }) => (status === 'archived') === archived)
          .map(({ id, name }): Named => ({ id, name }));
      return { active: of(false), archived: of(true), complete: data.next_cursor === null };
    },
    staleTime: 0,
  });
  return found.data ?? none;
}

/** What a project's name means, as the server reads it; null where only the server can tell. */
export function projectMeant(
  { active, archived, complete }: ProjectNames,
  text: string | null,
): Resolved<Named> | null {
  if (text === null) return null;
  const here = resolveName(active, text);
  if (here.found || here.ambiguous) return here;
  const away = resolveName(archived, text);
  if (away.found) return away;
  return complete ? here : null;
}

export function usePeopleNames(): readonly Named[] {
  const { api } = useApp();
  const people = useQuery(peopleQuery(api)).data ?? [];
  return people.filter((person) => person.is_active).map(({ id, username }) => ({ id, name: username }));
}

const componentsOf = ({ nodes }: Graph): readonly Named[] =>
  nodes.filter((node) => !isTray(node)).map(({ id, name }) => ({ id, name }));

/** Null while they are on their way. */
export function useComponentNames(project_id: string | null): readonly Named[] | null {
  const { api } = useApp();
  const found = useQuery({ ...graphQuery(api, project_id ?? ''), enabled: project_id !== null, select: componentsOf });
  return found.data ?? null;
}

/** Where a task goes that names no place: what the page shows. */
export interface Here {
  project: Named | null;
  component: Named | null;
}

export function useHere(): Here {
  const { api } = useApp();
  const at = useRouterState({
    select: ({ location }) => {
      const project = /^\/projects\/([^/]+)$/.exec(location.pathname)?.[1] ?? '';
      const { component }: { component?: unknown } = location.search;
      return `${project} ${typeof component === 'string' ? component : ''}`;
    },
  });
  const [project_id = '', component_id = ''] = at.split(' ');
  const graph = useQuery({ ...graphQuery(api, project_id), enabled: false }).data;
  if (!graph || project_id === '') return { project: null, component: null };
  const component = componentsOf(graph).find(({ id }) => id === component_id);
  return { project: { id: project_id, name: graph.project.name }, component: component ?? null };
}

/** Whom a name means; `me` is oneself where nobody is called so. */
export function personMeant(people: readonly Named[], me: Named | null, text: string | null): Resolved<Named> | null {
  if (text === null || people.length === 0) return null;
  const resolved = resolveName(people, text);
  return resolved.found === null && me && foldedName(text) === 'me' ? { found: me } : resolved;
}
