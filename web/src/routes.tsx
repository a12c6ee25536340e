// Every address of the web app, who may open it, and what it reads while its code loads.

import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import { ApiProblem } from '@taylordash/sdk/client';
import {
  eventsQuery,
  graphQuery,
  keys,
  layoutsQuery,
  meQuery,
  myWorkQuery,
  peopleQuery,
  projectsQuery,
  projectTasksQuery,
  type UserWithGrants,
} from './api.ts';
import type { App } from './app-context.tsx';
import { groupsQuery, type ShownStatus, shownStatuses } from './dead-letters/queries.ts';
import { brokerQuery, devicesQuery } from './devices/queries.ts';
import { readDeviceSearch } from './devices/search.ts';
import { Frame } from './frame/frame.tsx';
import { RouteError, RouteMissing, RoutePending } from './frame/route-states.tsx';
import { readProjectSearch } from './pages/project-search.ts';
import { archivesQuery, retentionQuery } from './retention/queries.ts';
import { readEventSearch, readTimeSearch, type TimeSearch, toEventQuery } from './signals/signals-search.ts';
import { patiently } from './ui/lazy-part.ts';
import { readWorkSearch } from './views/settings.ts';

const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);

const rootRoute = createRootRouteWithContext<App>()({ component: Outlet });

const setupRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/setup',
  component: lazyRouteComponent(() => patiently(() => import('./pages/setup.tsx')), 'SetupPage'),
});

const loginRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/login',
  validateSearch: (search: Record<string, unknown>): { next?: string } => {
    const next = text(search.next);
    // Only an address of ours: `//elsewhere` would lead away.
    return next?.startsWith('/') === true && !/^\/[/\\]/.test(next) ? { next } : {};
  },
  component: lazyRouteComponent(() => patiently(() => import('./pages/login.tsx')), 'LoginPage'),
});

const signedInRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'signed-in',
  component: Frame,
  beforeLoad: async ({ context, location }) => {
    try {
      await context.cache.ensureQueryData(meQuery(context.api));
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.body.code !== 'auth.required') throw error;
      const { data } = await context.api.call('setupStatus', {});
      if (data.needed) throw redirect({ to: '/setup', replace: true });
      throw redirect({ to: '/login', search: location.href === '/' ? {} : { next: location.href }, replace: true });
    }
  },
});

const homeRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/',
  beforeLoad: ({ context }) => {
    const view = context.cache.getQueryData<UserWithGrants>(keys.me)?.default_view ?? '';
    if (view === 'my_work') throw redirect({ to: '/my-work', replace: true });
    const [, id, shown] = /^project:([^/]+)\/(\w+)$/.exec(view) ?? [];
    if (id === undefined) throw redirect({ to: '/projects', replace: true });
    const search = shown === 'board' ? { view: 'board' as const } : {};
    throw redirect({ to: '/projects/$id', params: { id }, search, replace: true });
  },
});

const projectsRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/projects',
  validateSearch: readProjectSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps: { dialog: _dialog, ...query } }) => {
    void context.cache.prefetchInfiniteQuery(projectsQuery(context.api, query));
    void context.cache.prefetchQuery(peopleQuery(context.api));
  },
  component: lazyRouteComponent(() => patiently(() => import('./pages/projects.tsx')), 'ProjectsPage'),
});

const projectRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/projects/$id',
  validateSearch: readWorkSearch,
  loaderDeps: ({ search: { view } }) => ({ view }),
  loader: ({ context, params, deps: { view } }) => {
    void context.cache.prefetchQuery(graphQuery(context.api, params.id));
    // Beside the data and not after it. A failure is the page's to tell.
    if (view === undefined) import('./canvas/canvas.tsx').catch(() => {});
    if (view === 'board' || view === 'table') {
      void context.cache.prefetchQuery(projectTasksQuery(context.api, params.id));
      void context.cache.prefetchQuery(layoutsQuery(context.api, params.id));
    }
  },
  component: lazyRouteComponent(() => patiently(() => import('./pages/project.tsx')), 'ProjectPage'),
});

const eventsRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/signals/events',
  validateSearch: readEventSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => {
    void context.cache.prefetchInfiniteQuery(eventsQuery(context.api, toEventQuery(deps, Date.now())));
  },
  component: lazyRouteComponent(() => patiently(() => import('./signals/events-page.tsx')), 'EventsPage'),
});

const tracesRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/signals/traces',
  validateSearch: readTimeSearch,
  component: lazyRouteComponent(() => patiently(() => import('./signals/traces-page.tsx')), 'TracesPage'),
});

const traceRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/signals/traces/$trace_id',
  validateSearch: (search: Record<string, unknown>): { open?: string } => {
    const open = text(search.open) ?? (typeof search.open === 'number' ? String(search.open) : undefined);
    return open === undefined ? {} : { open };
  },
  component: lazyRouteComponent(() => patiently(() => import('./signals/trace-page.tsx')), 'TracePage'),
});

const deadLettersRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/signals/dead-letters',
  validateSearch: (
    search: Record<string, unknown>,
  ): TimeSearch & { status?: ShownStatus; group?: string; open?: string } => {
    const status = shownStatuses.find((one) => one === search.status);
    const group = text(search.group);
    const open = text(search.open) ?? (typeof search.open === 'number' ? String(search.open) : undefined);
    return {
      ...readTimeSearch(search),
      ...(status === undefined || status === 'open' ? {} : { status }),
      ...(group === undefined ? {} : { group }),
      ...(open === undefined ? {} : { open }),
    };
  },
  loaderDeps: ({ search: { status } }) => ({ status }),
  loader: ({ context, deps: { status } }) => {
    void context.cache.prefetchQuery(groupsQuery(context.api, status));
  },
  component: lazyRouteComponent(
    () => patiently(() => import('./dead-letters/dead-letters-page.tsx')),
    'DeadLettersPage',
  ),
});

const myWorkRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/my-work',
  validateSearch: (search: Record<string, unknown>): { task?: string } => {
    const task = text(search.task);
    return task === undefined ? {} : { task };
  },
  loader: ({ context }) => {
    void context.cache.prefetchQuery(myWorkQuery(context.api));
    void context.cache.prefetchQuery(peopleQuery(context.api));
  },
  component: lazyRouteComponent(() => patiently(() => import('./my-work/my-work-page.tsx')), 'MyWorkPage'),
});

const profileRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/profile',
  component: lazyRouteComponent(() => patiently(() => import('./profile/profile-page.tsx')), 'ProfilePage'),
});

const devicesRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/devices',
  validateSearch: readDeviceSearch,
  loader: ({ context }) => {
    void context.cache.prefetchQuery(devicesQuery(context.api));
    void context.cache.prefetchQuery(brokerQuery(context.api));
  },
  component: lazyRouteComponent(() => patiently(() => import('./devices/devices-page.tsx')), 'DevicesPage'),
});

const usersRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/admin/users',
  component: lazyRouteComponent(() => patiently(() => import('./pages/users.tsx')), 'UsersPage'),
});

const retentionRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/admin/retention',
  loader: ({ context }) => {
    if (context.cache.getQueryData<UserWithGrants>(keys.me)?.role !== 'admin') return;
    void context.cache.prefetchQuery(retentionQuery(context.api));
    void context.cache.prefetchQuery(archivesQuery(context.api));
  },
  component: lazyRouteComponent(() => patiently(() => import('./retention/retention-page.tsx')), 'RetentionPage'),
});

/** What the rail calls by one name and is several pages. */
const signalsRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/signals',
  beforeLoad: () => {
    throw redirect({ to: '/signals/events', replace: true });
  },
});

const adminRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/admin',
  beforeLoad: () => {
    throw redirect({ to: '/admin/users', replace: true });
  },
});

/** Any other address: said inside the frame, from where there is a way on. */
const missingRoute = createRoute({ getParentRoute: () => signedInRoute, path: '$', component: RouteMissing });

const tree = rootRoute.addChildren([
  setupRoute,
  loginRoute,
  signedInRoute.addChildren([
    homeRoute,
    projectsRoute,
    projectRoute,
    myWorkRoute,
    signalsRoute,
    eventsRoute,
    tracesRoute,
    traceRoute,
    deadLettersRoute,
    devicesRoute,
    adminRoute,
    usersRoute,
    retentionRoute,
    profileRoute,
    missingRoute,
  ]),
]);

export function createAppRouter(app: App) {
  return createRouter({
    routeTree: tree,
    context: app,
    defaultPreload: 'intent',
    defaultPreloadStaleTime: 0,
    defaultPendingMs: 200,
    defaultPendingComponent: RoutePending,
    defaultErrorComponent: RouteError,
    defaultNotFoundComponent: RouteMissing,
    scrollRestoration: true,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
