// `taylordash mine`: what there is to do: open tasks by when they are due, the inbox, and components that can be worked on.
import { type Command, readArguments } from '../command.ts';
import { signedIn } from '../connect.ts';
import { type DueFacts, dueDay, dueWords, placeWords } from '../due-words.ts';

/** Lines of each part, unless all are asked for. */
const mostShown = 20;

export const mine: Command = {
  words: ['mine'],
  takes: '[--all] [--json]',
  summary: 'What you have to do',
  help: `  --all    without it, the first ${mostShown} of each part
  --json   as JSON, with ids`,
  async run(args, terminal) {
    const { values } = readArguments(args, { all: { type: 'boolean' }, json: { type: 'boolean' } });
    const client = await signedIn();
    const { data } = await client.call('myWork', {});
    if (values.json) return terminal.line(JSON.stringify(data, null, 2));
    const { time_zone } = (await client.call('me', {})).data;
    const facts: DueFacts = { now: Date.now(), time_zone };
    const { inbox, tasks, ready, today } = data;

    let parts = 0;
    const section = (heading: string, lines: readonly string[]) => {
      if (lines.length === 0) return;
      const shown = values.all ? lines : lines.slice(0, mostShown);
      if (parts++ > 0) terminal.line('');
      for (const line of [heading, ...shown]) terminal.line(line);
      if (shown.length < lines.length) terminal.line(`and ${lines.length - shown.length} more: --all`);
    };
    type Task = (typeof tasks)[number];
    const line = (task: Task) => {
      const due = dueWords(task, facts);
      const urgent = task.priority === 0 ? '' : ` !${task.priority}`;
      const place = task.component_id === null ? '' : ` (${placeWords(task)})`;
      return `  ${task.name}${urgent}${place}${due === '' ? '' : `, due ${due}`}`;
    };
    const due = (wanted: (day: string | null) => boolean) =>
      tasks.filter((task) => wanted(dueDay(task, facts))).map(line);
    section(
      'Overdue',
      due((day) => day !== null && day < today),
    );
    section(
      'Today',
      due((day) => day === today),
    );
    section(
      'Later',
      due((day) => day !== null && day > today),
    );
    section(
      'Without a date',
      due((day) => day === null),
    );
    section('Inbox', inbox.map(line));
    section(
      'Ready to work on',
      ready.map(({ name, project_name, state, due_on }) => {
        const begun = state === 'in_progress' ? ', in progress' : '';
        return `  ${name} (${project_name})${begun}${due_on === null ? '' : `, due ${due_on}`}`;
      }),
    );
    if (parts === 0) terminal.note('Nothing to do. Add something: npx taylordash add "water the plants tomorrow"');
  },
};
