// What a group of dead letters has in common, as a sentence; and what a dry run says.
import type { DryRunCounts } from './dead-letter-entities.ts';

const causes: Record<string, string> = {
  too_large: 'sends messages that are too large',
  bad_topic: 'publishes on a topic that cannot be kept',
  not_utf8: 'sends bytes where text is expected',
  not_json: 'sends text where JSON is expected',
  duplicate_key: 'names the same field twice',
  too_deep: 'nests its JSON too deep',
  unstorable_text: 'sends characters that cannot be kept',
  unstorable_number: 'sends numbers that cannot be kept',
  not_an_object: 'sends JSON without the envelope',
  missing_field: 'leaves out a field of the envelope',
  bad_field: 'sends a field with a wrong value',
  key_reused: 'uses an idempotency key again for other content',
  not_allowed: 'publishes where it may not',
  unreadable_value: 'sends a value that its binding cannot read',
  command_failed: 'sends commands that cannot be carried out',
  refused_by_database: 'sends what the database cannot hold',
};

/** The sentence of a group: who does what. */
export function causeSentence({
  sender_name,
  reason_code,
}: {
  sender_name: string | null;
  reason_code: string;
}): string {
  return `${sender_name ?? 'Somebody'} ${causes[reason_code] ?? 'sends what could not be understood'}`;
}

/** A reason in two or three words, for counts: `3 still fail (no kind)`. */
export function reasonWords(reason_code: string): string {
  return reason_code === '' ? 'unknown' : reason_code.replaceAll('_', ' ');
}

/** A dry run in one sentence: `389 would pass, 20 are duplicates, 3 still fail (missing field)`. */
export function dryRunSentence(counts: DryRunCounts): string {
  const { stored, duplicates, redone, failed, reasons } = counts;
  const some = (count: number) => count.toLocaleString('en');
  const why = Object.entries(reasons)
    .sort(([, a], [, b]) => b - a)
    .map(([code, count]) =>
      Object.keys(reasons).length === 1 ? reasonWords(code) : `${some(count)} ${reasonWords(code)}`,
    );
  const parts = [
    `${some(stored)} would pass`,
    ...(redone > 0 ? [`${some(redone)} would be carried out again`] : []),
    `${some(duplicates)} ${duplicates === 1 ? 'is a duplicate' : 'are duplicates'}`,
    `${some(failed)} still ${failed === 1 ? 'fails' : 'fail'}${failed > 0 ? ` (${why.join(', ')})` : ''}`,
  ];
  return parts.join(', ');
}
