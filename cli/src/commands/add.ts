// `taylordash add`: tasks from plain words, a line each; says where they went and when they are due.
import { type Command, readArguments } from '../command.ts';
import { signedIn } from '../connect.ts';
import { dueWords, placeWords } from '../due-words.ts';
import { projectId } from '../project-id.ts';
import { Usage } from '../refused.ts';

export const add: Command = {
  words: ['add'],
  takes: '"WORDS"|- [--project ID|NAME] [--create-project] [--json]',
  summary: 'Add tasks in plain words',
  help: `  --project ID|NAME   where it goes if the words name no project: else into your inbox
  --create-project    make a project that the words name and that does not exist
  --json              the answer as JSON

wire sensor tomorrow 6pm #greenhouse/pump @sam !2 ~2h every 2 weeks

#project/component  with quotes where a name has blanks: #"Green house"/Pump     @person  who does it     !1 to !4  how urgent
~2h ~30m ~1h30  how long it takes     today, fri, next fri, in 3 days, 14 may, 2026-05-14, 6pm, 18:30  when it is due
every day, every 2 weeks, every friday  how it repeats     "today show"  quotes keep words as they are

The shell takes a bare # for a comment: put the words into quotes. With - they are read from standard input, a task a line.`,
  async run(args, terminal) {
    // Words may come as one argument or as many.
    const some = args.map((_, index) => `WORDS${index === 0 ? '' : '?'}`);
    const { values, positionals } = readArguments(
      args,
      { project: { type: 'string' }, 'create-project': { type: 'boolean' }, json: { type: 'boolean' } },
      some.length === 0 ? ['WORDS'] : some,
    );
    const text = positionals.length === 1 && positionals[0] === '-' ? await terminal.readAll() : positionals.join(' ');
    if (text.trim() === '') throw new Usage('WORDS are missing.');
    const client = await signedIn();
    const project_id = values.project === undefined ? null : await projectId(client, values.project);
    const body = {
      text,
      ...(project_id === null ? {} : { project_id }),
      ...(values['create-project'] ? { create_project: true } : {}),
    };
    const { data } = await client.call('quickAdd', { body });
    if (values.json) return terminal.line(JSON.stringify(data, null, 2));
    for (const { name } of data.projects) terminal.line(`Made the project ${name}.`);
    const { time_zone } = (await client.call('me', {})).data;
    for (const task of data.tasks) {
      const due = dueWords(task, { now: Date.now(), time_zone });
      const name = data.tasks.length > 1 ? `${task.name}: added` : 'Added';
      terminal.line(`${name} to ${placeWords(task)}${due === '' ? '' : `, due ${due}`}.`);
    }
  },
};
