// Leaving: the session ends, and nothing of it stays in this page.
import { useNavigate } from '@tanstack/react-router';
import { useApp } from '../app-context.tsx';

export function useSignOut(): () => Promise<void> {
  const { api, cache, live, queue, history, sign_out_questions } = useApp();
  const navigate = useNavigate();
  return async () => {
    const unsent = queue.state().waiting.length;
    if (unsent > 0 && !(await sign_out_questions.ask(unsent))) return;
    queue.discardAll();
    await api.call('logout', {}).catch(() => {});
    live.stop();
    history.clear();
    cache.clear();
    await navigate({ to: '/login' });
  };
}
