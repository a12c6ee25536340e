// One project: its header, the canvas or its outline, and the panel of the chosen component.

import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { dayIn } from '@taylordash/core/days';
import { rollUp } from '@taylordash/core/progress';
import { needsAttention, shownStates } from '@taylordash/core/states';
import { ApiProblem } from '@taylordash/sdk/client';
import { ChevronLeft, OctagonAlert, Table2, Workflow } from 'lucide-react';
import { lazy, Suspense, useMemo } from 'react';
import { type Graph, graphQuery } from '../api.ts';
import { useApp, useMay, useMe, usePeople } from '../app-context.tsx';
import { useTouchedBy } from '../live.ts';
import { strings } from '../strings.ts';
import { Avatar } from '../ui/avatar.tsx';
import { cx } from '../ui/cx.ts';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { NameChip } from '../ui/name-chip.tsx';
import { ProgressRing } from '../ui/progress-ring.tsx';
import { SkeletonRows } from '../ui/skeleton.tsx';
import { Outline } from './outline.tsx';
import { useTitle } from './page-header.tsx';
import { ProjectMenu } from './project-row.tsx';

const Canvas = lazy(async () => ({ default: (await import('../canvas/canvas.tsx')).Canvas }));
const Panel = lazy(async () => ({ default: (await import('../panel/panel.tsx')).Panel }));

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
  const { component: open, view } = useSearch({ from: '/signed-in/projects/$id' });
  const navigate = useNavigate();
  const writes = useMay()('write:projects', graph.project.id);
  const time_zone = useMe()?.time_zone;
  const today = dayIn(time_zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone, Date.now());
  const shown = useMemo(() => shownStates(graph.nodes, graph.edges, today), [graph.nodes, graph.edges, today]);
  const onOpen = (component: string | null) => {
    if ((component ?? undefined) === open) return;
    void navigate({
      to: '/projects/$id',
      params: { id: graph.project.id },
      search: { ...(view ? { view } : {}), ...(component === null ? {} : { component }) },
      replace: true,
    });
  };
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <Header graph={graph} shown={shown} view={view} />
      <div className="relative flex min-h-0 flex-1">
        {view === 'outline' ? (
          <Outline graph={graph} shown={shown} onOpen={onOpen} />
        ) : (
          <Suspense fallback={<div className="flex-1" />}>
            <Canvas
              graph={graph}
              shown={shown}
              writes={writes}
              open={open ?? null}
              onOpen={onOpen}
              onImport={() => void navigate({ to: '/projects', search: { dialog: 'import' } })}
            />
          </Suspense>
        )}
        {open !== undefined && (
          <Suspense>
            <Panel key={open} graph={graph} id={open} shown={shown} onClose={() => onOpen(null)} onOpen={onOpen} />
          </Suspense>
        )}
      </div>
    </div>
  );
}

function Header({
  graph,
  shown,
  view,
}: {
  graph: Graph;
  shown: ReturnType<typeof shownStates>;
  view: 'outline' | undefined;
}) {
  const { live } = useApp();
  const { project } = graph;
  const owner = usePeople()(project.owner_id);
  const touched = useTouchedBy(live, project.id);
  const progress = rollUp(graph.nodes);
  const stuck = [...shown.values()].filter(needsAttention).length;
  return (
    <header className="flex min-h-14 shrink-0 items-center gap-2 border-line border-b bg-surface-1 px-2 md:px-4">
      <Link
        to="/projects"
        aria-label={strings.project.back}
        className="press target-square -ml-1 inline-flex items-center justify-center rounded-control text-text-2 hover:bg-surface-2 hover:text-text"
      >
        <ChevronLeft size={18} aria-hidden />
      </Link>
      <ProgressRing value={progress} size={24} />
      <h1 className="min-w-0 truncate text-16 font-semibold">{project.name}</h1>
      {touched !== null && <NameChip name={touched} />}
      <span className="hidden text-13 text-text-3 sm:inline">{strings.percent(progress)}</span>
      {stuck > 0 && (
        <span className="tint-blocked inline-flex shrink-0 items-center gap-1 rounded-chip px-1.5 py-0.5 text-12 font-medium">
          <OctagonAlert size={14} aria-hidden />
          <span className="max-sm:sr-only">{strings.project.stuck(stuck)}</span>
          <span aria-hidden className="sm:hidden">
            {stuck}
          </span>
        </span>
      )}
      <span className="flex-1" />
      {owner !== null && (
        <span className="hidden md:inline-flex" title={strings.projects.by(owner)}>
          <Avatar name={owner} />
          <span className="sr-only">{strings.projects.by(owner)}</span>
        </span>
      )}
      <nav aria-label={strings.canvas.view} className="flex rounded-control border border-line p-0.5">
        <ViewLink id={project.id} current={view === undefined} label={strings.canvas.canvas} icon={Workflow} />
        <ViewLink id={project.id} outline current={view === 'outline'} label={strings.canvas.outline} icon={Table2} />
      </nav>
      <ProjectMenu project={project} />
    </header>
  );
}

interface ViewLinkProps {
  id: string;
  outline?: boolean;
  current: boolean;
  label: string;
  icon: typeof Workflow;
}

function ViewLink({ id, outline = false, current, label, icon: Icon }: ViewLinkProps) {
  return (
    <Link
      to="/projects/$id"
      params={{ id }}
      search={outline ? { view: 'outline' } : {}}
      aria-current={current ? 'page' : undefined}
      className={cx(
        'press inline-flex min-h-[calc(var(--target)-6px)] items-center gap-2 rounded-chip px-2 text-13',
        current ? 'bg-accent-quiet text-text' : 'text-text-2 hover:text-text',
      )}
    >
      <Icon size={16} aria-hidden />
      <span className="max-sm:sr-only">{label}</span>
    </Link>
  );
}
