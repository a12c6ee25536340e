// Who can have acted: people and devices, and their names by id.
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { peopleQuery } from '../api.ts';
import { useApp } from '../app-context.tsx';
import { devicesQuery } from '../devices/queries.ts';

export function useActors(): ReadonlyMap<string, string> {
  const { api } = useApp();
  const people = useQuery(peopleQuery(api)).data;
  const devices = useQuery({ ...devicesQuery(api), refetchInterval: false, staleTime: 60_000 }).data;
  return useMemo(() => {
    const names = new Map<string, string>();
    for (const { id, username } of people ?? []) names.set(id, username);
    for (const { id, name } of devices ?? []) names.set(id, name);
    return names;
  }, [people, devices]);
}
