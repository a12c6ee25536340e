// What a dead letter is replayed as: the one path that dry run and replay share up to the database.
import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { applyEdit } from '@taylordash/core/dead-letter-edit';
import type { Edit } from '@taylordash/core/dead-letter-entities';
import { topicLength } from '@taylordash/core/topics';
import { isIngested } from '../../events/embedded-rules.ts';
import { type Incoming, readMessage } from '../../events/message.ts';
import type { LetterRow } from './replay-queries.ts';

export interface ReplayFailure {
  reason_code: string;
  failure_reason: string;
}

export type Prepared =
  /** Failed in a subscriber: that one is asked again, by its stage. */
  | { kind: 'redo'; stage: string; event_id: string }
  | ({ kind: 'failed' } & ReplayFailure)
  | { kind: 'message'; message: Incoming; text: string; key: string; edited: boolean };

const fail = (reason_code: string, failure_reason: string): Prepared => ({
  kind: 'failed',
  reason_code,
  failure_reason,
});

/** `seed` makes `{{uuid}}` the same each time the letter is prepared for the same replay. */
export function prepare(letter: LetterRow, edit: Edit, seed: string): Prepared {
  const { id, original_topic: topic, raw, client_id, client_identity: identity, stage, event_id } = letter;
  if (event_id !== null) return { kind: 'redo', stage, event_id };
  if (stage === 'outbox') {
    return fail('not_allowed', 'It is an event of TaylorDash itself, which cannot come in as somebody else’s.');
  }
  if (raw === null || letter.reason_code === 'too_large') {
    return fail('too_large', 'Not all of its bytes were kept.');
  }
  if (!isIngested(topic) || [...topic].length >= topicLength) {
    return fail('bad_topic', 'Its topic is not below tracker/events, tracker/commands or tracker/metrics.');
  }
  let bytes = raw;
  if (edit.length > 0) {
    const { first_failed_at: received_at } = letter;
    const edited = applyEdit({ topic, text: likelyText(raw), received_at, client_id }, edit, (n) =>
      uuidOf(seed, id, n),
    );
    if (!edited.ok) return fail(edited.reason_code, edited.reason);
    bytes = Buffer.from(edited.text);
  }
  const read = readMessage(topic, bytes);
  if (!read.ok) return fail(read.reason_code, read.failure_reason);
  const { qos, retain } = letter;
  const message: Incoming = {
    topic,
    bytes,
    qos: qos ?? 1,
    retain: retain ?? false,
    client_id,
    identity,
    letter_id: id,
  };
  return { kind: 'message', message, text: read.text, key: read.key, edited: edit.length > 0 };
}

/** UTF-8, or what boards write that never heard of it: `21 °C` in Windows-1252. */
function likelyText(bytes: Buffer): string {
  return isUtf8(bytes) ? bytes.toString('utf8') : new TextDecoder('windows-1252').decode(bytes);
}

/** The n-th UUID of a letter in a replay: version 8, made from both. */
function uuidOf(seed: string, letter_id: string, n: number): string {
  const bytes = createHash('sha256').update(`${seed} ${letter_id} ${n}`).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
