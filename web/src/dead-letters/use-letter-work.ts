// What is done to dead letters outside of a form: what failed is said in a notice, to be tried again; then the page is read again.
import { useApp } from '../app-context.tsx';
import { strings } from '../strings.ts';
import { sayError } from '../ui/error-notice.tsx';
import { useToast } from '../ui/toast.tsx';

export function useLetterWork(refresh: () => Promise<void>) {
  const { api } = useApp();
  const toast = useToast();

  async function attempt(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
      await refresh();
    } catch (error) {
      const again = { label: strings.retry, run: () => void attempt(work) };
      toast({ text: sayError(error), tone: 'problem', action: again });
    }
  }

  return {
    attempt,
    /** Opens letters again that were put away. */
    restore: (ids: string[], done: () => void = () => undefined) =>
      attempt(async () => {
        const { data } = await api.call('restoreDeadLetters', { body: { selection: { ids } } });
        toast({ text: strings.dead_letters.restored(data.restored + data.merged) });
        done();
      }),
  };
}
