// Where one is signed in, and how to end what one does not know.
import { useQuery } from '@tanstack/react-query';
import { Laptop, Smartphone, SquareTerminal } from 'lucide-react';
import { useState } from 'react';
import { useApp } from '../app-context.tsx';
import { strings } from '../strings.ts';
import { Button } from '../ui/button.tsx';
import { useDates } from '../ui/dates.ts';
import { ErrorNotice, sayError } from '../ui/error-notice.tsx';
import { RelativeTime } from '../ui/relative-time.tsx';
import { SkeletonRows } from '../ui/skeleton.tsx';
import { useToast } from '../ui/toast.tsx';
import { sayAgent } from './agent.ts';

const words = strings.profile;
const key = ['sessions'];

export function Sessions() {
  const { api, cache } = useApp();
  const dates = useDates();
  const toast = useToast();
  const [ending, setEnding] = useState<ReadonlySet<string>>(new Set());
  const sessions = useQuery({
    queryKey: key,
    queryFn: async ({ signal }) => (await api.call('listSessions', { signal })).data.items,
    staleTime: 0,
  });
  const list = (sessions.data ?? []).toSorted(
    (a, b) => Number(b.current) - Number(a.current) || b.last_activity.localeCompare(a.last_activity),
  );
  const others = list.filter((session) => !session.current);
  const end = async (ids: readonly string[], said: string) => {
    setEnding(new Set(ids));
    try {
      for (const id of ids) await api.call('endSession', { params: { id } });
      toast({ text: said });
    } catch (error) {
      toast({ tone: 'problem', text: strings.errors.not_saved(sayError(error)) });
    }
    await cache.invalidateQueries({ queryKey: key });
    setEnding(new Set());
  };
  if (sessions.isPending) return <SkeletonRows rows={2} height="h-14" />;
  if (sessions.isError) return <ErrorNotice error={sessions.error} retry={() => void sessions.refetch()} />;
  return (
    <div className="flex flex-col gap-3">
      <ul aria-label={words.sessions} className="overflow-hidden rounded-node border border-line bg-surface-1 shadow-1">
        {list.map((session) => {
          const name = sayAgent(session.user_agent) ?? words.session_unknown;
          const Icon = /iPhone|Android/.test(name) ? Smartphone : / on /.test(name) ? Laptop : SquareTerminal;
          return (
            <li
              key={session.id}
              className="flex min-h-14 items-center gap-3 border-line border-b px-4 py-2 last:border-b-0"
            >
              <Icon size={20} aria-hidden className="shrink-0 text-text-3" />
              <div className="min-w-0 flex-1">
                <p className="flex flex-wrap items-center gap-2">
                  {name}
                  {session.current && (
                    <span className="tint-completed rounded-chip px-1.5 text-12 font-medium">{words.this_session}</span>
                  )}
                </p>
                <p className="text-13 text-text-3">
                  {words.session_active} <RelativeTime at={session.last_activity} /> ·{' '}
                  {words.session_since(dates.date(session.created_at))}
                  {session.ip_address !== null && ` · ${words.session_from(session.ip_address)}`}
                </p>
              </div>
              {!session.current && (
                <Button
                  busy={ending.has(session.id)}
                  aria-label={words.session_end_of(name)}
                  onClick={() => void end([session.id], words.session_ended(name))}
                >
                  {words.session_end}
                </Button>
              )}
            </li>
          );
        })}
      </ul>
      {others.length > 1 && (
        <div>
          <Button
            kind="danger"
            busy={ending.size > 0}
            onClick={() =>
              void end(
                others.map(({ id }) => id),
                words.sessions_ended,
              )
            }
          >
            {words.sessions_end_others}
          </Button>
        </div>
      )}
    </div>
  );
}
