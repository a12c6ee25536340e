// Where a dead letter fails: the byte, or the field; and what a good message on its topic looks like.
import type { DeadLetter } from '@taylordash/core/entities';
import { parseStrictJson } from '@taylordash/core/json';

export interface Fault {
  byte: number | null;
  field: string | null;
}

export function faultOf(
  letter: Pick<DeadLetter, 'reason_code' | 'failure_reason'>,
  bytes: Uint8Array,
  text: string | null,
): Fault {
  if (text === null) return { byte: firstBadByte(bytes), field: null };
  const field = /^The field (\w+) is missing|^(\w+) must be/.exec(letter.failure_reason);
  if (field !== null) return { byte: null, field: field[1] ?? field[2] ?? null };
  const parsed = parseStrictJson(text);
  if (parsed.ok) return { byte: null, field: null };
  const at = parsed.fault === 'syntax' ? syntaxOffset(text) : parsed.offset;
  return { byte: at === null ? null : new TextEncoder().encode(text.slice(0, at)).length, field: null };
}

/** Where JSON.parse gave up, as browsers tell it in words. */
function syntaxOffset(text: string): number | null {
  try {
    JSON.parse(text);
  } catch (error) {
    const at = /position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1];
    if (at !== undefined) return Number(at);
    // `Unexpected token 't', "temp=21.5" is not valid JSON` names no place where it is short.
    const token = /token '?(.)'?/.exec(error instanceof Error ? error.message : '')?.[1];
    const found = token === undefined ? -1 : text.indexOf(token);
    return found < 0 ? text.length : found;
  }
  return null;
}

function firstBadByte(bytes: Uint8Array): number {
  const reader = new TextDecoder('utf-8', { fatal: true });
  for (let at = 0; at < bytes.length; at++) {
    try {
      reader.decode(bytes.subarray(at, at + 1), { stream: true });
    } catch {
      return at;
    }
  }
  return bytes.length;
}

/** An event on that topic as it should be, in lines. */
export function goodExample(topic: string): string {
  const kind = (topic.split('/').at(-1) ?? '').toLowerCase().replace(/[^a-z0-9_.]/g, '_') || 'measured';
  const example = {
    trace_id: '0b2f6c1e-4a57-4c3e-9f0a-2d9b7c1e5a10',
    ts: '2026-01-15T10:30:00Z',
    kind,
    idempotency_key: 'reading-1842',
    payload: { value: 21.5 },
  };
  return JSON.stringify(example, null, 2);
}
