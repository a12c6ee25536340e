// `taylordash dlq dry-run`: what a replay would do.
import { dryRunSentence } from '@taylordash/core/dead-letter-causes';
import { type Command, readArguments } from '../command.ts';
import { signedIn } from '../connect.ts';
import { anyIds, editOf, selectionHelp, selectionOf, selectionOptions } from './dlq-selection.ts';

export const dlqDryRun: Command = {
  words: ['dlq', 'dry-run'],
  takes: '[IDS] [--group ID] [--edit FILE] [--json]',
  summary: 'Say what a replay of dead letters would do',
  help: `${selectionHelp}
  --edit FILE     steps of an edit, as JSON: [{"op": "set", "path": "kind", "value": "watered"}];
                  op is set, rename (path, to), remove (path) or wrap (kind, into)
  --json          the counts as JSON`,
  async run(args, terminal) {
    const options = { ...selectionOptions, edit: { type: 'string' }, json: { type: 'boolean' } } as const;
    const { values, positionals } = readArguments(args, options, anyIds(args));
    const body = { selection: selectionOf(values, positionals), edit: editOf(values.edit) };
    const client = await signedIn();
    const { counts } = (await client.call('dryRunDeadLetters', { body })).data;
    terminal.line(values.json ? JSON.stringify(counts) : dryRunSentence(counts));
  },
};
