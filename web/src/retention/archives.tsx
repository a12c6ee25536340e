// The archives of what was dropped: checked, brought back, let go again.
import { useMutation, useQuery } from '@tanstack/react-query';
import { sayBytes } from '@taylordash/core/bytes';
import { ArchiveRestore, ArchiveX, ShieldCheck } from 'lucide-react';
import { useState } from 'react';
import { useApp } from '../app-context.tsx';
import { retentionStrings as words } from '../strings/retention.ts';
import { useDates } from '../ui/dates.ts';
import { ErrorNotice, sayError } from '../ui/error-notice.tsx';
import { FormDialog, useSend } from '../ui/form-dialog.tsx';
import { MenuItem, MoreMenu } from '../ui/menu.tsx';
import { RelativeTime } from '../ui/relative-time.tsx';
import { SkeletonRows } from '../ui/skeleton.tsx';
import { useToast } from '../ui/toast.tsx';
import { type Archive, archivesQuery, retentionKeys } from './queries.ts';
import { rangeOf } from './sums.ts';

export function Archives() {
  const { api } = useApp();
  const list = useQuery(archivesQuery(api));
  return (
    <section aria-labelledby="archives" className="flex flex-col gap-2">
      <h2 id="archives" className="font-semibold">
        {words.archives}
      </h2>
      {list.isPending && <SkeletonRows rows={1} height="h-14" />}
      {list.isError && list.data === undefined && <ErrorNotice error={list.error} retry={() => void list.refetch()} />}
      {list.data?.length === 0 && (
        <p className="rounded-node border border-line border-dashed px-4 py-6 text-center text-text-2">
          {words.archives_none}
        </p>
      )}
      {list.data !== undefined && list.data.length > 0 && (
        <ul
          aria-labelledby="archives"
          className="overflow-hidden rounded-node border border-line bg-surface-1 shadow-1"
        >
          {list.data.map((archive) => (
            <Row key={archive.name} archive={archive} />
          ))}
        </ul>
      )}
    </section>
  );
}

/** Where its events are. */
function placeOf({ fault, present, pinned }: Archive): string {
  if (fault !== null) return words.damaged;
  if (pinned) return words.pinned;
  return present ? words.here_too : words.only_here;
}

function Row({ archive }: { archive: Archive }) {
  const { api } = useApp();
  const dates = useDates();
  const toast = useToast();
  const [dialog, setDialog] = useState<'restore' | 'release' | null>(null);
  const check = useMutation({
    mutationFn: async () => (await api.call('verifyArchive', { params: { name: archive.name } })).data.fault,
    onError: (error) => toast({ tone: 'problem', text: sayError(error) }),
  });
  const { name, events, bytes, oldest_at, newest_at, written_at, present, pinned } = archive;
  const fault = check.data ?? archive.fault;
  // What its manifest does not tell, its name does.
  const title = archive.fault === null ? words.archive_name(rangeOf(archive)) : name;
  return (
    <li className="flex min-h-16 items-center gap-x-4 border-line border-b px-4 py-2 last:border-b-0">
      <div className="min-w-0 flex-1">
        <p className="tabular-nums">{title}</p>
        <p className="flex flex-wrap gap-x-3 text-13 text-text-3">
          {archive.fault === null && (
            <>
              <span className="tabular-nums">{words.events(events)}</span>
              <span className="tabular-nums">{sayBytes(bytes)}</span>
              {oldest_at !== null && newest_at !== null && (
                <span>{words.from_to(dates.date(oldest_at), dates.date(newest_at))}</span>
              )}
              <span>
                {words.written} <RelativeTime at={written_at} />
              </span>
            </>
          )}
        </p>
        <p role="status" className="text-13">
          {check.isPending && <span className="text-text-2">{words.checking}</span>}
          {check.isSuccess && check.data === null && <span className="text-completed">{words.whole}</span>}
          {!check.isPending && fault !== null && <span className="text-blocked">{fault}</span>}
        </p>
      </div>
      <span className="w-40 text-right text-13 text-text-2">{placeOf({ ...archive, fault })}</span>
      <MoreMenu label={words.actions(title)}>
        <MenuItem icon={<ShieldCheck size={16} aria-hidden />} onSelect={() => check.mutate()}>
          {words.check}
        </MenuItem>
        {!present && archive.fault === null && (
          <MenuItem icon={<ArchiveRestore size={16} aria-hidden />} onSelect={() => setDialog('restore')}>
            {words.restore}
          </MenuItem>
        )}
        {pinned && (
          <MenuItem icon={<ArchiveX size={16} aria-hidden />} onSelect={() => setDialog('release')}>
            {words.release}
          </MenuItem>
        )}
      </MoreMenu>
      {dialog === 'restore' && <RestoreDialog archive={archive} onClose={() => setDialog(null)} />}
      {dialog === 'release' && <ReleaseDialog archive={archive} onClose={() => setDialog(null)} />}
    </li>
  );
}

interface DialogProps {
  archive: Archive;
  onClose: () => void;
}

function RestoreDialog({ archive, onClose }: DialogProps) {
  const { api } = useApp();
  const { busy, error, send } = useSend(onClose, retentionKeys.archives, retentionKeys.state);
  const { name, events } = archive;
  return (
    <FormDialog
      title={words.restore_title(rangeOf(archive))}
      description={words.restore_text(events)}
      submit={words.restore}
      busy={busy}
      error={error}
      onClose={onClose}
      onSubmit={() => void send(() => api.call('restoreArchive', { params: { name } }), words.restored(events))}
    />
  );
}

function ReleaseDialog({ archive, onClose }: DialogProps) {
  const { api } = useApp();
  const { busy, error, send } = useSend(onClose, retentionKeys.archives, retentionKeys.state);
  return (
    <FormDialog
      title={words.release_title(rangeOf(archive))}
      description={words.release_text}
      submit={words.release}
      busy={busy}
      error={error}
      onClose={onClose}
      onSubmit={() => void send(() => api.call('releaseArchive', { params: { name: archive.name } }), words.released)}
    />
  );
}
