// One project in the list: how far it is, what is stuck, and its actions.

import { Link } from '@tanstack/react-router';
import type { Project } from '@taylordash/core/entities';
import { Archive, ArchiveRestore, Download, OctagonAlert, Pencil, Trash2 } from 'lucide-react';
import { Suspense, useState } from 'react';
import type { ProjectRow } from '../api.ts';
import { useApp, useMay, usePeople } from '../app-context.tsx';
import { useTouchedBy } from '../live.ts';
import { strings } from '../strings.ts';
import { Avatar } from '../ui/avatar.tsx';
import { sayError } from '../ui/error-notice.tsx';
import { lazyPart } from '../ui/lazy-part.ts';
import { MenuItem, MenuLine, MoreMenu } from '../ui/menu.tsx';
import { NameChip } from '../ui/name-chip.tsx';
import { ProgressRing } from '../ui/progress-ring.tsx';
import { RelativeTime } from '../ui/relative-time.tsx';
import { useToast } from '../ui/toast.tsx';
import { saveFile } from './save-file.ts';

const dialogs = () => import('./project-dialogs.tsx');
const RenameProjectDialog = lazyPart(async () => (await dialogs()).RenameProjectDialog);
const DeleteProjectDialog = lazyPart(async () => (await dialogs()).DeleteProjectDialog);

export function ProjectRowItem({ project }: { project: ProjectRow }) {
  const { live } = useApp();
  const owner = usePeople()(project.owner_id);
  const touched = useTouchedBy(live, project.id);
  const { counts } = project;
  return (
    <li className="group relative flex min-h-16 items-center gap-3 border-line border-b px-3 last:border-b-0 focus-within:bg-surface-2 hover:bg-surface-2 md:px-4">
      <ProgressRing value={counts?.progress ?? 0} size={32} />
      <div className="min-w-0 flex-1 py-2">
        <div className="flex items-center gap-2">
          <Link
            to="/projects/$id"
            params={{ id: project.id }}
            className="truncate font-medium text-text after:absolute after:inset-0"
          >
            {project.name}
          </Link>
          {project.status !== 'active' && (
            <span className="shrink-0 rounded-chip border border-line px-1.5 text-12 text-text-2">
              {strings.projects.statuses[project.status]}
            </span>
          )}
          {touched !== null && <NameChip name={touched} />}
        </div>
        <p className="truncate text-13 text-text-3">
          {counts && (
            <>
              {strings.percent(counts.progress)} · {strings.projects.components(counts.components)}
              {counts.components_ready > 0 && ` · ${strings.projects.ready(counts.components_ready)}`}
              {counts.tasks > 0 && ` · ${strings.projects.tasks(counts.tasks_done, counts.tasks)}`}
            </>
          )}
          {project.description !== null && project.description !== '' && (
            <span className="hidden md:inline"> · {project.description}</span>
          )}
        </p>
      </div>
      {counts !== undefined && counts.attention > 0 && (
        <span className="tint-blocked inline-flex shrink-0 items-center gap-1 rounded-chip px-1.5 py-0.5 text-12 font-medium">
          <OctagonAlert size={14} aria-hidden />
          <span className="max-sm:sr-only">{strings.project.stuck(counts.attention)}</span>
          <span aria-hidden className="sm:hidden">
            {counts.attention}
          </span>
        </span>
      )}
      <span className="hidden w-24 text-right text-13 text-text-3 sm:inline">
        <RelativeTime at={project.updated_at} />
      </span>
      {owner !== null && (
        <span className="hidden md:inline-flex" title={strings.projects.by(owner)}>
          <Avatar name={owner} />
          <span className="sr-only">{strings.projects.by(owner)}</span>
        </span>
      )}
      <ProjectMenu project={project} />
    </li>
  );
}

export function ProjectMenu({ project }: { project: Project }) {
  const { api, changes } = useApp();
  const writes = useMay()('write:projects', project.id);
  const toast = useToast();
  const [dialog, setDialog] = useState<'rename' | 'delete' | null>(null);
  const fail = (error: unknown) => toast({ tone: 'problem', text: strings.errors.not_saved(sayError(error)) });
  const setStatus = (status: Project['status']) => changes.projects.change(project, { status }).catch(fail);
  const archived = project.status === 'archived';
  const archive = () => {
    const before = project.status;
    void setStatus('archived').then(() =>
      toast({
        text: strings.projects.archived(project.name),
        action: {
          label: strings.undo,
          run: () => void changes.projects.change({ ...project, status: 'archived' }, { status: before }).catch(fail),
        },
      }),
    );
  };
  const download = async () => {
    try {
      const response = await api.raw('exportProject', { params: { id: project.id } });
      saveFile(await response.blob(), `${project.name}.json`);
    } catch (error) {
      fail(error);
    }
  };
  return (
    <div className="relative z-10">
      <MoreMenu label={strings.projects.actions(project.name)}>
        {writes && (
          <MenuItem icon={<Pencil size={16} aria-hidden />} onSelect={() => setDialog('rename')}>
            {strings.projects.rename}
          </MenuItem>
        )}
        <MenuItem icon={<Download size={16} aria-hidden />} onSelect={() => void download()}>
          {strings.projects.export}
        </MenuItem>
        {writes && (
          <>
            <MenuItem
              icon={archived ? <ArchiveRestore size={16} aria-hidden /> : <Archive size={16} aria-hidden />}
              onSelect={() => (archived ? void setStatus('active') : archive())}
            >
              {archived ? strings.projects.unarchive : strings.projects.archive}
            </MenuItem>
            <MenuLine />
            <MenuItem danger icon={<Trash2 size={16} aria-hidden />} onSelect={() => setDialog('delete')}>
              {strings.projects.delete}
            </MenuItem>
          </>
        )}
      </MoreMenu>
      <Suspense>
        {dialog === 'rename' && <RenameProjectDialog project={project} onClose={() => setDialog(null)} />}
        {dialog === 'delete' && <DeleteProjectDialog project={project} onClose={() => setDialog(null)} />}
      </Suspense>
    </div>
  );
}
