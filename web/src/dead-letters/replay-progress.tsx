// How far a replay is, live; stopped and resumed from here.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { keys } from '../api.ts';
import { useApp } from '../app-context.tsx';
import { strings } from '../strings.ts';
import { Button } from '../ui/button.tsx';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { ProgressLine } from '../ui/progress-line.tsx';
import { replayQuery } from './queries.ts';

export function ReplayProgress({ id }: { id: string }) {
  const { api } = useApp();
  const cache = useQueryClient();
  const read = useQuery(replayQuery(api, id));
  const replay = read.data;
  const status = replay?.status;
  useEffect(() => {
    if (status !== undefined && status !== 'running') void cache.invalidateQueries({ queryKey: keys.dead_letters });
  }, [cache, status]);
  if (read.isError) return <ErrorNotice error={read.error} retry={() => void read.refetch()} />;
  if (!replay) return null;
  const texts = strings.dead_letters;
  const { stored, redone, duplicates, failed } = replay.counts;
  const done = stored + redone + duplicates + failed;
  const turn = async (to: 'stopReplay' | 'resumeReplay') => {
    await api.call(to, { params: { id } });
    await read.refetch();
  };
  const why = replay.stop_reason === 'failures' ? texts.stopped_failures : texts.stopped_by_hand;
  return (
    <div className="flex flex-col gap-2">
      <ProgressLine
        label={texts.progress_label}
        value={done}
        max={replay.total}
        said={texts.progress(done, replay.total)}
      >
        {status === 'running' && <Button onClick={() => void turn('stopReplay')}>{texts.stop}</Button>}
        {status === 'stopped' && <Button onClick={() => void turn('resumeReplay')}>{texts.resume}</Button>}
      </ProgressLine>
      <p role="status" className="text-13 text-text-2">
        {status === 'finished' && texts.finished(stored + redone, duplicates, failed)}
        {status === 'stopped' && texts.stopped(why)}
      </p>
    </div>
  );
}
