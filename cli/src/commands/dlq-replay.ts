// `taylordash dlq replay`: a dry run, then the replay, until it ends.
import { setTimeout as pause } from 'node:timers/promises';
import { dryRunSentence } from '@taylordash/core/dead-letter-causes';
import { type Command, readArguments } from '../command.ts';
import { signedIn } from '../connect.ts';
import { Refused } from '../refused.ts';
import { anyIds, editOf, selectionHelp, selectionOf, selectionOptions } from './dlq-selection.ts';

export const dlqReplay: Command = {
  words: ['dlq', 'replay'],
  takes: '[IDS] [--group ID] [--edit FILE] [--rate N]',
  summary: 'Replay dead letters, edited or as they are',
  help: `${selectionHelp}
  --edit FILE     as for npx taylordash dlq dry-run
  --rate N        letters a second, 1 to 500; 50 if it is left out`,
  async run(args, terminal) {
    const options = { ...selectionOptions, edit: { type: 'string' }, rate: { type: 'string' } } as const;
    const { values, positionals } = readArguments(args, options, anyIds(args));
    const body = { selection: selectionOf(values, positionals), edit: editOf(values.edit) };
    const client = await signedIn();
    terminal.note(dryRunSentence((await client.call('dryRunDeadLetters', { body })).data.counts));
    const rate = values.rate === undefined ? {} : { rate: Number(values.rate) };
    let { data: replay } = await client.call('startReplay', { body: { ...body, ...rate } });
    while (replay.status === 'running') {
      await pause(500);
      replay = (await client.call('getReplay', { params: { id: replay.id } })).data;
    }
    const { stored, duplicates, redone, failed } = replay.counts;
    terminal.line(`${stored + redone} replayed, ${duplicates} duplicates, ${failed} failed.`);
    if (replay.status === 'stopped')
      throw new Refused('It stopped before its end. Nothing is lost.', 'Look at what fails: npx taylordash dlq groups');
  },
};
