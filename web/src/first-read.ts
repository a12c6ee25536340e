// Asks for the code and the data of the page that the address names while the server still says who is signed in.
import { graphQuery, myWorkQuery, projectsQuery } from './api.ts';
import type { App } from './app-context.tsx';

/** Who is not signed in gets nothing of it and signs in first: what was refused is asked for again then. */
export function readFirst({ api, cache }: Pick<App, 'api' | 'cache'>, { pathname, search }: Location): void {
  const parts: Promise<unknown>[] = [];
  const project = /^\/projects\/([^/]+)$/.exec(pathname)?.[1];
  if (project !== undefined) {
    parts.push(import('./pages/project.tsx'), cache.prefetchQuery(graphQuery(api, project)));
    if (!/[?&]view=/.test(search)) parts.push(import('./canvas/canvas.tsx'));
  } else if (pathname === '/projects' && search === '') {
    parts.push(import('./pages/projects.tsx'), cache.prefetchInfiniteQuery(projectsQuery(api, {})));
  } else if (pathname === '/my-work') {
    parts.push(import('./my-work/my-work-page.tsx'), cache.prefetchQuery(myWorkQuery(api)));
  }
  // What could not be loaded is tried again by the page itself, which says so.
  void Promise.allSettled(parts);
}
