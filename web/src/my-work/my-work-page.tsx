// My work: the inbox, what is due and when, and what can be started.
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { dayTeller } from '@taylordash/core/days';
import type { PlacedTask } from '@taylordash/core/entities';
import { CircleCheckBig, Plus } from 'lucide-react';
import { type ReactNode, Suspense, useMemo, useState } from 'react';
import { type MyWork, myWorkQuery } from '../api.ts';
import { useApp, useMay } from '../app-context.tsx';
import { useOverlay } from '../frame/overlays.ts';
import { Page, PageHeader } from '../pages/page-header.tsx';
import { strings } from '../strings.ts';
import { Button } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { lazyPart } from '../ui/lazy-part.ts';
import { Segments } from '../ui/segments.tsx';
import { SkeletonRows } from '../ui/skeleton.tsx';
import { usePresent } from '../views/use-now.ts';
import { byDue, byProject, type Group } from './groups.ts';
import { ReadyList } from './ready-list.tsx';
import { type Asking, TaskRow } from './task-row.tsx';
import { useTaskActions } from './use-task-actions.ts';
import { useTaskKeys } from './use-task-keys.ts';

const TaskEditor = lazyPart(async () => (await import('../panel/task-editor.tsx')).TaskEditor);
const words = strings.my_work;
const kept = 'td.my_work.group';
/** As many as the server gives of each list. */
const most = 500;

type By = 'due' | 'project';

function useGrouping(): [By, (by: By) => void] {
  const [by, setBy] = useState<By>(() => {
    try {
      return localStorage.getItem(kept) === 'project' ? 'project' : 'due';
    } catch {
      return 'due';
    }
  });
  return [
    by,
    (next) => {
      setBy(next);
      try {
        localStorage.setItem(kept, next);
      } catch {
        // Storage is switched off: it lasts as long as the page.
      }
    },
  ];
}

export function MyWorkPage() {
  const { api } = useApp();
  const open = useOverlay();
  const adds = useMay()('write:tasks');
  const [by, setBy] = useGrouping();
  const work = useQuery(myWorkQuery(api));
  const { task } = useSearch({ from: '/signed-in/my-work' });
  return (
    <div className="relative flex min-h-0 flex-1">
      <div className="min-w-0 flex-1 overflow-y-auto">
        <Page>
          <PageHeader title={words.title} text={words.text}>
            {work.data && work.data.tasks.length > 0 && (
              <Segments
                label={words.group}
                value={by}
                onValue={setBy}
                options={[
                  { value: 'due', label: words.by.due },
                  { value: 'project', label: words.by.project },
                ]}
              />
            )}
            {adds && (
              <Button kind="primary" onClick={() => open('quick_add')} aria-keyshortcuts="Q" className="max-md:hidden">
                <Plus size={16} aria-hidden />
                {words.add}
              </Button>
            )}
          </PageHeader>
          {work.isPending && <SkeletonRows rows={8} height="h-10" />}
          {work.isError && !work.data && <ErrorNotice error={work.error} retry={() => void work.refetch()} />}
          {work.data && <Work work={work.data} by={by} adds={adds} current={task} />}
        </Page>
      </div>
      {task !== undefined && work.data && <Editor id={task} work={work.data} />}
    </div>
  );
}

/** The task that the address names; where it is not mine any more, what it is says where it is. */
function Editor({ id, work }: { id: string; work: MyWork }) {
  const navigate = useNavigate();
  // A task that was filed or finished meanwhile has left the lists, and stays open.
  const [placed, setPlaced] = useState<PlacedTask | null>(null);
  const known = [...work.inbox, ...work.tasks].find((task) => task.id === id);
  if (known && (placed?.id !== known.id || placed.project_id !== known.project_id)) setPlaced(known);
  const project_id = (known ?? (placed?.id === id ? placed : null))?.project_id ?? null;
  const close = () => void navigate({ to: '/my-work', search: {}, replace: true });
  return (
    <Suspense>
      <TaskEditor
        key={id}
        id={id}
        project_id={project_id}
        onClose={() => {
          document.querySelector<HTMLElement>(`[data-task="${id}"] [data-name]`)?.focus();
          close();
        }}
        {...(project_id === null
          ? {}
          : {
              onOpenComponent: (component: string) =>
                void navigate({ to: '/projects/$id', params: { id: project_id }, search: { component } }),
            })}
      />
    </Suspense>
  );
}

interface Shown extends Group {
  text?: string;
}

interface WorkProps {
  work: MyWork;
  by: By;
  adds: boolean;
  /** The task whose editor is open. */
  current: string | undefined;
}

function Work({ work, by, adds, current }: WorkProps) {
  const present = usePresent();
  const actions = useTaskActions();
  const open = useOverlay();
  const [asking, setAsking] = useState<{ id: string; what: Asking } | null>(null);
  const groups = useMemo((): Shown[] => {
    const inbox = new Set(work.inbox.map(({ id }) => id));
    // What is in the inbox and mine as well is shown where it waits to be filed.
    const tasks = work.tasks.filter(({ id }) => !inbox.has(id));
    const shown =
      by === 'project'
        ? byProject(tasks, words.no_project)
        : byDue(tasks, words.groups, present, dayTeller(present.time_zone));
    return work.inbox.length === 0
      ? shown
      : [{ key: 'inbox', title: words.inbox, text: words.inbox_text, tasks: work.inbox }, ...shown];
  }, [work, by, present]);
  const all = groups.flatMap((group) => group.tasks);
  useTaskKeys({ tasks: all, actions, onAsk: (task, what) => setAsking({ id: task.id, what }) });
  if (all.length === 0 && work.ready.length === 0) {
    return (
      <EmptyState icon={<CircleCheckBig size={32} aria-hidden />} text={adds ? words.none : words.none_viewer}>
        {adds && (
          <>
            <Button kind="primary" onClick={() => open('quick_add')}>
              <Plus size={16} aria-hidden />
              {words.add}
            </Button>
            <p className="w-full text-13 text-text-3">{words.example}</p>
          </>
        )}
      </EmptyState>
    );
  }
  const row = (task: PlacedTask, group: Shown) => (
    <TaskRow
      key={task.id}
      task={task}
      actions={actions}
      present={present}
      without_project={by === 'project' && group.key !== 'inbox'}
      current={task.id === current}
      asking={asking?.id === task.id ? asking.what : null}
      onAsk={(what) => setAsking(what === null ? null : { id: task.id, what })}
    />
  );
  return (
    <div className="flex flex-col gap-6">
      {groups.map((group) => (
        <Section
          key={group.key}
          title={group.title}
          text={group.text}
          count={group.tasks.length}
          alarming={group.key === 'overdue'}
        >
          <ul
            aria-label={group.title}
            className="@container overflow-hidden rounded-node border border-line bg-surface-1 shadow-1"
          >
            {group.tasks.map((task) => row(task, group))}
          </ul>
        </Section>
      ))}
      {all.length === 0 && <p className="text-text-3">{words.none_assigned}</p>}
      {(work.inbox.length >= most || work.tasks.length >= most) && <p className="text-13 text-text-3">{words.more}</p>}
      <Section
        title={words.ready}
        text={work.ready.length > 0 ? words.ready_text : undefined}
        count={work.ready.length}
      >
        {work.ready.length > 0 ? (
          <ReadyList ready={work.ready} today={present.today} />
        ) : (
          <p className="text-13 text-text-3">{words.ready_none}</p>
        )}
      </Section>
    </div>
  );
}

interface SectionProps {
  title: string;
  text?: string | undefined;
  count: number;
  alarming?: boolean;
  children: ReactNode;
}

function Section({ title, text, count, alarming = false, children }: SectionProps) {
  return (
    <section className="flex flex-col gap-2">
      <div className="flex flex-wrap items-baseline gap-x-2">
        <h2 className={alarming ? 'font-semibold text-warning' : 'font-semibold'}>{title}</h2>
        {count > 0 && <span className="text-13 text-text-3">{count.toLocaleString('en')}</span>}
        {text !== undefined && <p className="text-13 text-text-3">{text}</p>}
      </div>
      {children}
    </section>
  );
}
