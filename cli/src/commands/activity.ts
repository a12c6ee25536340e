// `taylordash activity`: what happened in a project, a line a change.
import { changeWords, momentWords } from '../change-words.ts';
import { type Command, readArguments } from '../command.ts';
import { signedIn } from '../connect.ts';
import { projectId } from '../project-id.ts';

export const activity: Command = {
  words: ['activity'],
  takes: 'PROJECT [--limit N] [--json]',
  summary: 'What was changed in a project, the newest first',
  help: `  --limit N   how many changes, 1 to 200; 20 if it is left out
  --json      a line of JSON for each

PROJECT is an id or a name. Each line begins with the id by which npx taylordash undo takes the change back.`,
  async run(args, terminal) {
    const { values, positionals } = readArguments(args, { limit: { type: 'string' }, json: { type: 'boolean' } }, [
      'PROJECT',
    ]);
    const client = await signedIn();
    const id = await projectId(client, positionals[0] ?? '');
    const { time_zone } = (await client.call('me', {})).data;
    const query = { limit: Number(values.limit ?? 20) };
    const { items } = (await client.call('projectActivity', { params: { id }, query })).data;
    for (const entry of items) {
      const at = momentWords(entry.at, { now: Date.now(), time_zone });
      const line = `${entry.change_id}  ${at}  ${entry.actor.name} ${changeWords(entry)}`;
      terminal.line(values.json ? JSON.stringify(entry) : line);
    }
    if (items.length === 0) terminal.note('Nothing has happened yet.');
  },
};
