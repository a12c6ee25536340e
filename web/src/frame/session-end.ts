// When the session ends while a page is open, signing in comes next and leads back here.

import { useQuery } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { ApiProblem } from '@taylordash/sdk/client';
import { useEffect } from 'react';
import { meQuery } from '../api.ts';
import { useApp } from '../app-context.tsx';

/** What one may do oneself is not in a viewer's stream: it is asked for, so that buttons follow a changed grant. */
const askEveryMs = 10_000;

export function useSessionEnd(): void {
  const { api, cache } = useApp();
  const router = useRouter();
  useQuery({ ...meQuery(api), refetchInterval: askEveryMs, refetchOnWindowFocus: 'always' });
  useEffect(() => {
    let gone = false;
    const check = (error: unknown) => {
      if (gone || !(error instanceof ApiProblem) || error.body.code !== 'auth.required') return;
      gone = true;
      const next = router.state.location.href;
      cache.clear();
      void router.navigate({ to: '/login', search: { next }, replace: true });
    };
    const queries = cache.getQueryCache().subscribe((event) => {
      if (event.type === 'updated' && event.action.type === 'error') check(event.action.error);
    });
    const rejected = (event: PromiseRejectionEvent) => check(event.reason);
    window.addEventListener('unhandledrejection', rejected);
    return () => {
      queries();
      window.removeEventListener('unhandledrejection', rejected);
    };
  }, [cache, router]);
}
