// All projects: found, sorted, made, brought in, put away.
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { FileUp, Map as MapIcon, Plus, Search, Sprout } from 'lucide-react';
import { Suspense, useEffect, useState } from 'react';
import { projectsQuery } from '../api.ts';
import { useApp, useMay, useMe } from '../app-context.tsx';
import { useShortcut } from '../frame/use-commands.ts';
import { strings } from '../strings.ts';
import { Button } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { describeError, ErrorNotice } from '../ui/error-notice.tsx';
import { lazyPart } from '../ui/lazy-part.ts';
import { SearchField } from '../ui/search-field.tsx';
import { Select } from '../ui/select.tsx';
import { SkeletonRows } from '../ui/skeleton.tsx';
import { useToast } from '../ui/toast.tsx';
import { useReachEnd } from '../ui/use-reach-end.ts';
import { Page, PageHeader } from './page-header.tsx';
import { ProjectRowItem } from './project-row.tsx';
import { type ProjectSearch, projectSorts } from './project-search.ts';

const ImportDialog = lazyPart(async () => (await import('./import-dialog.tsx')).ImportDialog);
const CreateProjectDialog = lazyPart(async () => (await import('./project-dialogs.tsx')).CreateProjectDialog);

const statusOptions = [
  { value: '', label: strings.projects.all },
  ...(['planning', 'active', 'on_hold', 'completed', 'archived'] as const).map((value) => ({
    value,
    label: strings.projects.statuses[value],
  })),
] as const;

export function ProjectsPage() {
  const { api } = useApp();
  const may = useMay();
  const { dialog, ...query } = useSearch({ from: '/signed-in/projects' });
  const navigate = useNavigate();
  const [dropped, setDropped] = useState<File | null>(null);
  const [dragging, setDragging] = useState(false);
  const list = useInfiniteQuery(projectsQuery(api, query));
  const end = useReachEnd(() => {
    if (list.hasNextPage && !list.isFetchingNextPage) void list.fetchNextPage();
  });
  const set = (change: { [K in keyof ProjectSearch]: ProjectSearch[K] | undefined }) => {
    const next = Object.fromEntries(Object.entries({ ...query, ...change }).filter(([, value]) => value !== undefined));
    void navigate({ to: '/projects', search: next, replace: true });
  };
  const writes = may('write:projects', null);
  useShortcut({ keys: 'N', does: strings.projects.new, run: () => set({ dialog: 'new' }), when: writes });
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  const filtered = query.q !== undefined || query.status !== undefined;

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping a file is the other way to the import button
    <div
      className="relative flex-1"
      onDragOver={(event) => {
        if (!writes || !event.dataTransfer.types.includes('Files')) return;
        event.preventDefault();
        setDragging(true);
      }}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget instanceof Node ? event.relatedTarget : null))
          setDragging(false);
      }}
      onDrop={(event) => {
        const file = event.dataTransfer.files[0];
        setDragging(false);
        if (!writes || !file) return;
        event.preventDefault();
        setDropped(file);
        set({ dialog: 'import' });
      }}
    >
      <Page>
        <PageHeader title={strings.projects.title} text={strings.projects.text}>
          {writes && (
            <>
              <Button onClick={() => set({ dialog: 'import' })}>
                <FileUp size={16} aria-hidden />
                {strings.projects.import}
              </Button>
              <Button kind="primary" onClick={() => set({ dialog: 'new' })} aria-keyshortcuts="N">
                <Plus size={16} aria-hidden />
                {strings.projects.new}
              </Button>
            </>
          )}
        </PageHeader>
        {(items.length > 0 || filtered) && <Filters query={query} set={set} />}
        {list.isPending && <SkeletonRows rows={6} height="h-16" />}
        {list.isError && items.length === 0 && <ErrorNotice error={list.error} retry={() => void list.refetch()} />}
        {list.isSuccess && items.length === 0 && <Nothing filtered={filtered} set={set} writes={writes} />}
        {items.length > 0 && (
          <ul
            aria-label={strings.projects.title}
            className="overflow-hidden rounded-node border border-line bg-surface-1 shadow-1"
          >
            {items.map((project) => (
              <ProjectRowItem key={project.id} project={project} />
            ))}
          </ul>
        )}
        {list.isFetchingNextPage && <SkeletonRows rows={2} height="h-16" />}
        {list.hasNextPage && <div ref={end} className="h-px" />}
      </Page>
      {dragging && (
        <div className="enter-fade pointer-events-none absolute inset-4 flex items-center justify-center rounded-dialog border-2 border-accent border-dashed bg-surface-0/90 text-16">
          {strings.projects.drop}
        </div>
      )}
      <Suspense>
        {dialog === 'new' && <CreateProjectDialog onClose={() => set({ dialog: undefined })} />}
        {dialog === 'import' && (
          <ImportDialog
            file={dropped}
            onClose={() => {
              setDropped(null);
              set({ dialog: undefined });
            }}
          />
        )}
      </Suspense>
    </div>
  );
}

type SetSearch = (change: { [K in keyof ProjectSearch]: ProjectSearch[K] | undefined }) => void;

function Filters({ query, set }: { query: ProjectSearch; set: SetSearch }) {
  const [text, setText] = useState(query.q ?? '');
  // biome-ignore lint/correctness/useExhaustiveDependencies: only typing starts the wait
  useEffect(() => {
    const timer = setTimeout(() => {
      if (text.trim() !== (query.q ?? '')) set({ q: text.trim() === '' ? undefined : text.trim() });
    }, 200);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <search className="grid grid-cols-2 gap-2 md:grid-cols-[1fr_160px_160px]">
      <SearchField
        label={strings.projects.search}
        value={text}
        onValue={setText}
        className="col-span-2 md:col-span-1"
      />
      <Select
        label={strings.projects.status}
        label_hidden
        value={query.status ?? ''}
        options={statusOptions}
        onValue={(status) => set({ status: status === '' ? undefined : status })}
      />
      <Select
        label={strings.projects.sort}
        label_hidden
        value={query.sort ?? '-updated_at'}
        options={projectSorts.map((value) => ({ value, label: strings.projects.sorts[value] }))}
        onValue={(sort) => set({ sort: sort === '-updated_at' ? undefined : sort })}
      />
    </search>
  );
}

function Nothing({ filtered, set, writes }: { filtered: boolean; set: SetSearch; writes: boolean }) {
  const { api } = useApp();
  const me = useMe();
  const navigate = useNavigate();
  const toast = useToast();
  const [busy, setBusy] = useState(false);
  if (filtered) {
    return (
      <EmptyState icon={<Search size={32} aria-hidden />} text={strings.projects.none_found}>
        <Button onClick={() => set({ q: undefined, status: undefined })}>{strings.projects.clear}</Button>
      </EmptyState>
    );
  }
  const greenhouse = async () => {
    setBusy(true);
    try {
      const { data } = await api.call('addExample', {});
      await navigate({ to: '/projects/$id', params: { id: data.id } });
    } catch (error) {
      setBusy(false);
      toast({ tone: 'problem', text: describeError(error).what });
    }
  };
  return (
    <EmptyState
      icon={<MapIcon size={32} aria-hidden />}
      text={writes ? strings.projects.none : strings.projects.none_viewer}
    >
      {writes && (
        <>
          <Button kind="primary" onClick={() => set({ dialog: 'new' })}>
            <Plus size={16} aria-hidden />
            {strings.projects.new}
          </Button>
          <Button onClick={() => set({ dialog: 'import' })}>
            <FileUp size={16} aria-hidden />
            {strings.projects.import}
          </Button>
        </>
      )}
      {me?.role === 'admin' && (
        <Button kind="plain" busy={busy} onClick={() => void greenhouse()} className="text-accent">
          <Sprout size={16} aria-hidden />
          {strings.projects.greenhouse}
        </Button>
      )}
    </EmptyState>
  );
}
