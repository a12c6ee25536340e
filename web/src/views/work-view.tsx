// A project's board or table: its rows, what filters, groups and sorts them, and the view that is chosen.
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { ProjectTask } from '@taylordash/core/entities';
import { filterable } from '@taylordash/core/rows';
import { isTray, type Shown } from '@taylordash/core/states';
import type { ViewConfig } from '@taylordash/core/views';
import { useCallback, useMemo } from 'react';
import { type Graph, projectTasksQuery } from '../api.ts';
import { useApp } from '../app-context.tsx';
import { viewStrings as words } from '../strings/views.ts';
import { cx } from '../ui/cx.ts';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { SkeletonRows } from '../ui/skeleton.tsx';
import { DisplayMenu } from './display-menu.tsx';
import { FilterBar } from './filter-bar.tsx';
import type { Kind } from './kind.ts';
import {
  builtinView,
  isBuiltin,
  type RowsOf,
  type Settings,
  searchFor,
  settingsOf,
  type WorkSearch,
} from './settings.ts';
import { useComponentKind } from './use-component-kind.tsx';
import { type Row, type Rows, useComponentRows, useRowNames, useTaskRows } from './use-rows.ts';
import { useTaskKind } from './use-task-kind.tsx';
import { useViews } from './use-views.ts';
import { ViewBody } from './view-body.tsx';
import { ViewPicker } from './view-picker.tsx';

interface Props {
  graph: Graph;
  shown: ReadonlyMap<string, Shown>;
  as: 'board' | 'table';
  search: WorkSearch;
}

export function WorkView({ graph, shown, as, search }: Props) {
  const { api } = useApp();
  const store = useViews(graph.project.id);
  const layout = store.views.find((view) => view.layout.id === search.saved);
  const saved = isBuiltin(search.saved) ? builtinView(search.saved, as) : (layout?.config ?? null);
  const hasTasks = graph.nodes.some(({ tasks }) => tasks.total > 0);
  const settings = settingsOf(search, as, saved, hasTasks ? 'tasks' : 'components');
  const tasks = useQuery({ ...projectTasksQuery(api, graph.project.id), enabled: settings.config.of === 'tasks' });
  const shared = { graph, search, settings, store };
  if (settings.config.of === 'components') return <ComponentView {...shared} shown={shown} />;
  if (tasks.data) return <TaskView {...shared} tasks={tasks.data.tasks} />;
  return (
    <div className="flex-1 p-4">
      {tasks.isError ? (
        <ErrorNotice error={tasks.error} retry={() => void tasks.refetch()} />
      ) : (
        <SkeletonRows rows={12} height="h-9" />
      )}
    </div>
  );
}

interface Shared {
  graph: Graph;
  search: WorkSearch;
  settings: Settings;
  store: ReturnType<typeof useViews>;
}

/** Writes what differs from the chosen view into the address. */
function useSearchChange(project_id: string) {
  const navigate = useNavigate();
  return useCallback(
    (next: WorkSearch, replace = true) =>
      void navigate({ to: '/projects/$id', params: { id: project_id }, search: next, replace }),
    [navigate, project_id],
  );
}

function ComponentView({ shown, ...shared }: Shared & { shown: ReadonlyMap<string, Shown> }) {
  const { graph, search, settings } = shared;
  const change = useSearchChange(graph.project.id);
  const names = useRowNames(graph);
  const rows = useComponentRows(graph, shown, names, settings.config);
  const open = useCallback(
    (component: string) => {
      const { task: _task, ...rest } = search;
      change({ ...rest, component });
    },
    [change, search],
  );
  const kind = useComponentKind({ graph, names, open_id: search.component ?? null, onOpen: open });
  return <View {...shared} rows={rows} kind={kind} change={change} labels={[]} today={names.today} />;
}

function TaskView({ tasks, ...shared }: Shared & { tasks: readonly ProjectTask[] }) {
  const { graph, search, settings } = shared;
  const change = useSearchChange(graph.project.id);
  const names = useRowNames(graph);
  const rows = useTaskRows(tasks, names, settings.config);
  const labels = useMemo(
    () => [...new Set(tasks.flatMap((task) => task.labels))].sort((a, b) => a.localeCompare(b)),
    [tasks],
  );
  const open = useCallback(
    (task: string) => {
      const { component: _component, ...rest } = search;
      change({ ...rest, task });
    },
    [change, search],
  );
  const first = graph.nodes.find(isTray)?.id ?? graph.nodes[0]?.id ?? null;
  const kind = useTaskKind({ graph, names, add_to: first, open_id: search.task ?? null, onOpen: open });
  return <View {...shared} rows={rows} kind={kind} change={change} labels={labels} today={names.today} />;
}

interface ViewProps<R extends Row, P> extends Shared {
  rows: Rows<R>;
  kind: Kind<R, P>;
  labels: readonly string[];
  today: string;
  change: (next: WorkSearch, replace?: boolean) => void;
}

function View<R extends Row, P>({
  graph,
  search,
  settings,
  store,
  rows,
  kind,
  labels,
  today,
  change,
}: ViewProps<R, P>) {
  const { config, base, modified } = settings;
  const { filter: _filter, group: _group, sort: _sort, columns: _columns, ...kept } = search;
  const set = (changes: Partial<ViewConfig>) => change({ ...kept, ...searchFor({ ...config, ...changes }, base) });
  const { saved: _saved, of: _of, ...bare } = kept;
  const fields = useMemo(() => filterable(rows.fields), [rows.fields]);
  return (
    <div className="flex min-w-0 flex-1 flex-col">
      <div className="flex flex-wrap items-start gap-x-2 gap-y-1 border-line border-b px-2 py-1.5 md:px-4">
        <OfSwitch of={config.of} onOf={(of) => change({ ...bare, of })} />
        <ViewPicker
          saved={search.saved}
          of={config.of}
          config={config}
          modified={modified}
          store={store}
          onChoose={(saved) => change({ ...bare, ...(saved === undefined ? { of: config.of } : { saved }) }, false)}
          onDiscard={() => change(kept)}
        />
        <span className="flex-1 md:hidden" />
        <div className="order-last flex w-full min-w-0 md:order-none md:w-auto md:flex-1">
          <FilterBar
            text={config.filter}
            fields={fields}
            faults={rows.faults}
            hint={words.filter_hint[config.of]}
            onText={(filter) => set({ filter })}
          />
        </div>
        <span
          role="status"
          className="flex h-(--target) items-center whitespace-nowrap text-13 text-text-3 max-sm:sr-only"
        >
          {words.count(rows.found.length, rows.total)}
        </span>
        <DisplayMenu config={config} fields={rows.fields} onChange={set} />
      </div>
      <ViewBody
        key={config.of}
        project={graph.project.name}
        config={config}
        rows={rows}
        kind={kind}
        labels={labels}
        today={today}
        onSort={(sort) => set({ sort })}
        onClear={() => set({ filter: '' })}
      />
      {kind.dialogs}
    </div>
  );
}

function OfSwitch({ of, onOf }: { of: RowsOf; onOf: (of: RowsOf) => void }) {
  return (
    <fieldset className="flex shrink-0 rounded-control border border-line p-0.5">
      <legend className="sr-only">{words.of}</legend>
      {(['tasks', 'components'] as const).map((one) => (
        <button
          key={one}
          type="button"
          aria-pressed={of === one}
          onClick={() => onOf(one)}
          className={cx(
            'press min-h-[calc(var(--target)-6px)] rounded-chip px-2 text-13',
            of === one ? 'bg-accent-quiet font-medium text-text' : 'text-text-2 hover:text-text',
          )}
        >
          {words[one]}
        </button>
      ))}
    </fieldset>
  );
}
