// `taylordash dlq discard`: puts dead letters away.
import { type Command, readArguments } from '../command.ts';
import { signedIn } from '../connect.ts';
import { anyIds, selectionHelp, selectionOf, selectionOptions } from './dlq-selection.ts';

export const dlqDiscard: Command = {
  words: ['dlq', 'discard'],
  takes: '[IDS] [--group ID] [--note TEXT]',
  summary: 'Discard dead letters; for 30 days they can be restored',
  help: `${selectionHelp}
  --note TEXT     why`,
  async run(args, terminal) {
    const { values, positionals } = readArguments(
      args,
      { ...selectionOptions, note: { type: 'string' } },
      anyIds(args),
    );
    const client = await signedIn();
    const note = values.note === undefined ? {} : { note: values.note };
    const body = { selection: selectionOf(values, positionals), ...note };
    terminal.line(`${(await client.call('discardDeadLetters', { body })).data.discarded} discarded.`);
  },
};
