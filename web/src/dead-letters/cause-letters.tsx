// The letters of one cause, to open and to tick: read on as one scrolls, under a head with what can be done.
import { useInfiniteQuery } from '@tanstack/react-query';
import { ChevronLeft } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { deadLettersQuery } from '../api.ts';
import { useApp } from '../app-context.tsx';
import { strings } from '../strings.ts';
import { Button } from '../ui/button.tsx';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { SkeletonRows } from '../ui/skeleton.tsx';
import { useReachEnd } from '../ui/use-reach-end.ts';
import { LetterList } from './letter-list.tsx';

type Wanted = Parameters<typeof deadLettersQuery>[1];

/** `every`: milliseconds after which they are read again; false where nothing comes in. */
export function useCauseLetters(wanted: Wanted, every: number | false) {
  const { api } = useApp();
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const list = useInfiniteQuery({ ...deadLettersQuery(api, wanted), refetchInterval: every });
  const letters = list.data?.pages.flatMap((page) => page.items) ?? [];
  return {
    list,
    letters,
    ticked,
    /** Those that are ticked and there. */
    picked: letters.filter((letter) => ticked.has(letter.id)),
    tick(id: string, on: boolean) {
      const next = new Set(ticked);
      if (on) next.add(id);
      else next.delete(id);
      setTicked(next);
    },
    untickAll: () => setTicked(new Set()),
  };
}

export function CauseHead({
  cause,
  onBack,
  children,
}: {
  cause: string | undefined;
  onBack: () => void;
  children: ReactNode;
}) {
  return (
    <div className="flex flex-wrap items-center gap-2">
      <Button kind="plain" className="lg:hidden" onClick={onBack}>
        <ChevronLeft size={16} aria-hidden />
        {strings.dead_letters.back}
      </Button>
      <h2 className="min-w-0 flex-1 basis-full break-words font-semibold">{cause ?? strings.dead_letters.letters}</h2>
      {children}
    </div>
  );
}

interface Props {
  of: ReturnType<typeof useCauseLetters>;
  open: string | undefined;
  onOpen: (id: string) => void;
}

export function CauseLetters({ of: { list, letters, ticked, tick }, open, onOpen }: Props) {
  const end = useReachEnd(() => {
    if (list.hasNextPage && !list.isFetchingNextPage) void list.fetchNextPage();
  });
  return (
    <>
      {list.isPending && <SkeletonRows rows={6} height="h-16" />}
      {list.isError && letters.length === 0 && <ErrorNotice error={list.error} retry={() => void list.refetch()} />}
      {letters.length > 0 && <LetterList letters={letters} open={open} ticked={ticked} onOpen={onOpen} onTick={tick} />}
      {list.hasNextPage && <div ref={end} className="h-px" />}
    </>
  );
}
