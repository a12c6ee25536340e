// The client that commands use: where the last sign-in was, as who signed in there.
import { type Client, createClient } from '@taylordash/sdk/client';
import { Refused } from './refused.ts';
import { defaultUrl, readSession } from './session-file.ts';

/** Signed in. Throws Refused where nobody is. */
export async function signedIn(): Promise<Client> {
  const session = await readSession();
  if (!session) throw new Refused('You are not signed in.', 'Run: npx taylordash login');
  return createClient({ base_url: session.url, token: session.token });
}

/** Where to look when nothing else is said: the last sign-in's, else this machine's. */
export async function usualUrl(): Promise<string> {
  return process.env.TAYLORDASH_URL || (await readSession())?.url || defaultUrl;
}
