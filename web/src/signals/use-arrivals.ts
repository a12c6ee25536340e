// Events that arrived since the list was read: shown at once at the top of the page, held back while one reads further down.
import { type EventNames, parseEventFilter, resolveEventFilter } from '@taylordash/core/event-filter';
import { eventMatcher } from '@taylordash/core/event-matcher';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { StoredEvent } from '../api.ts';
import { useApp } from '../app-context.tsx';

const most = 1000;

interface Options {
  filter: string;
  /** Of the names in it; what arrives before they are known waits for them. */
  names: EventNames | undefined;
  time_zone: string;
  /** The time that is shown has an end: nothing is added to it. */
  closed: boolean;
  held: boolean;
}

export function useArrivals({ filter, names, time_zone, closed, held }: Options) {
  const { live } = useApp();
  const [arrived, setArrived] = useState<readonly StoredEvent[]>([]);
  const [waiting, setWaiting] = useState<readonly StoredEvent[]>([]);
  const fits = useMemo(() => {
    if (closed) return () => false;
    const present = { now: Date.now(), time_zone };
    const { terms } = parseEventFilter(filter);
    const { conditions, faults } = resolveEventFilter(terms, names ?? { actor: {}, project: {} }, present);
    return faults.length > 0 ? null : eventMatcher(conditions);
  }, [filter, names, time_zone, closed]);
  const latest = useRef(fits);
  latest.current = fits;
  /** What came while nobody knew yet whom the filter names. */
  const unread = useRef<StoredEvent[]>([]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another filter begins anew
  useEffect(() => {
    unread.current = [];
    setArrived([]);
    setWaiting([]);
  }, [filter, closed]);
  useEffect(() => {
    if (!fits || unread.current.length === 0) return;
    const read = unread.current.filter(fits).reverse();
    unread.current = [];
    setWaiting((old) => [...read, ...old].slice(0, most));
  }, [fits]);
  useEffect(
    () =>
      live.onEvent((event) => {
        if (latest.current === null) unread.current = [...unread.current, event].slice(-most);
        else if (latest.current(event)) setWaiting((old) => [event, ...old].slice(0, most));
      }),
    [live],
  );
  const show = () => {
    setArrived((old) => [...waiting, ...old].slice(0, most));
    setWaiting([]);
  };
  useEffect(() => {
    if (!held && waiting.length > 0) show();
  });
  return { arrived, waiting: waiting.length, show };
}
