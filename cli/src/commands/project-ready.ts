// `taylordash project ready`: what can be started, and what holds the rest up.
import { type Command, readArguments } from '../command.ts';
import { signedIn } from '../connect.ts';
import { projectId } from '../project-id.ts';

/** Lines of each part, unless all are asked for. */
const mostShown = 20;

export const projectReady: Command = {
  words: ['project', 'ready'],
  takes: 'ID|NAME [--all] [--json]',
  summary: 'What can be started, and what others wait for',
  help: `  --all    without it, the first ${mostShown} of each part
  --json   the analysis as JSON, with ids

What others wait for is open and waits for nothing open itself; first what holds up most.`,
  async run(args, terminal) {
    const { values, positionals } = readArguments(args, { all: { type: 'boolean' }, json: { type: 'boolean' } }, [
      'ID|NAME',
    ]);
    const client = await signedIn();
    const id = await projectId(client, positionals[0] ?? '');
    const { project, nodes, analysis } = (await client.call('projectGraph', { params: { id } })).data;
    if (values.json) return terminal.line(JSON.stringify(analysis, null, 2));
    const byId = new Map(nodes.map((node) => [node.id, node]));
    const { progress, ready, waiting, held_up, dead_blocked, root_blockers } = analysis;
    const numbers = `${ready.length} ready, ${waiting.length} waiting, ${held_up.length} held up, ${dead_blocked.length} dead-blocked`;
    terminal.line(`${project.name}: ${progress} %. ${numbers}.`);

    const section = (heading: string, lines: readonly string[]) => {
      const shown = values.all ? lines : lines.slice(0, mostShown);
      for (const line of ['', heading, ...shown]) terminal.line(line);
      if (shown.length < lines.length) terminal.line(`and ${lines.length - shown.length} more: --all`);
    };
    const place = new Map(root_blockers.map(({ id }, rank) => [id, rank]));
    const rank = (id: string) => place.get(id) ?? root_blockers.length;
    const startable = ready
      .toSorted((a, b) => rank(a) - rank(b))
      .map((id) => {
        const { name = '', due_on = null } = byId.get(id) ?? {};
        return `  ${name}${due_on === null ? '' : `, due ${due_on}`}`;
      });
    section(
      startable.length === 0 ? 'Nothing is ready to start.' : 'Ready to start, first what others wait for',
      startable,
    );
    if (root_blockers.length === 0) return;
    const blockers = root_blockers.map(({ id, held_up, waiting, stalled }) => {
      const { name = '', status = 'pending' } = byId.get(id) ?? {};
      const begun = status === 'pending' ? [] : [status.replace('_', ' ')];
      const notes = [...begun, ...(stalled ? ['untouched for 14 days'] : [])];
      const counts = `${String(held_up).padStart(7)}  ${String(waiting).padStart(7)}`;
      return `${counts}  ${name}${notes.length === 0 ? '' : ` (${notes.join(', ')})`}`;
    });
    section('Held up  Waiting  for', blockers);
  },
};
