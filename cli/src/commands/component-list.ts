// `taylordash component list`: components of one project or of all, by the state they show.
import { type Command, readArguments } from '../command.ts';
import { signedIn } from '../connect.ts';
import { projectId } from '../project-id.ts';

export const componentList: Command = {
  words: ['component', 'list'],
  takes: '[--project ID|NAME] [--state STATES] [--held-up] [--json]',
  summary: 'List components by what they show',
  help: `  --project ID|NAME   of one project alone
  --state STATES      ready, waiting, in_progress, blocked, dead_blocked, completed or cancelled; several with commas between
  --held-up           waiting past their start, or in progress over something open
  --json              a line of JSON for each`,
  async run(args, terminal) {
    const { values } = readArguments(args, {
      ...{ project: { type: 'string' }, state: { type: 'string' } },
      ...{ 'held-up': { type: 'boolean' }, json: { type: 'boolean' } },
    });
    const client = await signedIn();
    const project_id = values.project === undefined ? null : await projectId(client, values.project);
    const filter = {
      ...(project_id === null ? {} : { project_id }),
      ...(values.state === undefined ? {} : { state: values.state }),
      ...(values['held-up'] ? { held_up: true } : {}),
    };
    let cursor: string | null = null;
    let shown = 0;
    do {
      const query: typeof filter & { limit: number; sort: 'name'; cursor?: string } = {
        ...filter,
        limit: 200,
        sort: 'name',
      };
      if (cursor !== null) query.cursor = cursor;
      const { data } = await client.call('listComponents', { query });
      for (const component of data.items) {
        shown += 1;
        const { id, progress, status, name } = component;
        const percent = `${progress} %`.padStart(5);
        terminal.line(values.json ? JSON.stringify(component) : `${id}  ${percent}  ${status.padEnd(11)}  ${name}`);
      }
      cursor = data.next_cursor;
    } while (cursor !== null);
    if (shown === 0) terminal.note('There is no such component.');
  },
};
