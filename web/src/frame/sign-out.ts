// Leaving: the session ends, and nothing of it stays in this page.
import { useNavigate } from '@tanstack/react-router';
import { useApp } from '../app-context.tsx';

export function useSignOut(): () => Promise<void> {
  const { api, cache, live, history } = useApp();
  const navigate = useNavigate();
  return async () => {
    await api.call('logout', {}).catch(() => {});
    live.stop();
    history.clear();
    cache.clear();
    await navigate({ to: '/login' });
  };
}
