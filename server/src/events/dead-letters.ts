// Messages that could not go in, kept with their bytes: the same one again is one row with one attempt more.
import { createHash } from 'node:crypto';
import type { RejectCode } from '@taylordash/core/envelope';
import { topicLength } from '@taylordash/core/topics';
import type { LeaderConnection } from '../db/leader.ts';
import { isDataError } from './sqlstate.ts';

export interface DeadLetter {
  topic: string;
  bytes: Buffer;
  reason_code: RejectCode;
  failure_reason: string;
  stage: 'validate' | 'store' | 'outbox' | 'binding' | 'command';
  /** JSON that jsonb should hold, or null. */
  text: string | null;
  client_id: string | null;
  /** As in Incoming. */
  identity: string;
  qos: number;
  retain: boolean;
  sqlstate: string | null;
  event_key: string | null;
  /** The mirrored event that failed in a subscriber. */
  event_id?: string;
  /** Called after the commit. */
  settle(): void;
}

/** A dead letter as the notice on tracker/dlq tells it. */
export interface WrittenDeadLetter {
  id: string;
  topic: string;
  reason_code: RejectCode;
  failure_reason: string;
  client_id: string | null;
  /** Its idempotency key, where one could be read. */
  event_key: string | null;
  attempts: number;
  /** Its group is counted without a notice. */
  muted: boolean;
}

/** Bytes kept of a message that is too large, and shown of any other. */
const keptBytes = 64 * 1024;

function fingerprintOf(topic: string, bytes: Buffer): Buffer {
  return createHash('sha256').update(topic).update('\0').update(bytes).digest();
}

/** Text as PostgreSQL can keep it: no NUL, no half surrogate pairs. */
export function storable(text: string): string {
  return text.replaceAll('\0', '\ufffd').toWellFormed();
}

interface Group {
  letter: DeadLetter;
  fingerprint: Buffer;
  attempts: number;
}

/** Index: dlq_events_fingerprint_key. Locks the rows whose attempts it raises. */
const upsert = `
insert into public.dlq_events (original_topic, failure_reason, payload, raw, reason_code, error_class, stage, client_id, qos,
  retain, sqlstate, fingerprint, event_key, attempts, client_identity,
  event_id)
select t.topic, t.reason, t.payload::jsonb, t.raw, t.code, t.class, t.stage, t.client_id, t.qos, t.retain, t.sqlstate,
  t.fingerprint, t.key, t.attempts, t.identity, t.event_id
from unnest($1::text[], $2::text[], $3::text[], $4::bytea[], $5::text[], $6::text[], $7::text[], $8::text[], $9::int[],
  $10::boolean[], $11::text[], $12::bytea[], $13::text[], $14::int[], $15::text[],
  $16::bigint[])
  as t (topic, reason, payload, raw, code, class, stage, client_id, qos, retain, sqlstate, fingerprint, key, attempts,
    identity, event_id)
on conflict (fingerprint) where status in ('open', 'replaying', 'quarantined')
do update set attempts = dlq_events.attempts + excluded.attempts, last_failed_at = now(),
  failure_reason = excluded.failure_reason, reason_code = excluded.reason_code,
  event_id = coalesce(excluded.event_id, dlq_events.event_id)
returning id::text as id, encode(fingerprint, 'hex') as fingerprint, attempts,
  exists (select from taylordash.dead_letter_mutes m where m.group_id = dlq_events.group_id) as muted`;

/**
 * Writes the letters in one statement and returns a line for each distinct one. Where the database cannot hold the parsed
 * JSON of one, all of them are written with their bytes alone, which it always can.
 */
export async function writeDeadLetters(
  connection: LeaderConnection,
  letters: readonly DeadLetter[],
): Promise<WrittenDeadLetter[]> {
  const groups = new Map<string, Group>();
  for (const letter of letters) {
    const fingerprint = fingerprintOf(letter.topic, letter.bytes);
    const known = groups.get(fingerprint.toString('hex'));
    if (known) known.attempts++;
    else groups.set(fingerprint.toString('hex'), { letter, fingerprint, attempts: 1 });
  }
  let rows: { id: string; fingerprint: string; attempts: number; muted: boolean }[];
  try {
    rows = await connection.query(upsert, valuesOf([...groups.values()], true), 'td_dead_letters');
  } catch (error) {
    if (!isDataError(error)) throw error;
    rows = await connection.query(upsert, valuesOf([...groups.values()], false), 'td_dead_letters');
  }
  return rows.flatMap((row) => {
    const letter = groups.get(row.fingerprint)?.letter;
    if (letter === undefined) return [];
    const { topic, reason_code, failure_reason, client_id, event_key } = letter;
    const { id, attempts, muted } = row;
    return [{ id, topic, reason_code, failure_reason, client_id, event_key, attempts, muted }];
  });
}

function valuesOf(groups: readonly Group[], parsed: boolean): unknown[] {
  const column = <T>(read: (letter: DeadLetter) => T) => groups.map((group) => read(group.letter));
  const rawOf = (letter: DeadLetter) =>
    letter.reason_code === 'too_large' ? letter.bytes.subarray(0, keptBytes) : letter.bytes;
  return [
    column((letter) => [...storable(letter.topic)].slice(0, topicLength).join('')),
    column((letter) => storable(letter.failure_reason)),
    column((letter) =>
      parsed && letter.text !== null
        ? letter.text
        : JSON.stringify({ raw_base64: letter.bytes.subarray(0, keptBytes).toString('base64') }),
    ),
    column(rawOf),
    column((letter) => letter.reason_code),
    column((letter) => (letter.sqlstate === null ? 'Rejection' : 'DatabaseError')),
    column((letter) => letter.stage),
    column((letter) => (letter.client_id === null ? null : storable(letter.client_id))),
    column((letter) => letter.qos),
    column((letter) => letter.retain),
    column((letter) => letter.sqlstate),
    groups.map((group) => group.fingerprint),
    column((letter) => letter.event_key),
    groups.map((group) => group.attempts),
    column((letter) => letter.identity),
    column((letter) => letter.event_id ?? null),
  ];
}
