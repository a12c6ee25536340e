// The envelope that every message on tracker/events, commands and metrics comes in: what it must hold, and what is wrong with one that does not.
import { isJsonObject, parseStrictJson, placeInWords } from './json.ts';
import { isTopicName, topicLength } from './topics.ts';

/** Largest message taken, in bytes. */
export const messageBytes = 256 * 1024;
export const kindLength = 100;
export const keyLength = 200;

export interface Envelope {
  trace_id: string;
  /** ISO 8601 with a zone. */
  ts: string;
  kind: string;
  idempotency_key: string;
  payload: Record<string, unknown>;
  /** With `producer_seq`: lets losses outside be seen. */
  producer_id?: string;
  producer_seq?: number;
}

/** Why a message is a dead letter. Codes group; the reason says it in plain words. */
export type RejectCode =
  | 'too_large'
  | 'bad_topic'
  | 'not_utf8'
  | 'not_json'
  | 'duplicate_key'
  | 'too_deep'
  | 'unstorable_text'
  | 'unstorable_number'
  | 'not_an_object'
  | 'missing_field'
  | 'bad_field'
  | 'key_reused'
  | 'not_allowed'
  | 'unreadable_value'
  | 'command_failed'
  | 'refused_by_database';

export interface Rejection {
  reason_code: RejectCode;
  failure_reason: string;
  /** What is at fault, as a JSON pointer into the envelope, its topic as `/topic`; empty: all of it. */
  pointer: string;
}

export type EnvelopeResult = { ok: true; envelope: Envelope } | ({ ok: false } & Rejection);

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const momentPattern =
  /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])[Tt]([01]\d|2[0-3]):[0-5]\d(:([0-5]\d|60)(\.\d{1,9})?)?([Zz]|[+-]([01]\d|2[0-3]):?[0-5]\d)$/;

export function isUuid(text: string): boolean {
  return uuidPattern.test(text);
}

export function isMoment(text: string): boolean {
  if (!momentPattern.test(text)) return false;
  const day = Number(text.slice(8, 10));
  if (day <= 28) return true;
  const [year, month] = [Number(text.slice(0, 4)), Number(text.slice(5, 7))];
  return day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}

const reject = (reason_code: RejectCode, pointer: string, failure_reason: string): EnvelopeResult => ({
  ok: false,
  reason_code,
  failure_reason,
  pointer,
});

const show = (value: unknown): string => {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
};

/** Checks a message's text (already decoded from UTF-8, at most `messageBytes` bytes) for the envelope. */
export function readEnvelope(topic: string, text: string): EnvelopeResult {
  const wrong = topicFault(topic);
  if (wrong !== null) return reject('bad_topic', '/topic', wrong);
  const parsed = parseStrictJson(text);
  if (!parsed.ok) {
    const { pointer } = parsed;
    const where = placeInWords(pointer, 'The message');
    switch (parsed.fault) {
      case 'syntax':
        return reject('not_json', pointer, `The message is not JSON: ${parsed.detail}.`);
      case 'duplicate_key':
        return reject('duplicate_key', pointer, `${where} ${parsed.detail}.`);
      case 'too_deep':
        return reject('too_deep', pointer, `${where} ${parsed.detail}.`);
      case 'number_out_of_range':
        return reject('unstorable_number', pointer, `${where} ${parsed.detail}.`);
      case 'nul_character':
      case 'lone_surrogate':
      case 'reserved_key':
        return reject('unstorable_text', pointer, `${where} ${parsed.detail}, which the database cannot keep.`);
    }
  }
  return checkEnvelope(parsed.value);
}

/** What is wrong with a topic to ingest from, or null. */
function topicFault(topic: string): string | null {
  if (!isTopicName(topic)) return 'The topic is empty or has a wildcard or NUL character in it.';
  if (topic.length <= topicLength) return null;
  const { length } = [...topic];
  return length > topicLength ? `The topic has ${length} characters; ${topicLength} is the most that is kept.` : null;
}

const requiredFields = ['trace_id', 'ts', 'kind', 'idempotency_key', 'payload'] as const;

/** Checks a parsed value for the envelope's fields. */
function checkEnvelope(value: unknown): EnvelopeResult {
  if (!isJsonObject(value)) {
    return reject('not_an_object', '', 'The message is JSON, but not an object with the envelope’s five fields.');
  }
  for (const field of requiredFields) {
    if (!Object.hasOwn(value, field)) return reject('missing_field', `/${field}`, `The field ${field} is missing.`);
  }
  const { trace_id, ts, kind, idempotency_key, payload, producer_id, producer_seq } = value;
  if (typeof trace_id !== 'string' || !uuidPattern.test(trace_id)) {
    return reject('bad_field', '/trace_id', `trace_id must be a UUID, not ${show(trace_id)}.`);
  }
  if (typeof ts !== 'string' || !isMoment(ts)) {
    return reject(
      'bad_field',
      '/ts',
      `ts must be an ISO 8601 time with a zone, such as 2026-01-15T10:30:00Z, not ${show(ts)}.`,
    );
  }
  if (typeof kind !== 'string' || !/^[a-z0-9_.]+$/.test(kind) || kind.length > kindLength) {
    return reject(
      'bad_field',
      '/kind',
      `kind must be 1 to ${kindLength} characters of a–z, 0–9, _ and ., not ${show(kind)}.`,
    );
  }
  if (
    typeof idempotency_key !== 'string' ||
    idempotency_key.length === 0 ||
    (idempotency_key.length > keyLength && [...idempotency_key].length > keyLength)
  ) {
    return reject(
      'bad_field',
      '/idempotency_key',
      `idempotency_key must be text of 1 to ${keyLength} characters, not ${show(idempotency_key)}.`,
    );
  }
  if (!isJsonObject(payload)) {
    return reject('bad_field', '/payload', `payload must be an object (it may be empty), not ${show(payload)}.`);
  }
  const envelope: Envelope = { trace_id, ts, kind, idempotency_key, payload };
  if (producer_id !== undefined || producer_seq !== undefined) {
    if (typeof producer_id !== 'string' || producer_id.length === 0 || producer_id.length > 200) {
      return reject(
        'bad_field',
        '/producer_id',
        `producer_id must be text of 1 to 200 characters, not ${show(producer_id)}.`,
      );
    }
    if (typeof producer_seq !== 'number' || !Number.isSafeInteger(producer_seq) || producer_seq < 0) {
      return reject(
        'bad_field',
        '/producer_seq',
        `producer_seq must be a whole number from 0, not ${show(producer_seq)}.`,
      );
    }
    envelope.producer_id = producer_id;
    envelope.producer_seq = producer_seq;
  }
  return { ok: true, envelope };
}
