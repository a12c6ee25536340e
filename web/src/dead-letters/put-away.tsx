// Letters of one cause that were put away, by hand or after three replays that failed: looked at, and opened again.
import { useInfiniteQuery } from '@tanstack/react-query';
import { ChevronLeft } from 'lucide-react';
import { useState } from 'react';
import { deadLettersQuery } from '../api.ts';
import { useApp } from '../app-context.tsx';
import { strings } from '../strings.ts';
import { Button } from '../ui/button.tsx';
import { ErrorNotice, sayError } from '../ui/error-notice.tsx';
import { SkeletonRows } from '../ui/skeleton.tsx';
import { useToast } from '../ui/toast.tsx';
import { useReachEnd } from '../ui/use-reach-end.ts';
import { LetterList } from './letter-list.tsx';

interface Props {
  status: 'quarantined' | 'discarded';
  group: string;
  cause: string | undefined;
  open: string | undefined;
  go: (search: { group?: string; open?: string }) => void;
  refresh: () => Promise<void>;
}

/** What a request takes of ids at the most. */
const mostIds = 1000;

export function PutAway({ status, group, cause, open, go, refresh }: Props) {
  const { api } = useApp();
  const toast = useToast();
  const texts = strings.dead_letters;
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const list = useInfiniteQuery(deadLettersQuery(api, { status, group }));
  const end = useReachEnd(() => {
    if (list.hasNextPage && !list.isFetchingNextPage) void list.fetchNextPage();
  });
  const letters = list.data?.pages.flatMap((page) => page.items) ?? [];
  const picked = letters.filter((letter) => ticked.has(letter.id));

  async function restore(): Promise<void> {
    const ids = (picked.length > 0 ? picked : letters).slice(0, mostIds).map((letter) => letter.id);
    try {
      const { data } = await api.call('restoreDeadLetters', { body: { selection: { ids } } });
      toast({ text: texts.restored(data.restored + data.merged) });
      setTicked(new Set());
      await refresh();
      if (ids.length === letters.length && !list.hasNextPage) go({});
    } catch (error) {
      toast({ text: sayError(error), tone: 'problem' });
    }
  }

  return (
    <>
      <div className="flex flex-wrap items-center gap-2">
        <Button kind="plain" className="lg:hidden" onClick={() => go({})}>
          <ChevronLeft size={16} aria-hidden />
          {texts.back}
        </Button>
        <h2 className="min-w-0 flex-1 basis-full break-words font-semibold">{cause ?? texts.letters}</h2>
        <Button kind="primary" disabled={letters.length === 0} onClick={() => void restore()}>
          {picked.length > 0 ? texts.restore_some : texts.restore}
        </Button>
        <p className="text-13 text-text-2">{texts.put_away[status]}</p>
      </div>
      {list.isPending && <SkeletonRows rows={6} height="h-16" />}
      {list.isError && letters.length === 0 && <ErrorNotice error={list.error} retry={() => void list.refetch()} />}
      {letters.length > 0 && (
        <LetterList
          letters={letters}
          open={open}
          ticked={ticked}
          onOpen={(letter) => go({ group, open: letter })}
          onTick={(letter, on) => {
            const next = new Set(ticked);
            if (on) next.add(letter);
            else next.delete(letter);
            setTicked(next);
          }}
        />
      )}
      {list.hasNextPage && <div ref={end} className="h-px" />}
    </>
  );
}
