// Checklists: what pasted lines become, and moving a step; how repetitions are read and said.
import { expect, it, test } from 'vitest';
import { readRepeats, sayRepeats, usualRepeats } from './repeats.ts';
import { moveStep, readSteps } from './steps.ts';

it('reads lines as steps, without the marks of other programs', () => {
  const text = '- [ ] Cut\r\n* Glue\n\n  1. Paint\n2) Dry\n[x] Done before\n- minus 3 degrees\n3 screws';
  expect(readSteps(text)).toEqual(['Cut', 'Glue', 'Paint', 'Dry', 'Done before', 'minus 3 degrees', '3 screws']);
});

it('moves a step to any place, and loses none', () => {
  const steps = ['a', 'b', 'c'].map((id) => ({ id }));
  const ids = (id: string, to: number) =>
    moveStep(steps, id, to)
      .map((step) => step.id)
      .join('');
  expect([ids('a', 2), ids('c', 0), ids('b', -1), ids('b', 9), ids('x', 1)]).toEqual([
    'bca',
    'cab',
    'bac',
    'acb',
    'abc',
  ]);
});

test.each([
  ['every 3 days', { every: 3, unit: 'day' }],
  ['2 weeks', { every: 2, unit: 'week' }],
  ['Month', { every: 1, unit: 'month' }],
  ['every 0 days', null],
  ['every 400 days', null],
  ['sometimes', null],
])('%s', (text, repeats) => {
  expect(readRepeats(text)).toEqual(repeats);
});

it('reads what it says', () => {
  for (const repeats of usualRepeats) expect(readRepeats(sayRepeats(repeats))).toEqual(repeats);
});
