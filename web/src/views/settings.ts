// What a board or table shows: from the address, over a saved view, over the defaults. The address holds only what differs.
import type { Layout } from '@taylordash/core/entities';
import type { ViewConfig } from '@taylordash/core/views';

export type RowsOf = ViewConfig['of'];
export type ShownAs = ViewConfig['as'];
export const builtinViews = ['ready', 'mine', 'overdue', 'blocked'] as const;
export type BuiltinView = (typeof builtinViews)[number];

/** What the address of a project says. */
export interface WorkSearch {
  view?: ShownAs | 'outline' | 'activity';
  /** The component whose panel is open. */
  component?: string;
  /** The task whose editor is open. */
  task?: string;
  /** A built-in view, or the id of a saved one. */
  saved?: string;
  of?: RowsOf;
  filter?: string;
  /** `none` takes away the group that the saved view has. */
  group?: string;
  sort?: string;
  /** With commas between. */
  columns?: string;
  /** Whose activity. */
  by?: string;
}

const views = ['board', 'table', 'outline', 'activity'] as const;
/** A filter that is all digits arrives as a number. */
const text = (value: unknown) =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : undefined;

export function readWorkSearch(search: Record<string, unknown>): WorkSearch {
  const view = views.find((one) => one === search.view);
  const of = search.of === 'tasks' || search.of === 'components' ? search.of : undefined;
  const found: WorkSearch = { ...(view ? { view } : {}), ...(of ? { of } : {}) };
  for (const key of ['component', 'task', 'saved', 'group', 'sort', 'columns', 'by'] as const) {
    const value = text(search[key]);
    if (value !== undefined && value !== '') found[key] = value.slice(0, 1000);
  }
  // An empty filter says something: the saved view's is taken away.
  const filter = text(search.filter);
  if (filter !== undefined) found.filter = filter.slice(0, 1000);
  return found;
}

const defaultColumns: Record<RowsOf, readonly string[]> = {
  components: ['state', 'progress', 'assignee', 'start', 'due', 'tasks', 'updated'],
  tasks: ['status', 'component', 'assignee', 'due', 'priority', 'label', 'estimate'],
};

export function defaultView(of: RowsOf, as: ShownAs): ViewConfig {
  return {
    of,
    as,
    filter: '',
    group: as === 'board' ? 'status' : null,
    sort: of === 'tasks' ? 'rank' : 'flow',
    columns: [...defaultColumns[of]],
  };
}

const builtin: Record<BuiltinView, Partial<ViewConfig> & Pick<ViewConfig, 'of'>> = {
  ready: { of: 'components', filter: 'state:ready' },
  mine: { of: 'tasks', filter: 'assignee:me -status:done', sort: 'due' },
  overdue: { of: 'tasks', filter: 'due:overdue', sort: 'due' },
  blocked: { of: 'components', filter: 'state:blocked,dead_blocked,held_up' },
};

export function builtinView(name: BuiltinView, as: ShownAs): ViewConfig {
  return { ...defaultView(builtin[name].of, as), ...builtin[name] };
}

export function isBuiltin(name: string | undefined): name is BuiltinView {
  return builtinViews.some((one) => one === name);
}

/** The view that a layout holds; null where it holds something else. */
export function viewOf(layout: Pick<Layout, 'kind' | 'config'>): ViewConfig | null {
  const { of, as, filter, group, sort, columns } = layout.config;
  if (layout.kind !== 'view' || (of !== 'components' && of !== 'tasks') || (as !== 'board' && as !== 'table'))
    return null;
  if (typeof filter !== 'string' || typeof sort !== 'string' || !Array.isArray(columns)) return null;
  return {
    ...{ of, as, filter, sort },
    group: typeof group === 'string' ? group : null,
    columns: columns.filter((column) => typeof column === 'string'),
  };
}

export interface Settings {
  config: ViewConfig;
  /** What the address changes of the view it names. */
  base: ViewConfig;
  modified: boolean;
}

/** `fallback` is what rows are of where neither the address nor a view says. */
export function settingsOf(search: WorkSearch, as: ShownAs, saved: ViewConfig | null, fallback: RowsOf): Settings {
  const named = saved && (search.of === undefined || search.of === saved.of) ? saved : null;
  const of = search.of ?? named?.of ?? fallback;
  // A table's view looked at as a board keeps what it shows and lets go of how.
  const base: ViewConfig =
    named === null
      ? defaultView(of, as)
      : named.as === as
        ? named
        : { ...defaultView(of, as), filter: named.filter, sort: named.sort };
  const config: ViewConfig = {
    ...{ of, as },
    filter: search.filter ?? base.filter,
    group: search.group === undefined ? base.group : search.group === 'none' ? null : search.group,
    sort: search.sort ?? base.sort,
    columns: search.columns === undefined ? base.columns : search.columns.split(',').filter((one) => one !== ''),
  };
  return { config, base, modified: !sameView(config, base) };
}

function sameView(a: ViewConfig, b: ViewConfig): boolean {
  return (
    a.of === b.of &&
    a.as === b.as &&
    a.filter === b.filter &&
    a.group === b.group &&
    a.sort === b.sort &&
    a.columns.join() === b.columns.join()
  );
}

/** What the address has to say so that this view is shown. */
export function searchFor(config: ViewConfig, base: ViewConfig): WorkSearch {
  return {
    ...(config.filter === base.filter ? {} : { filter: config.filter }),
    ...(config.group === base.group ? {} : { group: config.group ?? 'none' }),
    ...(config.sort === base.sort ? {} : { sort: config.sort }),
    ...(config.columns.join() === base.columns.join() ? {} : { columns: config.columns.join() }),
  };
}
