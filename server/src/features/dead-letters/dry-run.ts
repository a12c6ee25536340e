// What a replay would do, found out by the replay's own steps up to, and without, the storing.
import type { DryRunCounts, Edit, LetterSelection } from '@taylordash/core/dead-letter-entities';
import { CompiledQuery } from 'kysely';
import type { Handle } from '../../db/transaction.ts';
import { type LookedUp, lookUp } from '../../events/mirror.ts';
import { isDataError } from '../../events/sqlstate.ts';
import { type Prepared, prepare } from './prepare.ts';
import { openLetters } from './replay-queries.ts';

export interface DryRunResult {
  counts: DryRunCounts;
  last_letter_id: string;
}

const pageRows = 200;
type PreparedMessage = Extract<Prepared, { kind: 'message' }>;

export interface DryRunOptions {
  /** As for the appender: what the server itself published may come back. */
  echoes: boolean;
  /** Stages that can be asked again. */
  stages: readonly string[];
}

export async function tryReplay(
  db: Handle,
  { selection, edit }: { selection: LetterSelection; edit: Edit },
  { echoes, stages }: DryRunOptions,
): Promise<DryRunResult> {
  const counts: DryRunCounts = { total: 0, stored: 0, duplicates: 0, redone: 0, failed: 0, reasons: {} };
  /** Keys that letters of this selection take, and the content they take them for. */
  const taken = new Map<string, string>();
  const fail = (code: string) => {
    counts.failed++;
    counts.reasons[code] = (counts.reasons[code] ?? 0) + 1;
  };

  function count({ message, key }: PreparedMessage, looked: LookedUp | 'refused'): void {
    const name = `${message.identity}\0${key}`;
    const earlier = looked === 'refused' ? undefined : taken.get(name);
    if (looked === 'refused') fail('refused_by_database');
    else if (looked.found === 'reused') fail('key_reused');
    else if (looked.found !== null) counts.duplicates++;
    else if (earlier === undefined) {
      taken.set(name, looked.hash);
      counts.stored++;
    } else if (earlier === looked.hash) counts.duplicates++;
    else fail('key_reused');
  }

  /** Halves what fails on its data, as the appender does. */
  async function look(batch: readonly PreparedMessage[]): Promise<(LookedUp | 'refused')[]> {
    if (batch.length === 0) return [];
    try {
      const query = async (text: string, values: readonly unknown[]) =>
        (await db.executeQuery<LookedUp>(CompiledQuery.raw(text, [...values]))).rows;
      return [
        ...(await lookUp(
          query,
          batch.map(({ message, text }) => ({ ...message, text })),
          echoes,
        )),
      ];
    } catch (error) {
      if (!isDataError(error)) throw error;
      if (batch.length === 1) return ['refused'];
      const middle = batch.length >> 1;
      return [...(await look(batch.slice(0, middle))), ...(await look(batch.slice(middle)))];
    }
  }

  let last = '0';
  for (;;) {
    const letters = await openLetters(db, selection, last, pageRows);
    const messages: PreparedMessage[] = [];
    for (const letter of letters) {
      last = letter.id;
      counts.total++;
      // What {{uuid}} stands for does not change what becomes of a letter: it is new in every replay.
      const prepared = prepare(letter, edit, '');
      if (prepared.kind === 'message') messages.push(prepared);
      else if (prepared.kind === 'failed') fail(prepared.reason_code);
      else if (stages.includes(prepared.stage)) counts.redone++;
      else fail('not_redoable');
    }
    const looked = await look(messages);
    for (const [index, message] of messages.entries()) count(message, looked[index] ?? 'refused');
    if (letters.length < pageRows) return { counts, last_letter_id: last };
  }
}
