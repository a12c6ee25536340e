// `taylordash events gaps`: producers that number their events, and what was lost before it got here.
import { type Command, readArguments } from '../command.ts';
import { signedIn } from '../connect.ts';

export const eventsGaps: Command = {
  words: ['events', 'gaps'],
  takes: '[--json]',
  summary: 'Show which numbered events never came',
  help: '  --json   a line of JSON for each producer',
  async run(args, terminal) {
    const { values } = readArguments(args, { json: { type: 'boolean' } });
    const client = await signedIn();
    const { data } = await client.call('eventGaps', { query: { limit: 200 } });
    for (const producer of data.items) {
      if (values.json) {
        terminal.line(JSON.stringify(producer));
        continue;
      }
      const { producer_id, client_id, received, missing, last_seen_at, ranges } = producer;
      const lost = ranges.map(({ from, to }) => (from === to ? `${from}` : `${from}–${to}`)).join(', ');
      const who = client_id === null || client_id === producer_id ? producer_id : `${producer_id} (${client_id})`;
      terminal.line(
        `${who}  ${received} came, ${missing} missing${lost === '' ? '' : `: ${lost}`}  last ${last_seen_at}`,
      );
    }
    if (values.json) return;
    if (data.producers === 0)
      terminal.note('No producer numbers its events: producer_id and producer_seq in the envelope.');
    else terminal.note(data.missing === 0 ? 'No gaps.' : `${data.missing} missing in all.`);
  },
};
