// One project: its header, the canvas or its outline, and the panel of the chosen component.

import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { rollUp } from '@taylordash/core/progress';
import { needsAttention, type Shown, shownStates } from '@taylordash/core/states';
import { ApiProblem } from '@taylordash/sdk/client';
import {
  ChevronLeft,
  History,
  ListTree,
  type LucideIcon,
  OctagonAlert,
  SquareKanban,
  Table2,
  Workflow,
} from 'lucide-react';
import { Suspense, useMemo } from 'react';
import { type Graph, graphQuery } from '../api.ts';
import { useApp, useMay, usePeople } from '../app-context.tsx';
import { usePageActions } from '../frame/use-commands.ts';
import { useTouchedBy } from '../live.ts';
import { viewStrings } from '../strings/views.ts';
import { strings } from '../strings.ts';
import { Avatar } from '../ui/avatar.tsx';
import { cx } from '../ui/cx.ts';
import { useDates } from '../ui/dates.ts';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { lazyPart } from '../ui/lazy-part.ts';
import { NameChip } from '../ui/name-chip.tsx';
import { ProgressRing } from '../ui/progress-ring.tsx';
import { SkeletonRows } from '../ui/skeleton.tsx';
import type { WorkSearch } from '../views/settings.ts';
import { useTitle } from './page-header.tsx';
import { ProjectMenu } from './project-row.tsx';

const Canvas = lazyPart(async () => (await import('../canvas/canvas.tsx')).Canvas);
const WorkView = lazyPart(async () => (await import('../views/work-view.tsx')).WorkView);
const Outline = lazyPart(async () => (await import('../views/outline/outline.tsx')).Outline);
const Activity = lazyPart(async () => (await import('../views/activity/activity.tsx')).Activity);
const TaskEditor = lazyPart(async () => (await import('../panel/task-editor.tsx')).TaskEditor);
const Panel = lazyPart(async () => (await import('../panel/panel.tsx')).Panel);

export function ProjectPage() {
  const { api } = useApp();
  const { id } = useParams({ from: '/signed-in/projects/$id' });
  const graph = useQuery(graphQuery(api, id));
  if (graph.isPending) {
    return (
      <div className="p-6">
        <SkeletonRows rows={1} />
      </div>
    );
  }
  if (graph.data === undefined) {
    const gone = graph.error instanceof ApiProblem && graph.error.body.code === 'project.not_found';
    return (
      <div className="p-6">
        <ErrorNotice error={graph.error} {...(gone ? {} : { retry: () => void graph.refetch() })} />
        <Link
          to="/projects"
          className="target flex items-center justify-center text-accent underline underline-offset-4"
        >
          {strings.project.back}
        </Link>
      </div>
    );
  }
  return <Loaded key={id} graph={graph.data} />;
}

function Loaded({ graph }: { graph: Graph }) {
  useTitle(graph.project.name);
  const search = useSearch({ from: '/signed-in/projects/$id' });
  const { component: open, task, view } = search;
  const navigate = useNavigate();
  const writes = useMay()('write:projects', graph.project.id);
  const today = useDates().today();
  const shown = useMemo(() => shownStates(graph.nodes, graph.edges, today), [graph.nodes, graph.edges, today]);
  const { component: _component, task: _task, ...place } = search;
  const go = (next: WorkSearch) =>
    void navigate({ to: '/projects/$id', params: { id: graph.project.id }, search: next, replace: true });
  const onOpen = (component: string | null) => {
    if ((component ?? undefined) === open && task === undefined) return;
    go({ ...place, ...(component === null ? {} : { component }) });
  };
  usePageActions(
    tabs
      .filter(([one]) => one !== view)
      .map(([one, label]) => ({
        id: `project.${one ?? 'canvas'}`,
        label: viewStrings.show_as(label),
        run: () => go(searchOf(one, search)),
      })),
  );
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <Header graph={graph} shown={shown} search={search} />
      <div className="relative flex min-h-0 flex-1">
        <Suspense fallback={<div className="flex-1" />}>
          {view === undefined && (
            <Canvas
              graph={graph}
              shown={shown}
              writes={writes}
              open={open ?? null}
              onOpen={onOpen}
              onImport={() => void navigate({ to: '/projects', search: { dialog: 'import' } })}
            />
          )}
          {(view === 'board' || view === 'table') && (
            <WorkView key={view} graph={graph} shown={shown} as={view} search={search} />
          )}
          {view === 'outline' && <Outline graph={graph} shown={shown} open={open ?? null} onOpen={onOpen} />}
          {view === 'activity' && (
            <Activity graph={graph} by={search.by} onBy={(by) => go({ view, ...(by === undefined ? {} : { by }) })} />
          )}
        </Suspense>
        {task !== undefined && (
          <Suspense>
            <TaskEditor
              id={task}
              project_id={graph.project.id}
              onClose={() => onOpen(open ?? null)}
              onOpenComponent={onOpen}
            />
          </Suspense>
        )}
        {open !== undefined && task === undefined && (
          <Suspense>
            <Panel
              key={open}
              graph={graph}
              id={open}
              shown={shown}
              onClose={() => onOpen(null)}
              onOpen={onOpen}
              onOpenTask={(id) => go({ ...place, component: open, task: id })}
            />
          </Suspense>
        )}
      </div>
    </div>
  );
}

const tabs = [
  [undefined, strings.canvas.canvas, Workflow],
  ['board', viewStrings.board, SquareKanban],
  ['table', viewStrings.table, Table2],
  ['outline', strings.canvas.outline, ListTree],
  ['activity', viewStrings.activity, History],
] as const;

function Header({ graph, shown, search }: { graph: Graph; shown: ReadonlyMap<string, Shown>; search: WorkSearch }) {
  const { live } = useApp();
  const { project } = graph;
  const owner = usePeople()(project.owner_id);
  const touched = useTouchedBy(live, project.id);
  const progress = rollUp(graph.nodes);
  const stuck = [...shown.values()].filter(needsAttention).length;
  return (
    <header className="flex shrink-0 flex-wrap items-center gap-x-2 border-line border-b bg-surface-1 px-2 md:min-h-14 md:flex-nowrap md:px-4">
      <Link
        to="/projects"
        aria-label={strings.project.back}
        className="press target-square -ml-1 inline-flex items-center justify-center rounded-control text-text-2 hover:bg-surface-2 hover:text-text"
      >
        <ChevronLeft size={18} aria-hidden />
      </Link>
      <ProgressRing value={progress} size={24} />
      <h1 className="min-w-0 truncate text-16 font-semibold max-md:flex-1">{project.name}</h1>
      {touched !== null && <NameChip name={touched} />}
      <span className="hidden text-13 text-text-3 sm:inline">{strings.percent(progress)}</span>
      {stuck > 0 && (
        <span className="tint-blocked inline-flex shrink-0 items-center gap-1 rounded-chip px-1.5 py-0.5 text-12 font-medium">
          <OctagonAlert size={14} aria-hidden />
          <span className="max-lg:sr-only">{strings.project.stuck(stuck)}</span>
          <span aria-hidden className="lg:hidden">
            {stuck}
          </span>
        </span>
      )}
      <span className="flex-1 max-md:hidden" />
      {owner !== null && (
        <span className="hidden md:inline-flex" title={strings.projects.by(owner)}>
          <Avatar name={owner} />
          <span className="sr-only">{strings.projects.by(owner)}</span>
        </span>
      )}
      <nav
        aria-label={viewStrings.tabs}
        className="order-last -mx-2 flex w-[calc(100%+16px)] border-line border-t md:order-none md:mx-0 md:w-auto md:rounded-control md:border md:p-0.5"
      >
        {tabs.map(([view, label, icon]) => (
          <ViewLink
            key={label}
            id={project.id}
            search={searchOf(view, search)}
            current={view === search.view}
            label={label}
            icon={icon}
          />
        ))}
      </nav>
      <ProjectMenu project={project} />
    </header>
  );
}

/** Between board and table the rows and their filter stay; how they are shown is each one's own. */
function searchOf(view: WorkSearch['view'], { of, filter }: WorkSearch): WorkSearch {
  if (view !== 'board' && view !== 'table') return view === undefined ? {} : { view };
  return { view, ...(of === undefined ? {} : { of }), ...(filter === undefined ? {} : { filter }) };
}

interface ViewLinkProps {
  id: string;
  search: WorkSearch;
  current: boolean;
  label: string;
  icon: LucideIcon;
}

function ViewLink({ id, search, current, label, icon: Icon }: ViewLinkProps) {
  return (
    <Link
      to="/projects/$id"
      params={{ id }}
      search={search}
      aria-current={current ? 'page' : undefined}
      className={cx(
        'press inline-flex min-h-(--target) flex-1 items-center justify-center gap-1.5 px-2 text-13 md:min-h-[calc(var(--target)-6px)] md:flex-none md:rounded-chip',
        current ? 'bg-accent-quiet text-text' : 'text-text-2 hover:text-text',
      )}
    >
      <Icon size={16} aria-hidden />
      <span className="max-sm:sr-only md:max-lg:sr-only">{label}</span>
    </Link>
  );
}
