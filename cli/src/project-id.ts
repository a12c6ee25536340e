// Finds the project that somebody means.
import { isUuid } from '@taylordash/core/envelope';
import type { Client } from '@taylordash/sdk/client';
import { Refused } from './refused.ts';

/** The id of a project given by its id or by its name, in whatever case. Throws Refused where none or several are called so. */
export async function projectId(client: Client, text: string): Promise<string> {
  if (isUuid(text)) return text;
  const { data } = await client.call('listProjects', { query: { q: text, limit: 200 } });
  const same = data.items.filter(({ name }) => name.toLowerCase() === text.toLowerCase());
  const [only] = same;
  if (only && same.length === 1) return only.id;
  if (same.length > 1)
    throw new Refused(
      `${same.length} projects are called ${text}: ${same.map(({ id }) => id).join(', ')}`,
      'Name one by its id.',
    );
  throw new Refused(`No project is called ${text}.`, 'See which there are: npx taylordash project list');
}
