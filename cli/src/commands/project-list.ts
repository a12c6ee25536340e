// `taylordash project list`: every project with its progress.
import { type Command, readArguments } from '../command.ts';
import { signedIn } from '../connect.ts';

export const projectList: Command = {
  words: ['project', 'list'],
  takes: '[--json]',
  summary: 'List the projects',
  help: '  --json   a line of JSON for each',
  async run(args, terminal) {
    const { values } = readArguments(args, { json: { type: 'boolean' } });
    const client = await signedIn();
    let cursor: string | null = null;
    let shown = 0;
    do {
      const query: { limit: number; sort: 'name'; include: 'counts'; cursor?: string } = {
        limit: 200,
        sort: 'name',
        include: 'counts',
      };
      if (cursor !== null) query.cursor = cursor;
      const { data } = await client.call('listProjects', { query });
      for (const project of data.items) {
        shown += 1;
        if (values.json) {
          terminal.line(JSON.stringify(project));
          continue;
        }
        const { progress = 0, components = 0, components_completed: done = 0 } = project.counts ?? {};
        const percent = `${progress} %`.padStart(5);
        terminal.line(
          `${project.id}  ${percent}  ${project.status.padEnd(9)}  ${project.name}  (${done} of ${components})`,
        );
      }
      cursor = data.next_cursor;
    } while (cursor !== null);
    if (shown === 0) terminal.note('There is no project yet. Import one: npx taylordash project import FILE');
  },
};
