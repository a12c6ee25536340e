// `taylordash events list`: what is stored, newest first, through a filter.
import { type Command, readArguments } from '../command.ts';
import { signedIn } from '../connect.ts';
import { eventLine } from '../event-line.ts';
import { Usage } from '../refused.ts';

const pageRows = 200;

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
    let cursor: string | null = null;
    let shown = 0;
    do {
      const query: { limit: number; filter?: string; cursor?: string } = { limit: Math.min(pageRows, most - shown) };
      if (values.filter !== undefined) query.filter = values.filter;
      if (cursor !== null) query.cursor = cursor;
      const { data } = await client.call('listEvents', { query });
      for (const event of data.items) terminal.line(values.json ? JSON.stringify(event) : eventLine(event, true));
      shown += data.items.length;
      cursor = data.next_cursor;
    } while (cursor !== null && shown < most);
    if (shown === 0) terminal.note('No event fits.');
  },
};
