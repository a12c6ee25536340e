// `taylordash undo`: takes a change back; where others changed the same since, it says so and asks for a word.
import type { UndoConflict } from '@taylordash/core/changes';
import { ApiProblem } from '@taylordash/sdk/client';
import { momentWords } from '../change-words.ts';
import { type Command, readArguments } from '../command.ts';
import { signedIn } from '../connect.ts';
import { Refused, Usage } from '../refused.ts';

/** Conflicts that are shown; more are counted. */
const mostShown = 10;

export const undo: Command = {
  words: ['undo'],
  takes: 'CHANGE [--overwrite | --keep]',
  summary: 'Take a change back; of an undo: do it again',
  help: `  --overwrite   undo also what others changed since
  --keep        leave that as it is and undo the rest

CHANGE is an id from npx taylordash activity. Without an option, nothing is undone where others came in between.`,
  async run(args, terminal) {
    const { values, positionals } = readArguments(args, { overwrite: { type: 'boolean' }, keep: { type: 'boolean' } }, [
      'CHANGE',
    ]);
    if (values.overwrite && values.keep) throw new Usage('--overwrite and --keep contradict each other.');
    const conflicts = values.overwrite ? 'overwrite' : values.keep ? 'keep' : 'ask';
    const client = await signedIn();
    const { time_zone } = (await client.call('me', {})).data;
    const words = ({ name, field, now, changed_by, changed_at }: UndoConflict) => {
      const at = changed_at === null ? '' : `, ${momentWords(changed_at, { now: Date.now(), time_zone })}`;
      const value = typeof now === 'object' ? JSON.stringify(now) : String(now);
      return `  “${name}”: ${field.replaceAll('_', ' ')} is ${value} by now (${changed_by ?? 'somebody'}${at})`;
    };
    const list = (some: readonly UndoConflict[]) => {
      const more = some.length > mostShown ? [`  and ${some.length - mostShown} more`] : [];
      return [...some.slice(0, mostShown).map(words), ...more].join('\n');
    };
    const params = { id: positionals[0] ?? '' };
    try {
      const { change_id, kept } = (await client.call('undoChange', { params, body: { conflicts } })).data;
      if (kept.length > 0) terminal.note(`Left as others made it:\n${list(kept)}`);
      terminal.line(
        change_id === null
          ? 'Nothing was left to undo.'
          : `Taken back. To do it again: npx taylordash undo ${change_id}`,
      );
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.body.code !== 'change.conflict') throw error;
      // What this problem carries, as core's endpoint has it.
      const met = (error.body.conflicts ?? []) as UndoConflict[];
      throw new Refused(
        `Others came in between:\n${list(met)}`,
        'Undo all the same: --overwrite. Leave theirs: --keep.',
      );
    }
  },
};
