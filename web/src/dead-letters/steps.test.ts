// What the page proposes to do with a letter: steps after which it passes.
import { applyEdit } from '@taylordash/core/dead-letter-edit';
import type { DeadLetter } from '@taylordash/core/entities';
import { readEnvelope } from '@taylordash/core/envelope';
import { expect, it } from 'vitest';
import { editOf, firstSteps } from './steps.ts';

const topic = 'tracker/events/garden/Plant-Seeded';

/** A letter of that text, and what is left of the failure after the steps that are proposed. */
function proposed(text: string, reason_code: DeadLetter['reason_code'], failure_reason: string) {
  const received_at = '2026-01-15T10:30:00Z';
  const letter = {
    ...{ original_topic: topic, raw_base64: btoa(text), client_id: null, first_failed_at: received_at },
    ...{ reason_code, failure_reason },
  } as DeadLetter; // The rest is not looked at.
  const steps = firstSteps(letter);
  const edit = editOf(steps.map((step, key) => ({ ...step, key }))) ?? [];
  const edited = applyEdit({ topic, text, received_at, client_id: null }, edit, () => crypto.randomUUID());
  const read = edited.ok ? readEnvelope(topic, edited.text) : null;
  return { fields: steps.map(({ path }) => path), passes: read?.ok === true };
}

it('fills in every field that is missing or wrong, not the first alone', () => {
  const missing = 'The field trace_id is missing.';
  expect(proposed('{"ts":"2026-01-15T10:30:00Z","payload":{}}', 'missing_field', missing)).toEqual({
    fields: ['trace_id', 'kind', 'idempotency_key'],
    passes: true,
  });
  expect(proposed('{"ts":"today","payload":7}', 'missing_field', missing)).toEqual({
    fields: ['trace_id', 'kind', 'idempotency_key', 'ts', 'payload'],
    passes: true,
  });
});

it('puts what is no JSON into an event', () => {
  expect(proposed('litres=2', 'not_json', 'The message is not JSON.')).toEqual({
    fields: ['text', 'payload.value'],
    passes: true,
  });
});
