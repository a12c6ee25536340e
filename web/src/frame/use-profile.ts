// The own profile as pages change it: shown at once, saved behind, put back where the server refuses.
import type { endpoints } from '@taylordash/core/endpoints/all';
import type { BodyOf } from '@taylordash/core/endpoints/endpoint';
import { ApiProblem } from '@taylordash/sdk/client';
import { keys, type UserWithGrants } from '../api.ts';
import { type App, useApp, useMe } from '../app-context.tsx';
import { strings } from '../strings.ts';
import { sayError } from '../ui/error-notice.tsx';
import { useToast } from '../ui/toast.tsx';
import { applyPreferences, localPreferences, type Preferences, preferencesOf } from './preferences.ts';

type ProfilePatch = Omit<BodyOf<(typeof endpoints)['updateMe']>, 'metadata'>;

/** Changes the own account; what others wrote into the metadata meanwhile stays. */
async function save(
  { api, cache }: Pick<App, 'api' | 'cache'>,
  patch: ProfilePatch,
  metadata: (old: Record<string, unknown>) => Record<string, unknown>,
): Promise<void> {
  const send = (me: UserWithGrants) =>
    api.call('updateMe', { body: { ...patch, metadata: metadata(me.metadata) }, if_match: me.version });
  const me = cache.getQueryData<UserWithGrants>(keys.me);
  if (!me) return;
  cache.setQueryData<UserWithGrants>(keys.me, { ...me, ...patch, metadata: metadata(me.metadata) });
  try {
    const { data } = await send(me).catch(async (error: unknown) => {
      if (!(error instanceof ApiProblem) || error.body.code !== 'request.precondition_failed') throw error;
      return send((await api.call('me', {})).data);
    });
    cache.setQueryData(keys.me, data);
  } catch (error) {
    cache.setQueryData(keys.me, me);
    throw error;
  }
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
  await save(app, { time_zone: browserZone() }, (old) => ({ ...old, time_zone_chosen: true }));
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
  const fail = (error: unknown) => toast({ tone: 'problem', text: strings.errors.not_saved(sayError(error)) });
  const preferences = (me && preferencesOf(me)) ?? localPreferences();
  return {
    me,
    preferences,
    prefer(patch) {
      const next = { ...preferences, ...patch };
      applyPreferences(next);
      save({ api, cache }, {}, (old) => ({ ...old, preferences: next })).catch((error: unknown) => {
        applyPreferences(preferences);
        fail(error);
      });
    },
    change(patch) {
      const chosen = patch.time_zone === undefined ? {} : { time_zone_chosen: true };
      save({ api, cache }, patch, (old) => ({ ...old, ...chosen })).catch(fail);
    },
  };
}
