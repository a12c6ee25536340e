// The own profile as pages change it: shown at once, saved behind, put back where the server refuses.
import { MutationObserver, useMutation } from '@tanstack/react-query';
import type { endpoints } from '@taylordash/core/endpoints/all';
import type { BodyOf } from '@taylordash/core/endpoints/endpoint';
import { ApiProblem } from '@taylordash/sdk/client';
import { keys, type UserWithGrants } from '../api.ts';
import { type App, useApp, useMe } from '../app-context.tsx';
import { strings } from '../strings.ts';
import { sayError } from '../ui/error-notice.tsx';
import { useToast } from '../ui/toast.tsx';
import { applyPreferences, localPreferences, type Preferences, preferencesOf, readPreferences } from './preferences.ts';

type ProfilePatch = Omit<BodyOf<(typeof endpoints)['updateMe']>, 'metadata'>;

type Metadata = Record<string, unknown>;
interface Change {
  patch: ProfilePatch;
  /** What becomes of the metadata, whoever wrote into it meanwhile. */
  metadata: (old: Metadata) => Metadata;
}

const own = { mutationKey: keys.me, scope: { id: 'profile' } };

function show({ cache }: Pick<App, 'cache'>, { patch, metadata }: Change): void {
  // What is being read was there before this change.
  void cache.cancelQueries({ queryKey: keys.me });
  cache.setQueryData<UserWithGrants>(keys.me, (me) => me && { ...me, ...patch, metadata: metadata(me.metadata) });
}

/** Changes the own account as it is shown already. Changes go one after the other: each needs the version that the last one made. */
async function send({ api, cache }: Pick<App, 'api' | 'cache'>, { patch, metadata }: Change): Promise<void> {
  const call = ({ metadata: old, version }: UserWithGrants) =>
    api.call('updateMe', { body: { ...patch, metadata: metadata(old) }, if_match: version });
  const me = cache.getQueryData<UserWithGrants>(keys.me);
  if (!me) return;
  const { data } = await call(me).catch(async (error: unknown) => {
    if (!(error instanceof ApiProblem) || error.body.code !== 'request.precondition_failed') throw error;
    return call((await api.call('me', {})).data);
  });
  cache.setQueryData<UserWithGrants>(keys.me, (now) => {
    // What is changed next is shown already, and not yet in the answer.
    if (!now || cache.isMutating(own) <= 1) return data;
    const { time_zone, week_start, default_view } = now;
    return { ...data, time_zone, week_start, default_view, metadata: now.metadata };
  });
}

/** The zone of this browser, as the platform calls it. */
export function browserZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** Takes over the browser's zone for somebody who never chose one, and their preferences for this browser. */
export async function settleIn(app: Pick<App, 'api' | 'cache'>, me: UserWithGrants): Promise<void> {
  const preferences = preferencesOf(me);
  if (preferences) applyPreferences(preferences);
  if (me.time_zone !== 'UTC' || me.metadata.time_zone_chosen === true || browserZone() === 'UTC') return;
  const change: Change = {
    patch: { time_zone: browserZone() },
    metadata: (old) => ({ ...old, time_zone_chosen: true }),
  };
  show(app, change);
  await new MutationObserver(app.cache, { ...own, mutationFn: (one: Change) => send(app, one) }).mutate(change);
}

interface Profile {
  me: UserWithGrants | null;
  preferences: Preferences;
  prefer: (patch: Partial<Preferences>) => void;
  change: (patch: ProfilePatch) => void;
}

export function useProfile(): Profile {
  const { api, cache } = useApp();
  const me = useMe();
  const toast = useToast();
  const { mutateAsync } = useMutation({ ...own, mutationFn: (change: Change) => send({ api, cache }, change) });
  const save = async (change: Change): Promise<boolean> => {
    show({ cache }, change);
    try {
      await mutateAsync(change);
      return true;
    } catch (error) {
      toast({ tone: 'problem', text: strings.errors.not_saved(sayError(error)) });
      await cache.invalidateQueries({ queryKey: keys.me });
      return false;
    }
  };
  const preferences = (me && preferencesOf(me)) ?? localPreferences();
  return {
    me,
    preferences,
    prefer(patch) {
      applyPreferences({ ...preferences, ...patch });
      const kept = ({ preferences: old }: Metadata) => (old === undefined ? preferences : readPreferences(old));
      void save({ patch: {}, metadata: (old) => ({ ...old, preferences: { ...kept(old), ...patch } }) }).then(
        (saved) => {
          if (!saved) applyPreferences(preferences);
        },
      );
    },
    change(patch) {
      const chosen = patch.time_zone === undefined ? {} : { time_zone_chosen: true };
      void save({ patch, metadata: (old) => ({ ...old, ...chosen }) });
    },
  };
}
