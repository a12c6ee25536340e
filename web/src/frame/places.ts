// The places that rail, bar and palette lead to, and what waits for a hand in each.

import { useQuery } from '@tanstack/react-query';
import { useRouterState } from '@tanstack/react-router';
import { isOverdue } from '@taylordash/core/due';
import { Activity, CircleCheckBig, LayoutGrid, type LucideIcon, Router, Users } from 'lucide-react';
import { myWorkQuery } from '../api.ts';
import { useApp, useMe } from '../app-context.tsx';
import { strings } from '../strings.ts';

export interface Place {
  to: '/projects' | '/my-work' | '/devices' | '/signals/events' | '/admin/users';
  /** The part of the address that all pages of this place share. */
  under: string;
  label: string;
  icon: LucideIcon;
  admin?: true;
}

const places: readonly Place[] = [
  { to: '/projects', under: '/projects', label: strings.nav.projects, icon: LayoutGrid },
  { to: '/my-work', under: '/my-work', label: strings.nav.my_work, icon: CircleCheckBig },
  { to: '/devices', under: '/devices', label: strings.nav.devices, icon: Router },
  { to: '/signals/events', under: '/signals', label: strings.nav.signals, icon: Activity },
  { to: '/admin/users', under: '/admin', label: strings.nav.administration, icon: Users, admin: true },
];

/** A place as it is now. */
export interface ShownPlace extends Place {
  current: boolean;
  /** How much waits there; a number where it is known, true where only that there is something. */
  waiting: number | boolean;
}

export function usePlaces(): readonly ShownPlace[] {
  const me = useMe();
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const mine = useMyWaiting();
  const dead = useDeadLetters(me?.role === 'admin');
  return places
    .filter((place) => place.admin !== true || me?.role === 'admin')
    .map((place) => ({
      ...place,
      current: path === place.under || path.startsWith(`${place.under}/`),
      waiting: place.to === '/my-work' ? mine : place.to === '/signals/events' && dead,
    }));
}

/** What is in the inbox, and what is overdue: what is done today needs no badge. */
function useMyWaiting(): number {
  const { api } = useApp();
  const work = useQuery({ ...myWorkQuery(api), refetchOnWindowFocus: true }).data;
  if (!work) return 0;
  const inbox = new Set(work.inbox.map(({ id }) => id));
  const present = { now: new Date().toISOString(), today: work.today };
  const late = work.tasks.filter((task) => isOverdue(task, present) && !inbox.has(task.id));
  return inbox.size + late.length;
}

const deadEveryMs = 60_000;

function useDeadLetters(admin: boolean): boolean {
  const { api } = useApp();
  const found = useQuery({
    queryKey: ['dead_letters', 'any'],
    queryFn: async ({ signal }) =>
      (await api.call('deadLetterGroups', { query: {}, signal })).data.items.some((group) => !group.muted),
    enabled: admin,
    refetchInterval: deadEveryMs,
    staleTime: deadEveryMs / 2,
  });
  return found.data === true;
}
