// A message from outside on its way into the mirror: what it is, and whether it may go in.
import { isUtf8 } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import { messageBytes, type Rejection, readEnvelope } from '@taylordash/core/envelope';

/** A message as a broker delivered it. */
export interface Incoming {
  topic: string;
  bytes: Buffer;
  qos: number;
  retain: boolean;
  /** The publisher's name for itself; null where the broker tells none. */
  client_id: string | null;
  /** Whose idempotency keys it shares: the id of a device, empty where the broker vouches for nobody. */
  identity: string;
  /** The dead letter that it is replayed from: marked as such by the commit that stores it. */
  letter_id?: string;
}

/** One that is in the mirror already. */
export type RepeatedMessage = Pick<Incoming, 'topic' | 'client_id' | 'identity'> & { key: string };

/** A message that passed: its text goes into the database as it came, so that numbers keep their digits. */
export interface ReadMessage {
  ok: true;
  text: string;
  key: string;
}

export interface RefusedMessage extends Rejection {
  ok: false;
  /** The idempotency key, where one could be read. */
  event_key: string | null;
  /** The message is JSON that the database can hold. */
  text: string | null;
}

/** Why one was not taken. */
export type Failure = Pick<RefusedMessage, 'reason_code' | 'failure_reason'>;

/** What became of a message. `stored`, `duplicate` and `echo` are in the mirror; `dead` is a dead letter. */
export type Outcome = 'stored' | 'duplicate' | 'echo' | 'dead';

const metricPrefix = 'tracker/metrics/';

/** Checks one message by the rules of the envelope and, for metrics, of a measured value. */
export function readMessage(topic: string, bytes: Buffer): ReadMessage | RefusedMessage {
  if (bytes.length > messageBytes) {
    const failure_reason = `The message has ${bytes.length} bytes; ${messageBytes} are the most that is taken.`;
    return { ok: false, reason_code: 'too_large', failure_reason, pointer: '', event_key: null, text: null };
  }
  if (!isUtf8(bytes)) {
    const failure_reason = 'The message is not UTF-8 text.';
    return { ok: false, reason_code: 'not_utf8', failure_reason, pointer: '', event_key: null, text: null };
  }
  const text = isMetric(topic) ? measured(bytes.toString('utf8')) : bytes.toString('utf8');
  const result = readEnvelope(topic, text);
  if (!result.ok) {
    const { reason_code } = result;
    const kept = reason_code === 'missing_field' || reason_code === 'bad_field' || reason_code === 'not_an_object';
    return { ...result, event_key: null, text: kept ? text : null };
  }
  const { idempotency_key, payload } = result.envelope;
  const wrong = isMetric(topic) ? metricFault(topic, payload) : null;
  if (wrong !== null) return { ok: false, reason_code: 'bad_field', ...wrong, event_key: idempotency_key, text };
  return { ok: true, text, key: idempotency_key };
}

/** A bare number, as small boards send it, in an envelope. It has no key of its own: sent twice, it is measured twice. */
function measured(text: string): string {
  if (!/^\s*-?\d{1,30}(\.\d{1,30})?\s*$/.test(text)) return text;
  const [trace_id, idempotency_key] = [randomUUID(), randomUUID()];
  const ts = new Date().toISOString();
  return JSON.stringify({ trace_id, ts, kind: 'metric_measured', idempotency_key, payload: { value: Number(text) } });
}

export function isMetric(topic: string): boolean {
  return topic.startsWith(metricPrefix);
}

/** Why this cannot become a row of logging.system_metrics, or null. The lengths are the columns'. */
function metricFault(
  topic: string,
  payload: Record<string, unknown>,
): Pick<Rejection, 'pointer' | 'failure_reason'> | null {
  const fault = (pointer: string, failure_reason: string) => ({ pointer, failure_reason });
  const [service = '', metric = '', ...rest] = topic.slice(metricPrefix.length).split('/');
  if (service === '' || metric === '' || rest.length > 0) {
    return fault('/topic', 'A metric is published on tracker/metrics/{service}/{metric}.');
  }
  if ([...service].length > 50) return fault('/topic', 'The service of a metric has 50 characters at the most.');
  if ([...metric].length > 100) return fault('/topic', 'The name of a metric has 100 characters at the most.');
  const { value, unit, tags } = payload;
  if (typeof value !== 'number') return fault('/payload/value', 'A metric needs a number in payload.value.');
  if (unit !== undefined && unit !== null && (typeof unit !== 'string' || [...unit].length > 20)) {
    return fault('/payload/unit', 'The unit of a metric, payload.unit, is text of 20 characters at the most.');
  }
  if (tags !== undefined && tags !== null && (typeof tags !== 'object' || Array.isArray(tags))) {
    return fault('/payload/tags', 'The tags of a metric, payload.tags, are an object.');
  }
  return null;
}
