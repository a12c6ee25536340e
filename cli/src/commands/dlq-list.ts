// `taylordash dlq list`: dead letters, newest first.
import { type Command, readArguments } from '../command.ts';
import { signedIn } from '../connect.ts';
import { Usage } from '../refused.ts';
import { selectionOptions } from './dlq-selection.ts';

const statuses = ['open', 'replaying', 'replayed', 'discarded', 'quarantined'] as const;

export const dlqList: Command = {
  words: ['dlq', 'list'],
  takes: '[--status STATUS] [--group ID] [--topic FILTER] [--limit N] [--json]',
  summary: 'List dead letters, newest first',
  help: `  --status STATUS  ${statuses.join(', ')}; open if it is left out
  --group, --reason, --topic, --client, --from, --to   which ones
  --limit N        how many at the most, 1 to 200; 50 if it is left out
  --json           a line of JSON for each`,
  async run(args, terminal) {
    const { values } = readArguments(args, {
      ...selectionOptions,
      status: { type: 'string', default: 'open' },
      limit: { type: 'string' },
      json: { type: 'boolean' },
    });
    const status = statuses.find((one) => one === values.status);
    if (status === undefined) throw new Usage(`--status is one of ${statuses.join(', ')}.`);
    const { group, reason: reason_code, topic, client: sender, from, to, limit } = values;
    const named = Object.entries({
      group,
      reason_code,
      topic,
      client: sender,
      from,
      to,
      limit: limit && Number(limit),
    });
    const query = { status, ...Object.fromEntries(named.filter(([, value]) => value !== undefined)) };
    const client = await signedIn();
    const { items } = (await client.call('listDeadLetters', { query })).data;
    for (const letter of items) {
      const { id, original_topic, failure_reason, attempts } = letter;
      terminal.line(
        values.json ? JSON.stringify(letter) : `${id.padStart(6)}  ×${attempts}  ${original_topic}  ${failure_reason}`,
      );
    }
    if (items.length === 0) terminal.note('No dead letters.');
  },
};
