// Everything that was changed in a project, newest first: by whom, what, and the way back.
import { useQuery } from '@tanstack/react-query';
import { History } from 'lucide-react';
import { type Graph, peopleQuery } from '../../api.ts';
import { useApp, useMay } from '../../app-context.tsx';
import { activityStrings as words } from '../../strings/activity.ts';
import { strings } from '../../strings.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { Select } from '../../ui/select.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { useReachEnd } from '../../ui/use-reach-end.ts';
import { Entry } from './entry.tsx';
import { useActivity, useReader } from './use-activity.ts';

interface Props {
  graph: Graph;
  /** Only what this person did. */
  by: string | undefined;
  onBy: (by: string | undefined) => void;
}

export function Activity({ graph, by, onBy }: Props) {
  const { api } = useApp();
  const { project } = graph;
  const may = useMay();
  const writes = may('write:projects', project.id) || may('write:tasks', project.id);
  const people = useQuery(peopleQuery(api)).data ?? [];
  const { pages, entries } = useActivity(project.id, by === undefined ? {} : { actor_id: by });
  const reader = useReader(project.id);
  const end = useReachEnd(() => {
    if (pages.hasNextPage && !pages.isFetchingNextPage) void pages.fetchNextPage();
  });
  const name = people.find(({ id }) => id === by)?.username;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keyboard
    <div className="min-w-0 flex-1 overflow-y-auto" tabIndex={0}>
      <div className="mx-auto flex w-full max-w-[820px] flex-col gap-3 p-4 md:p-6">
        <div className="w-52">
          <Select
            label={words.by}
            value={by ?? ''}
            options={[
              { value: '', label: words.everyone },
              ...people.map(({ id, username }) => ({ value: id, label: username })),
            ]}
            onValue={(value) => onBy(value === '' ? undefined : value)}
          />
        </div>
        {pages.isPending && <SkeletonRows rows={8} height="h-14" />}
        {pages.isError && <ErrorNotice error={pages.error} retry={() => void pages.refetch()} />}
        {pages.isSuccess && entries.length === 0 && (
          <EmptyState
            icon={<History size={32} aria-hidden />}
            text={name === undefined ? words.none : words.none_by(name)}
          />
        )}
        {entries.length > 0 && (
          <ul
            aria-label={words.label(project.name)}
            className="rounded-node border border-line bg-surface-1 [&>li:last-child]:border-b-0"
          >
            {entries.map((entry) => (
              <Entry key={entry.change_id} entry={entry} reader={reader} writes={writes} />
            ))}
          </ul>
        )}
        {pages.hasNextPage && (
          <div ref={end} className="flex justify-center p-4">
            <Button onClick={() => void pages.fetchNextPage()} busy={pages.isFetchingNextPage}>
              {strings.load_more}
            </Button>
          </div>
        )}
      </div>
    </div>
  );
}
