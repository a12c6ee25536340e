// `taylordash dlq show`: one dead letter with its bytes.
import { type Command, readArguments } from '../command.ts';
import { signedIn } from '../connect.ts';

export const dlqShow: Command = {
  words: ['dlq', 'show'],
  takes: 'ID [--json]',
  summary: 'Show one dead letter with its bytes',
  help: '  --json   all that is known of it, as JSON',
  async run(args, terminal) {
    const { values, positionals } = readArguments(args, { json: { type: 'boolean' } }, ['ID']);
    const client = await signedIn();
    const { data: letter } = await client.call('getDeadLetter', { params: { id: positionals[0] ?? '' } });
    if (values.json) return terminal.line(JSON.stringify(letter));
    terminal.line(
      `${letter.original_topic}  ${letter.status}  ×${letter.attempts}  from ${letter.client_id ?? 'somebody'}`,
    );
    terminal.line(letter.failure_reason);
    if (letter.replay_failure !== null) terminal.line(`Replayed: ${letter.replay_failure}`);
    terminal.line(JSON.stringify(Buffer.from(letter.raw_base64, 'base64').toString('latin1')).slice(1, -1));
  },
};
