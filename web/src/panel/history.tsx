// What was changed in one component or task, read when it is opened.
import { ChevronDown, ChevronRight } from 'lucide-react';
import { useState } from 'react';
import { activityStrings } from '../strings/activity.ts';
import { strings } from '../strings.ts';
import { Button } from '../ui/button.tsx';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { SkeletonRows } from '../ui/skeleton.tsx';
import { Entry } from '../views/activity/entry.tsx';
import { useActivity, useReader } from '../views/activity/use-activity.ts';

interface Props {
  project_id: string;
  entity_id: string;
  writes: boolean;
}

export function EntityHistory(props: Props) {
  const [open, setOpen] = useState(false);
  return (
    <section className="flex flex-col gap-1">
      <h2>
        <button
          type="button"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
          className="press target flex w-full items-center gap-1 rounded-control text-13 font-medium text-text-3 hover:text-text"
        >
          {open ? <ChevronDown size={16} aria-hidden /> : <ChevronRight size={16} aria-hidden />}
          {activityStrings.history}
        </button>
      </h2>
      {open && <Entries {...props} />}
    </section>
  );
}

function Entries({ project_id, entity_id, writes }: Props) {
  const { pages, entries } = useActivity(project_id, { entity_id });
  const reader = useReader(project_id);
  if (pages.isPending) return <SkeletonRows rows={3} height="h-12" />;
  if (pages.isError) return <ErrorNotice error={pages.error} retry={() => void pages.refetch()} />;
  if (entries.length === 0) return <p className="text-13 text-text-3">{activityStrings.none_of}</p>;
  return (
    <>
      <ul className="text-13">
        {entries.map((entry) => (
          <Entry key={entry.change_id} entry={entry} reader={reader} writes={writes} small />
        ))}
      </ul>
      {pages.hasNextPage && (
        <Button onClick={() => void pages.fetchNextPage()} busy={pages.isFetchingNextPage}>
          {strings.load_more}
        </Button>
      )}
    </>
  );
}
