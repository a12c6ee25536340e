// `taylordash events list`: what is stored, newest first, through a filter.
import { type Command, readArguments } from '../command.ts';
import { signedIn } from '../connect.ts';
import { eventLine } from '../event-line.ts';
import { showEvery } from '../every-item.ts';
import { Usage } from '../refused.ts';

export const eventsList: Command = {
  words: ['events', 'list'],
  takes: '[--filter FILTER] [--limit N] [--json]',
  summary: 'List stored events, newest first',
  help: `  --filter FILTER   'kind:task_* actor:sam -topic:tracker/metrics/# after:2d pump': all must hold, - excludes
  --limit N         how many at the most (50)
  --json            a line of JSON for each event`,
  async run(args, terminal) {
    const { values } = readArguments(args, {
      filter: { type: 'string' },
      limit: { type: 'string', default: '50' },
      json: { type: 'boolean' },
    });
    const most = Number(values.limit);
    if (!Number.isInteger(most) || most < 1) throw new Usage('--limit is a number from 1 on.');
    const client = await signedIn();
    const query = values.filter === undefined ? {} : { filter: values.filter };
    await showEvery(terminal, (more) => client.call('listEvents', { query: { ...query, ...more } }), {
      ...{ json: values.json, most, none: 'No event fits.' },
      line: (event) => eventLine(event, true),
    });
  },
};
