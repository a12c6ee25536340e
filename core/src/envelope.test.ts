// The envelope: what is good goes through unchanged, and each fault has its code and names its field.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readEnvelope } from './envelope.ts';

const topic = 'tracker/events/garden/watered';
const good = {
  trace_id: '3f0c1a52-6a1e-4d0e-9d0b-0a5b8d0c7e11',
  ts: '2026-01-15T10:30:00Z',
  kind: 'plant_watered',
  idempotency_key: 'a-key',
  payload: {},
};
const envelopes = fc.record({
  trace_id: fc.uuid(),
  ts: fc
    .date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
    .map((date) => date.toISOString()),
  kind: fc.stringMatching(/^[a-z0-9_.]{1,100}$/),
  idempotency_key: fc
    .string({ minLength: 1, maxLength: 200, unit: 'grapheme' })
    .filter((key) => !key.includes('\0') && key.isWellFormed() && [...key].length <= 200),
  payload: fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), fc.oneof(fc.integer(), fc.boolean(), fc.constant(null))),
});

describe('readEnvelope', () => {
  it('takes what has the five fields, as it is', () => {
    fc.assert(
      fc.property(envelopes, (envelope) => {
        expect(readEnvelope(topic, JSON.stringify(envelope))).toEqual({ ok: true, envelope });
      }),
      { numRuns: 500 },
    );
  });

  it('names the field that is missing', () => {
    fc.assert(
      fc.property(
        envelopes,
        fc.constantFrom('trace_id', 'ts', 'kind', 'idempotency_key', 'payload'),
        (envelope, field) => {
          const { [field]: _left, ...rest } = Object.fromEntries(Object.entries(envelope));
          const result = readEnvelope(topic, JSON.stringify(rest));
          expect(result).toMatchObject({ ok: false, reason_code: 'missing_field', pointer: `/${field}` });
          expect(!result.ok && result.failure_reason).toContain(field);
        },
      ),
    );
  });

  it.each([
    ['trace_id', 'not-a-uuid'],
    ['trace_id', null],
    ['ts', '2026-02-30T10:30:00Z'],
    ['ts', '2026-01-15T10:30:00'],
    ['ts', '2026-01-15'],
    ['ts', 1_768_473_000],
    ['kind', 'Plant Watered'],
    ['kind', ''],
    ['kind', 'x'.repeat(101)],
    ['idempotency_key', ''],
    ['idempotency_key', 'x'.repeat(201)],
    ['idempotency_key', 7],
    ['payload', []],
    ['payload', null],
    ['payload', 'text'],
  ])('refuses %s = %j', (field, value) => {
    const result = readEnvelope(topic, JSON.stringify({ ...good, [field]: value }));
    expect(result).toMatchObject({ ok: false, reason_code: 'bad_field', pointer: `/${field}` });
    expect(!result.ok && result.failure_reason.startsWith(field)).toBe(true);
  });

  it.each([
    ['nothing', 'not_json', ''],
    ['', 'not_json', ''],
    ['[]', 'not_an_object', ''],
    ['"text"', 'not_an_object', ''],
    [JSON.stringify({ ...good, payload: { a: '\0' } }), 'unstorable_text', '/payload/a'],
    [JSON.stringify(good).replace('{}', '{"a":"\\ud800"}'), 'unstorable_text', '/payload/a'],
    [JSON.stringify(good).replace('{}', '{"a":1e999}'), 'unstorable_number', '/payload/a'],
    [JSON.stringify(good).replace('{}', '{"a":1,"a":2}'), 'duplicate_key', '/payload/a'],
    [
      JSON.stringify(good).replace('{}', `{"a":${'['.repeat(64)}${']'.repeat(64)}}`),
      'too_deep',
      `/payload/a${'/0'.repeat(62)}`,
    ],
  ])('calls %j %s, at %j', (text, code, pointer) => {
    expect(readEnvelope(topic, text)).toMatchObject({ ok: false, reason_code: code, pointer });
  });

  it('refuses topics that are too long, empty or have a wildcard, and counts characters, not units', () => {
    const text = JSON.stringify(good);
    expect(readEnvelope(`tracker/events/${'😀'.repeat(240)}`, text).ok).toBe(true);
    for (const bad of [`tracker/events/${'x'.repeat(241)}`, '', 'tracker/events/+', 'tracker/#', 'tracker/\0']) {
      expect(readEnvelope(bad, text)).toMatchObject({ ok: false, reason_code: 'bad_topic', pointer: '/topic' });
    }
  });
});
