// What somebody looked at last, in this browser: what the palette offers before anything is typed.
import { useQuery } from '@tanstack/react-query';
import { useRouterState } from '@tanstack/react-router';
import { useEffect } from 'react';
import { type Graph, graphQuery } from '../api.ts';
import { useApp, useMe } from '../app-context.tsx';

export interface Visited {
  type: 'project' | 'component';
  id: string;
  name: string;
  project_id: string;
  project_name: string;
}

const most = 8;
const place = (user_id: string) => `td.recent.${user_id}`;

export function readRecent(user_id: string): readonly Visited[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(place(user_id)) ?? '[]');
    // Written by `visit` alone.
    return Array.isArray(kept) ? (kept as Visited[]) : [];
  } catch {
    return [];
  }
}

function visit(user_id: string, visited: Visited): void {
  const rest = readRecent(user_id).filter(({ id }) => id !== visited.id);
  try {
    localStorage.setItem(place(user_id), JSON.stringify([visited, ...rest].slice(0, most)));
  } catch {
    // Storage is switched off: nothing is recent then.
  }
}

/** Remembers the project and the component that the address shows. */
export function useRecent(): void {
  const { api } = useApp();
  const me = useMe();
  const at = useRouterState({
    select: ({ location }) => {
      const project = /^\/projects\/([^/]+)$/.exec(location.pathname)?.[1];
      const { component }: { component?: unknown } = location.search;
      return project === undefined ? '' : `${project} ${typeof component === 'string' ? component : ''}`;
    },
  });
  const [project_id = '', component_id = ''] = at.split(' ');
  const shown = useQuery({
    ...graphQuery(api, project_id),
    enabled: false,
    select: ({ project, nodes }: Graph) => {
      const component = component_id === '' ? undefined : nodes.find(({ id }) => id === component_id);
      return JSON.stringify([project.name, component?.name ?? null]);
    },
  }).data;
  const user_id = me?.id;
  useEffect(() => {
    if (user_id === undefined || project_id === '' || shown === undefined) return;
    // Put together a few lines above.
    const [project_name, name] = JSON.parse(shown) as [string, string | null];
    visit(user_id, { type: 'project', id: project_id, name: project_name, project_id, project_name });
    if (name !== null && component_id !== '')
      visit(user_id, { type: 'component', id: component_id, name, project_id, project_name });
  }, [user_id, project_id, component_id, shown]);
}
