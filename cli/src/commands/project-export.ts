// `taylordash project export`: writes a whole project as a file that import takes back.
import { writeFile } from 'node:fs/promises';
import { isUuid } from '@taylordash/core/envelope';
import type { Client } from '@taylordash/sdk/client';
import { type Command, readArguments } from '../command.ts';
import { signedIn } from '../connect.ts';
import { Refused } from '../refused.ts';

export const projectExport: Command = {
  words: ['project', 'export'],
  takes: 'ID|NAME [--output FILE]',
  summary: 'Write a whole project out as JSON',
  help: '  --output FILE   writes there instead of to standard output',
  async run(args, terminal) {
    const { values, positionals } = readArguments(args, { output: { type: 'string', short: 'o' } }, ['ID|NAME']);
    const client = await signedIn();
    const id = await idOf(client, positionals[0] ?? '');
    const { data } = await client.call('exportProject', { params: { id } });
    const text = JSON.stringify(data, null, 2);
    if (values.output === undefined) return terminal.line(text);
    const { output } = values;
    await writeFile(output, `${text}\n`).catch((error: Error) => {
      throw new Refused(`${output} cannot be written: ${error.message}`);
    });
    terminal.note(`${data.project.name}: ${data.components.length} components in ${output}.`);
  },
};

async function idOf(client: Client, text: string): Promise<string> {
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
