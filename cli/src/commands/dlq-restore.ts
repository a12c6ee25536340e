// `taylordash dlq restore`: opens dead letters again that were discarded or quarantined.
import { type Command, readArguments } from '../command.ts';
import { signedIn } from '../connect.ts';
import { anyIds, selectionHelp, selectionOf, selectionOptions } from './dlq-selection.ts';

export const dlqRestore: Command = {
  words: ['dlq', 'restore'],
  takes: '[IDS] [--group ID]',
  summary: 'Open dead letters again that were discarded or quarantined',
  help: selectionHelp,
  async run(args, terminal) {
    const { values, positionals } = readArguments(args, selectionOptions, anyIds(args));
    const client = await signedIn();
    const body = { selection: selectionOf(values, positionals) };
    const { restored, merged } = (await client.call('restoreDeadLetters', { body })).data;
    terminal.line(
      `${restored} open again${merged > 0 ? `, ${merged} counted into letters that came again meanwhile` : ''}.`,
    );
  },
};
