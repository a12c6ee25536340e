// `taylordash dlq groups`: dead letters by cause.
import { type Command, readArguments } from '../command.ts';
import { signedIn } from '../connect.ts';

export const dlqGroups: Command = {
  words: ['dlq', 'groups'],
  takes: '[--json]',
  summary: 'Show open dead letters by cause',
  help: '  --json   a line of JSON for each',
  async run(args, terminal) {
    const { values } = readArguments(args, { json: { type: 'boolean' } });
    const client = await signedIn();
    const { items, stored_last_day } = (await client.call('deadLetterGroups', { query: {} })).data;
    for (const group of items) {
      const { id, letters, cause, topic_pattern, muted } = group;
      terminal.line(
        values.json
          ? JSON.stringify(group)
          : `${id}  ${String(letters).padStart(5)}  ${cause}  (${topic_pattern}${muted ? ', muted' : ''})`,
      );
    }
    if (items.length === 0)
      terminal.note(`No dead letters. ${stored_last_day ?? 0} events stored in the last 24 hours.`);
  },
};
