// What the palette finds on the server, and the way to it.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { endpoints } from '@taylordash/core/endpoints/all';
import type { ReplyOf } from '@taylordash/core/endpoints/endpoint';
import { useEffect, useState } from 'react';
import { useApp } from '../app-context.tsx';

export type Found = ReplyOf<(typeof endpoints)['search']>['items'][number];
type Target = Pick<Found, 'type' | 'id' | 'project_id' | 'component_id'>;

/** Long enough for the next letter, short enough to feel at once. */
const restMs = 120;
const freshMs = 10_000;

export function useFound(text: string) {
  const { api } = useApp();
  const [asked, setAsked] = useState('');
  useEffect(() => {
    const wanted = text.trim();
    // The first letter is asked about at once: there is nothing on show that could jump.
    const timer = setTimeout(() => setAsked(wanted), wanted.length <= 1 ? 0 : restMs);
    return () => clearTimeout(timer);
  }, [text]);
  const found = useQuery({
    queryKey: ['search', asked],
    queryFn: async ({ signal }) => (await api.call('search', { query: { q: asked, limit: 20 }, signal })).data.items,
    enabled: asked !== '',
    placeholderData: keepPreviousData,
    staleTime: freshMs,
    retry: false,
  });
  return {
    items: text.trim() === '' ? [] : (found.data ?? []),
    failed: found.isError,
    /** Nothing that is on show answers what was typed last. */
    waiting: text.trim() !== '' && (asked !== text.trim() || found.isPlaceholderData || found.isPending),
  };
}

/** The event that a typed number names; null where there is none. */
export function useEventNumber(text: string): string | null {
  const { api } = useApp();
  const id = /^#?(\d{1,18})$/.exec(text.trim())?.[1] ?? '';
  const found = useQuery({
    queryKey: ['event', id],
    queryFn: async ({ signal }) => (await api.call('getEvent', { params: { id }, signal })).data,
    enabled: id !== '',
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  return found.data ? id : null;
}

/** Opens what was found where it lives. */
export function useOpenFound(): (target: Target) => Promise<void> {
  const { api } = useApp();
  const navigate = useNavigate();
  return async ({ type, id, project_id, component_id }) => {
    if (type === 'project') return navigate({ to: '/projects/$id', params: { id } });
    if (type === 'component' && project_id !== null)
      return navigate({ to: '/projects/$id', params: { id: project_id }, search: { component: id } });
    if (type === 'task' && project_id !== null)
      return navigate({
        ...{ to: '/projects/$id', params: { id: project_id } },
        search: { ...(component_id === null ? {} : { component: component_id }), task: id },
      });
    if (type === 'task') return navigate({ to: '/my-work', search: { task: id } });
    if (type === 'person') return navigate({ to: '/signals/events', search: { filter: `actor:${id}`, time: 'all' } });
    // One id may be a change's or a trace's: events know which.
    const changed = await api.call('listEvents', { query: { change_id: id, limit: 1 } });
    if (changed.data.items.length > 0)
      return navigate({ to: '/signals/events', search: { filter: `change:${id}`, time: 'all' } });
    return navigate({ to: '/signals/traces/$trace_id', params: { trace_id: id } });
  };
}
