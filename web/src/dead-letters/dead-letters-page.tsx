// The dead letters workbench: causes, the letters of one, one letter in detail.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { LetterGroup } from '@taylordash/core/dead-letter-entities';
import { Inbox } from 'lucide-react';
import { keys } from '../api.ts';
import { useApp, useMe } from '../app-context.tsx';
import { DeadLetterDetail } from '../pages/dead-letter-detail.tsx';
import { PageHeader } from '../pages/page-header.tsx';
import { SignalTabs } from '../pages/signals-frame.tsx';
import type { TimeSearch, Times } from '../signals/signals-search.ts';
import { TimePicker } from '../signals/time-picker.tsx';
import { useTimes } from '../signals/use-time.ts';
import { strings } from '../strings.ts';
import { Button } from '../ui/button.tsx';
import { cx } from '../ui/cx.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { Segments } from '../ui/segments.tsx';
import { SkeletonRows } from '../ui/skeleton.tsx';
import { Causes } from './causes.tsx';
import { OpenCause } from './open-cause.tsx';
import { PutAway } from './put-away.tsx';
import { groupsQuery, shownStatuses } from './queries.ts';
import { useLetterWork } from './use-letter-work.ts';

export function DeadLettersPage() {
  const me = useMe();
  return (
    <div className="mx-auto flex w-full max-w-[1440px] flex-col gap-4 p-4 md:p-6">
      <PageHeader title={strings.signals.dead_letters} text={strings.dead_letters.text} />
      <SignalTabs />
      {me?.role === 'admin' ? <Workbench /> : <EmptyState text={strings.dead_letters.only_admins} />}
    </div>
  );
}

function Workbench() {
  const { api } = useApp();
  const cache = useQueryClient();
  const { status = 'open', group, open, ...time } = useSearch({ from: '/signed-in/signals/dead-letters' });
  const times = useTimes(time);
  const navigate = useNavigate();
  const groups = useQuery(groupsQuery(api, status));
  const go = (search: { group?: string; open?: string }) =>
    void navigate({ to: '/signals/dead-letters', search: { ...time, status, ...search }, replace: true });
  const at = (next: TimeSearch) =>
    void navigate({ to: '/signals/dead-letters', search: { ...next, status }, replace: true });
  const statuses = (
    <Segments
      label={strings.dead_letters.statuses}
      value={status}
      options={shownStatuses.map((value) => ({ value, label: strings.dead_letters.status[value] }))}
      onValue={(next) =>
        void navigate({ to: '/signals/dead-letters', search: { ...time, status: next }, replace: true })
      }
    />
  );
  const refresh = () => cache.invalidateQueries({ queryKey: keys.dead_letters });
  const { attempt } = useLetterWork(refresh);
  if (groups.isPending) return <SkeletonRows rows={6} height="h-16" />;
  if (groups.isError && !groups.data) return <ErrorNotice error={groups.error} retry={() => void groups.refetch()} />;
  const { items, stored_last_day } = groups.data;
  const chosen = items.find((one) => one.id === group);
  if (items.length === 0 && group === undefined && open === undefined) {
    return (
      <>
        <div className="flex flex-wrap">{statuses}</div>
        {status === 'open' ? (
          <EmptyState icon={<Inbox size={32} aria-hidden />} text={strings.dead_letters.none(stored_last_day ?? 0)}>
            <Button onClick={() => void attempt(() => api.call('sendBadExample', {}))}>
              {strings.dead_letters.send_example}
            </Button>
          </EmptyState>
        ) : (
          <EmptyState icon={<Inbox size={32} aria-hidden />} text={strings.dead_letters.none_of[status]} />
        )}
      </>
    );
  }
  const shown = items.filter((one) => isWithin(one, times));
  const others = items.length - shown.length;
  return (
    <>
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
          {statuses}
          <TimePicker time={time} onTime={at} />
        </div>
        {others > 0 && (
          <p className="flex items-center gap-1 text-13 text-text-2">
            {strings.dead_letters.other_times(others)}
            <Button kind="plain" onClick={() => at({ time: 'all' })}>
              {strings.dead_letters.show_all}
            </Button>
          </p>
        )}
      </div>
      <div className="flex flex-col items-start gap-4 lg:flex-row">
        <div
          className={cx(
            'w-full lg:sticky lg:top-6 lg:max-h-[calc(100dvh-3rem)] lg:w-[240px] lg:shrink-0 lg:overflow-y-auto xl:w-[320px]',
            group !== undefined && 'hidden lg:block',
          )}
        >
          {shown.length === 0 && <p className="py-4 text-text-2">{strings.dead_letters.none_in_time}</p>}
          {shown.length > 0 && <Causes groups={shown} chosen={group} onChoose={(id) => go({ group: id })} />}
        </div>
        <div className={cx('w-full min-w-0 flex-1 flex-col gap-4', group === undefined ? 'hidden lg:flex' : 'flex')}>
          {group === undefined ? (
            <EmptyState text={strings.dead_letters.choose_cause} />
          ) : status === 'open' ? (
            <OpenCause key={group} id={group} known={chosen} open={open} go={go} refresh={refresh} />
          ) : (
            <PutAway key={`${status} ${group}`} {...{ status, group, open, go, refresh }} cause={chosen?.cause} />
          )}
        </div>
        {open !== undefined && (
          <DeadLetterDetail
            key={open}
            id={open}
            known={undefined}
            onClose={() => go(group === undefined ? {} : { group })}
          />
        )}
      </div>
    </>
  );
}

/** Did it fail in this time? Between its first and its last failure there may be more. */
function isWithin({ first_failed_at, last_failed_at }: LetterGroup, { from, to }: Times): boolean {
  return (
    (from === undefined || Date.parse(last_failed_at) >= Date.parse(from)) &&
    (to === undefined || Date.parse(first_failed_at) < Date.parse(to))
  );
}
