// Bounds that no JSON schema can state: free JSON by its size, time zones by their existence.
import type { Checklist } from '@taylordash/core/entities';
import { invalidField } from './problem.ts';

/** Largest metadata of an entity, in bytes of JSON: an event carries it three times. */
const metadataBytes = 16 * 1024;
/** Largest checklist of a task, likewise. */
const checklistBytes = 32 * 1024;

/** Throws request.invalid where metadata is larger than an event can carry. */
export function checkMetadata(fields: { metadata?: unknown }): void {
  const fault = fields.metadata === undefined ? null : metadataFault(fields.metadata);
  if (fault !== null) throw invalidField('/metadata', fault);
}

/** Throws request.invalid where a checklist is larger than an event can carry, or two of its items go by one id. */
export function checkChecklist(fields: { checklist?: Checklist }): void {
  const fault = checklistFault(fields.checklist ?? []);
  if (fault !== null) throw invalidField('/checklist', fault);
}

/** What is wrong with a checklist beyond its schema, or null. */
export function checklistFault(checklist: Checklist): string | null {
  const twice = checklist.find(({ id }, index) => checklist.findIndex((other) => other.id === id) < index);
  if (twice) return `has the id ${JSON.stringify(twice.id)} twice`;
  const size = Buffer.byteLength(JSON.stringify(checklist));
  return size > checklistBytes ? `has ${size} bytes of JSON; ${checklistBytes} is the most` : null;
}

/** What is wrong with free JSON's size, or null. */
export function metadataFault(metadata: unknown): string | null {
  const size = Buffer.byteLength(JSON.stringify(metadata, asKept));
  return size > metadataBytes ? `has ${size} bytes of JSON; ${metadataBytes} is the most` : null;
}

/** PostgreSQL writes a number without an exponent: 1e300 has 301 digits there. */
function asKept(_key: string, value: unknown): unknown {
  if (typeof value !== 'number' || value === 0) return value;
  const digits = Math.abs(Math.log10(Math.abs(value)));
  return digits < 20 ? value : '0'.repeat(Math.ceil(digits) + 17);
}

/** Throws request.invalid where no such time zone exists. */
export function checkTimeZone(fields: { time_zone?: string }): void {
  if (fields.time_zone === undefined) return;
  try {
    new Intl.DateTimeFormat('en', { timeZone: fields.time_zone });
  } catch {
    throw invalidField('/time_zone', 'must be the name of a time zone, such as Europe/Berlin');
  }
}
