// What every page is given: the client, the cache, the changes, the live connection and who is signed in.

import { type QueryClient, useQuery } from '@tanstack/react-query';
import { may, type Permission } from '@taylordash/core/permissions';
import type { Client } from '@taylordash/sdk/client';
import { createContext, useContext } from 'react';
import { meQuery, peopleQuery, type UserWithGrants } from './api.ts';
import type { Commands } from './frame/commands.ts';
import type { Live } from './live.ts';
import type { Changes, Work } from './work/changes.ts';
import type { Desk } from './work/desk.ts';
import type { Held } from './work/held.ts';
import type { History, UndoAnswer, UndoQuestion } from './work/history.ts';
import type { ConflictQuestion } from './work/send.ts';

export interface App {
  api: Client;
  cache: QueryClient;
  changes: Changes;
  /** Changes under way, and what waits for the connection. */
  queue: Work['queue'];
  /** Does again what was refused. */
  again: Work['again'];
  live: Live;
  /** What others change under one's pointer, focus or drag. */
  held: Held;
  /** What was done in this tab, to be taken back and done again. */
  history: History;
  conflicts: Desk<ConflictQuestion, ReadonlySet<string>>;
  undo_questions: Desk<UndoQuestion, UndoAnswer>;
  /** How many changes would be lost; answered by whether to go all the same. */
  sign_out_questions: Desk<number, boolean>;
  /** What can be done by key or from the palette now. */
  commands: Commands;
}

export const AppContext = createContext<App | null>(null);

export function useApp(): App {
  const app = useContext(AppContext);
  if (!app) throw new Error('There is no AppContext around this');
  return app;
}

export function useMe(): UserWithGrants | null {
  const { api } = useApp();
  return useQuery(meQuery(api)).data ?? null;
}

/** Asks `may` for who is signed in; see there for what project_id null and undefined mean. */
export function useMay(): (permission: Permission, project_id?: string | null) => boolean {
  const me = useMe();
  return (permission, project_id) => me !== null && may(me, permission, project_id);
}

/** Names by id, for showing who did something. */
export function usePeople(): (id: string | null) => string | null {
  const { api } = useApp();
  const people = useQuery(peopleQuery(api)).data;
  return (id) => (id === null ? null : (people?.find((person) => person.id === id)?.username ?? null));
}
