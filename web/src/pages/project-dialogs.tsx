// Making, renaming and deleting a project.

import { useQuery } from '@tanstack/react-query';
import { useNavigate, useRouterState } from '@tanstack/react-router';
import type { Project } from '@taylordash/core/entities';
import { type FormEvent, useState } from 'react';
import { keys } from '../api.ts';
import { useApp } from '../app-context.tsx';
import { strings } from '../strings.ts';
import { Button } from '../ui/button.tsx';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { Dialog, DialogActions } from '../ui/dialog.tsx';
import { ErrorNotice, sayError } from '../ui/error-notice.tsx';
import { TextArea, TextField } from '../ui/text-field.tsx';
import { useToast } from '../ui/toast.tsx';

interface CloseProps {
  onClose: () => void;
}

export function CreateProjectDialog({ onClose }: CloseProps) {
  const { api, cache } = useApp();
  const navigate = useNavigate();
  const [name, setName] = useState('');
  const [description, setDescription] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [missing, setMissing] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() === '') {
      setMissing(true);
      return;
    }
    setBusy(true);
    setError(null);
    try {
      const body = {
        name: name.trim(),
        status: 'active' as const,
        ...(description.trim() === '' ? {} : { description }),
      };
      const { data } = await api.call('createProject', { body });
      void cache.invalidateQueries({ queryKey: keys.projects });
      await navigate({ to: '/projects/$id', params: { id: data.id } });
    } catch (problem) {
      setBusy(false);
      setError(problem);
    }
  };
  return (
    <Dialog open onOpenChange={onClose} title={strings.projects.create_title}>
      <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-4" noValidate>
        <TextField
          label={strings.projects.name}
          value={name}
          maxLength={255}
          autoFocus
          onChange={(event) => {
            setName(event.target.value);
            setMissing(false);
          }}
          error={missing ? strings.projects.name_missing : undefined}
        />
        <TextArea
          label={strings.projects.description}
          hint={strings.projects.description_hint}
          rows={3}
          maxLength={10_000}
          value={description}
          onChange={(event) => setDescription(event.target.value)}
        />
        {error !== null && <ErrorNotice error={error} />}
        <DialogActions>
          <Button onClick={onClose}>{strings.cancel}</Button>
          <Button kind="primary" type="submit" busy={busy}>
            {strings.projects.create}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

export function RenameProjectDialog({ project, onClose }: CloseProps & { project: Project }) {
  const { changes } = useApp();
  const toast = useToast();
  const [name, setName] = useState(project.name);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() === '') return;
    if (name.trim() !== project.name) {
      changes.projects
        .change(project, { name: name.trim() })
        .catch((error: unknown) => toast({ tone: 'problem', text: strings.errors.not_saved(sayError(error)) }));
    }
    onClose();
  };
  return (
    <Dialog open onOpenChange={onClose} title={strings.projects.rename_title}>
      <form onSubmit={submit} className="flex flex-col gap-4" noValidate>
        <TextField
          label={strings.projects.name}
          value={name}
          maxLength={255}
          autoFocus
          onFocus={(event) => event.target.select()}
          onChange={(event) => setName(event.target.value)}
          error={name.trim() === '' ? strings.projects.name_missing : undefined}
        />
        <DialogActions>
          <Button onClick={onClose}>{strings.cancel}</Button>
          <Button kind="primary" type="submit">
            {strings.save}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

export function DeleteProjectDialog({ project, onClose }: CloseProps & { project: Project }) {
  const { api, changes } = useApp();
  const toast = useToast();
  const takes = useQuery({
    queryKey: ['deletion', project.id],
    queryFn: async () => (await api.call('projectDeletion', { params: { id: project.id } })).data,
    staleTime: 0,
  });
  const navigate = useNavigate();
  const onItsPage = useRouterState({ select: ({ location }) => location.pathname === `/projects/${project.id}` });
  const remove = () => {
    onClose();
    if (onItsPage) void navigate({ to: '/projects' });
    changes
      .deleteProject(project)
      .catch((error: unknown) => toast({ tone: 'problem', text: strings.errors.not_saved(sayError(error)) }));
  };
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      title={strings.projects.delete_title(project.name)}
      description={
        takes.data
          ? strings.projects.delete_text(takes.data.components, takes.data.tasks, takes.data.dependencies)
          : strings.projects.delete_counting
      }
      confirm={strings.projects.delete_confirm}
      onConfirm={remove}
      busy={takes.isPending}
    >
      {takes.isError && <ErrorNotice error={takes.error} retry={() => void takes.refetch()} />}
    </ConfirmDialog>
  );
}
