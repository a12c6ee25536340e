// `taylordash trace`: everything that one request or message caused, in the order of time.
import { type Command, readArguments } from '../command.ts';
import { signedIn } from '../connect.ts';

const types = { event: 'event', dead_letter: 'dead letter', sign_in: 'sign-in' } as const;

export const trace: Command = {
  words: ['trace'],
  takes: 'ID [--json]',
  summary: 'Show everything that one request or message caused',
  help: `  ID       a trace id, as errors and events show it
  --json   a line of JSON for each entry`,
  async run(args, terminal) {
    const { values, positionals } = readArguments(args, { json: { type: 'boolean' } }, ['ID']);
    const client = await signedIn();
    const { data } = await client.call('getTrace', { params: { trace_id: positionals[0] ?? '' } });
    const began = Date.parse(data.entries[0]?.at ?? '');
    for (const entry of data.entries) {
      if (values.json) {
        terminal.line(JSON.stringify(entry));
        continue;
      }
      const { at, type, id, kind, topic, name, actor } = entry;
      const after = `+${((Date.parse(at) - began) / 1000).toFixed(3)} s`;
      const more = [topic, name, actor === null ? null : `by ${actor}`].filter((part) => part !== null);
      terminal.line(
        [after.padStart(12), types[type].padEnd(11), type === 'sign_in' ? '' : id, kind, ...more].join('  '),
      );
    }
    if (data.more) terminal.note('There is more than this.');
  },
};
