// What a message becomes by a binding: a number, a percentage or a status, or why it cannot be read.
import { isUtf8 } from 'node:buffer';
import { asNumber, progressOf, readValue, type Scalar } from '@taylordash/core/bindings';
import type { BindingTarget } from '@taylordash/core/device-entities';

export type BindingOutcome =
  | { ok: true; value: Scalar; result: number | string }
  /** `known`: a status map that leaves the value out on purpose, which is no fault. */
  | { ok: false; value: Scalar | null; reason: string; known: boolean };

export function resultOf(payload: Buffer, path: string, target: BindingTarget): BindingOutcome {
  if (!isUtf8(payload)) return { ok: false, value: null, reason: 'the message is not UTF-8 text', known: false };
  const read = readValue(payload.toString('utf8'), path);
  if (!read.ok) return { ok: false, value: null, reason: read.reason, known: false };
  const { value } = read;
  if (target.kind === 'status') {
    const text = String(value);
    const status = target.map && Object.hasOwn(target.map, text) ? target.map[text] : undefined;
    if (status !== undefined) return { ok: true, value, result: status };
    return { ok: false, value, reason: `the map has no status for ${JSON.stringify(text).slice(0, 80)}`, known: true };
  }
  const number = asNumber(value);
  if (number === null) {
    return { ok: false, value, reason: `${JSON.stringify(value).slice(0, 80)} is not a number`, known: false };
  }
  if (target.kind === 'metric') return { ok: true, value, result: number };
  return { ok: true, value, result: progressOf(number, { from: target.from ?? 0, to: target.to ?? 100 }) };
}
