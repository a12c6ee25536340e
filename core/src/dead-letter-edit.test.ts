// Edits of dead letters: what each step does, what stands in its way, and that the same letter always gives the same message.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyEdit, type Editable, editFault, pathSteps } from './dead-letter-edit.ts';
import type { Edit } from './dead-letter-entities.ts';
import { readEnvelope } from './envelope.ts';

const uuids = (n: number) => `00000000-0000-8000-8000-${String(n).padStart(12, '0')}`;
const letter = (text: string, topic = 'tracker/events/greenhouse/7'): Editable => ({
  topic,
  text,
  received_at: '2026-01-15T10:30:00.000000Z',
  client_id: 'greenhouse-esp32',
});
const after = (text: string, edit: Edit): unknown => {
  const edited = applyEdit(letter(text), edit, uuids);
  return edited.ok ? JSON.parse(edited.text) : edited;
};

describe('an edit', () => {
  it('makes an event of plain text', () => {
    const edited = applyEdit(
      letter('temp=21.5'),
      [
        { op: 'wrap', kind: 'temperature_read', into: 'text' },
        { op: 'set', path: 'payload.celsius', value: '{{number}}' },
      ],
      uuids,
    );
    expect(edited.ok && JSON.parse(edited.text)).toEqual({
      ...{ trace_id: uuids(0), ts: '2026-01-15T10:30:00.000000Z', kind: 'temperature_read', idempotency_key: uuids(1) },
      payload: { text: 'temp=21.5', celsius: 21.5 },
    });
    expect(edited.ok && readEnvelope('tracker/events/x', edited.text).ok).toBe(true);
  });
  it('wraps JSON as JSON', () => {
    expect(after('{"t":1}', [{ op: 'wrap', kind: 'k', into: 'reading' }])).toMatchObject({
      payload: { reading: { t: 1 } },
    });
  });
  it('sets, renames and removes fields, by pointer or by dots', () => {
    expect(
      after('{"a":{"b/c":1,"d":[1,2]},"e":5}', [
        { op: 'rename', path: '/a/b~1c', to: 'payload.value' },
        { op: 'remove', path: 'a.d.0' },
        { op: 'set', path: 'kind', value: '{{topic.3}}_{{ topic.4 }}' },
        { op: 'set', path: 'nested', value: { by: ['{{client_id}}', 3] } },
        { op: 'remove', path: 'e' },
        { op: 'remove', path: 'not.there' },
        { op: 'rename', path: 'nor.this', to: 'x' },
      ]),
    ).toEqual({ a: { d: [2] }, payload: { value: 1 }, kind: 'greenhouse_7', nested: { by: ['greenhouse-esp32', 3] } });
  });
  it('says at which step it failed and why', () => {
    expect(after('temp=1', [{ op: 'set', path: 'kind', value: 'x' }])).toMatchObject({
      ok: false,
      reason_code: 'not_json',
    });
    expect(after('{"a":1}', [{ op: 'set', path: 'a.b', value: 'x' }])).toMatchObject({
      reason_code: 'edit_failed',
      reason: 'Step 1: a is no object.',
    });
    expect(after('{"a":[]}', [{ op: 'set', path: 'a.5', value: 'x' }])).toMatchObject({ reason_code: 'edit_failed' });
  });
  it('does not fill memory with what templates stand for', () => {
    const steps = Array.from({ length: 50 }, (_, n) => ({
      op: 'set' as const,
      path: `b${n}`,
      value: '{{text}}'.repeat(20_000),
    }));
    expect(after(JSON.stringify({ a: 'x'.repeat(200_000) }), steps)).toMatchObject({
      ok: false,
      reason_code: 'too_large',
      reason: 'Step 1: its templates make the message too large.',
    });
  });
  it('refuses templates that do not exist and __proto__', () => {
    expect(editFault([{ op: 'set', path: 'a', value: ['{{nonsense}}'] }])).toMatchObject({ step: 0, field: 'value' });
    expect(editFault([{ op: 'set', path: 'a', value: '{{topic.0}}' }])).toMatchObject({ field: 'value' });
    expect(editFault([{ op: 'set', path: 'a', value: '{{topic.3}} {{uuid}} {{received_at}}' }])).toBeNull();
    expect(editFault([{ op: 'rename', path: 'a', to: 'b.__proto__.c' }])).toMatchObject({ field: 'to' });
    expect(editFault([{ op: 'remove', path: 'a..b' }])).toMatchObject({ field: 'path' });
    expect(after('{}', [{ op: 'set', path: 'constructor.prototype.polluted', value: 1 }])).toEqual({
      constructor: { prototype: { polluted: 1 } },
    });
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
  });
});

const name = fc.string({ minLength: 1, maxLength: 8 }).filter((text) => text !== '__proto__');
const pointer = (steps: string[]) =>
  steps.map((step) => `/${step.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
const steps = fc.array(
  fc.oneof(
    fc.record({ op: fc.constant('set' as const), path: name.map((one) => pointer([one])), value: fc.jsonValue() }),
    fc.record({ op: fc.constant('remove' as const), path: name.map((one) => pointer([one])) }),
    fc.record({
      op: fc.constant('rename' as const),
      path: name.map((one) => pointer([one])),
      to: name.map((one) => pointer([one])),
    }),
    fc.constant({ op: 'wrap' as const, kind: 'k', into: 'text' }),
  ),
  { maxLength: 6 },
);

describe('properties', () => {
  it('a pointer says its steps', () => {
    fc.assert(
      fc.property(fc.array(name, { minLength: 1 }), (path) => {
        expect(pathSteps(pointer(path))).toEqual(path);
      }),
    );
  });
  it('whatever the text and the steps, it answers, always the same, and never touches its input', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.json()), steps, (text, edit) => {
        const asked = JSON.stringify(edit);
        const once = applyEdit(letter(text), edit, uuids);
        expect(applyEdit(letter(text), edit, uuids)).toEqual(once);
        if (once.ok && edit.some(({ op }) => op === 'wrap')) expect(() => JSON.parse(once.text)).not.toThrow();
        expect(JSON.stringify(edit)).toBe(asked);
      }),
    );
  });
  it('what was set is there, and what was removed is not', () => {
    fc.assert(
      fc.property(fc.dictionary(name, fc.jsonValue()), name, fc.integer(), (object, field, value) => {
        const text = JSON.stringify(object);
        const others = Object.entries(object).filter(([key]) => key !== field && key !== '__proto__');
        const set = after(text, [{ op: 'set', path: pointer([field]), value }]);
        expect(set).toMatchObject({ [field]: value });
        const removed = after(text, [{ op: 'remove', path: pointer([field]) }]);
        expect(removed).toEqual(JSON.parse(JSON.stringify(Object.fromEntries(others))));
      }),
    );
  });
});
