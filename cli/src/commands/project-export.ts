// `taylordash project export`: writes a whole project as a file that import takes back.
import { writeFile } from 'node:fs/promises';
import { type Command, readArguments } from '../command.ts';
import { signedIn } from '../connect.ts';
import { projectId } from '../project-id.ts';
import { Refused } from '../refused.ts';

export const projectExport: Command = {
  words: ['project', 'export'],
  takes: 'ID|NAME [--output FILE]',
  summary: 'Write a whole project out as JSON',
  help: '  --output FILE   writes there instead of to standard output',
  async run(args, terminal) {
    const { values, positionals } = readArguments(args, { output: { type: 'string', short: 'o' } }, ['ID|NAME']);
    const client = await signedIn();
    const id = await projectId(client, positionals[0] ?? '');
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
