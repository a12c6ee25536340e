// Quick add: sixty sentences with what each means, and what holds for any text at all.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseQuickAdd, type QuickAdd, type QuickAddOptions, quickAddLines, readQuickAdd } from './quick-add.ts';

/** A Wednesday, ten in the morning in Berlin. */
const options: QuickAddOptions = {
  now: Date.parse('2026-05-13T08:00:00Z'),
  time_zone: 'Europe/Berlin',
  week_start: 1,
};

type Meaning = Partial<Omit<QuickAdd, 'due' | 'tokens' | 'repeats'>> & {
  /** A day, or a moment in UTC to the minute. */
  due?: string;
  repeats?: string;
};

function meaningOf(text: string, over: Partial<QuickAddOptions> = {}): Meaning {
  const { tokens: _tokens, due, repeats, ...rest } = parseQuickAdd(text, { ...options, ...over });
  const said = Object.entries(rest).filter(([, value]) => value !== null);
  const moment = due && (due.due_is_date ? due.due_date.slice(0, 10) : `${due.due_date.slice(0, 16)}Z`);
  if (due?.due_is_date) expect(due.due_date).toMatch(/T00:00:00Z$/);
  return {
    ...Object.fromEntries(said),
    ...(moment ? { due: moment } : {}),
    ...(repeats ? { repeats: `${repeats.every} ${repeats.unit}` } : {}),
  };
}

const sentences: [text: string, meaning: Meaning][] = [
  // The whole of it.
  [
    'wire sensor tomorrow 6pm #greenhouse/pump @sam !2 ~2h',
    {
      ...{ name: 'wire sensor', project: 'greenhouse', component: 'pump', person: 'sam', priority: 2 },
      ...{ estimate_minutes: 120, due: '2026-05-14T16:00Z' },
    },
  ],
  ['Buy screws', { name: 'Buy screws' }],
  // Places.
  ['#greenhouse wire sensor', { name: 'wire sensor', project: 'greenhouse' }],
  ['fill tank #"Green house"/Pump', { name: 'fill tank', project: 'Green house', component: 'Pump' }],
  [
    'fill tank #shed/"Main pump" today',
    { name: 'fill tank', project: 'shed', component: 'Main pump', due: '2026-05-13' },
  ],
  ['fill tank #“Green house”', { name: 'fill tank', project: 'Green house' }],
  ['paint it #shed, then dry', { name: 'paint it then dry', project: 'shed' }],
  ['look into bug #12', { name: 'look into bug #12' }],
  ['learn C# and F#', { name: 'learn C# and F#' }],
  ['move it #shed #barn', { name: 'move it #shed', project: 'barn' }],
  // People.
  ['ask @sam.o about it', { name: 'ask about it', person: 'sam.o' }],
  ['write to sam@example.org @Zoë', { name: 'write to sam@example.org', person: 'Zoë' }],
  // Priority and effort.
  ['fix leak !1', { name: 'fix leak', priority: 1 }],
  ['fix leak !5 now!', { name: 'fix leak !5 now!' }],
  ['saw ~30m', { name: 'saw', estimate_minutes: 30 }],
  ['saw ~1h30', { name: 'saw', estimate_minutes: 90 }],
  ['saw ~1.5h boards', { name: 'saw boards', estimate_minutes: 90 }],
  ['buy ~20 screws', { name: 'buy ~20 screws' }],
  // Days.
  ['water plants today', { name: 'water plants', due: '2026-05-13' }],
  ['Tomorrow: call the bank', { name: 'call the bank', due: '2026-05-14' }],
  ['movie tonight', { name: 'movie', due: '2026-05-13' }],
  ['post letter fri', { name: 'post letter', due: '2026-05-15' }],
  ['post letter by Friday', { name: 'post letter', due: '2026-05-15' }],
  ['review on wednesday', { name: 'review', due: '2026-05-20' }],
  ['review next fri', { name: 'review', due: '2026-05-22' }],
  ['review next monday', { name: 'review', due: '2026-05-18' }],
  ['plan next week', { name: 'plan', due: '2026-05-18' }],
  ['plan next month', { name: 'plan', due: '2026-06-01' }],
  ['mow lawn sat', { name: 'mow lawn', due: '2026-05-16' }],
  ['fix sun shade', { name: 'fix sun shade' }],
  ['clean on sun @sam', { name: 'clean', person: 'sam', due: '2026-05-17' }],
  ['pay rent in 3 days', { name: 'pay rent', due: '2026-05-16' }],
  ['pay rent in two weeks', { name: 'pay rent', due: '2026-05-27' }],
  ['renew pass in a year', { name: 'renew pass', due: '2027-05-13' }],
  ['check oven in 45 minutes', { name: 'check oven', due: '2026-05-13T08:45Z' }],
  ['report due 20 may', { name: 'report', due: '2026-05-20' }],
  ['party 12 may', { name: 'party', due: '2027-05-12' }],
  ['party may 13', { name: 'party', due: '2026-05-13' }],
  ['taxes July 31st, 2027', { name: 'taxes', due: '2027-07-31' }],
  ['leap 29 feb', { name: 'leap', due: '2028-02-29' }],
  ['never 31 june', { name: 'never 31 june' }],
  ['ship 2026-05-14', { name: 'ship', due: '2026-05-14' }],
  ['ship 2026-02-30', { name: 'ship 2026-02-30' }],
  ['it may rain', { name: 'it may rain' }],
  ['prepare monday meeting on friday', { name: 'prepare monday meeting', due: '2026-05-15' }],
  // Times.
  ['dentist 18:30', { name: 'dentist', due: '2026-05-13T16:30Z' }],
  ['dentist 9am', { name: 'dentist', due: '2026-05-14T07:00Z' }],
  ['call mom at 5', { name: 'call mom', due: '2026-05-13T15:00Z' }],
  ['look at 3 houses', { name: 'look at 3 houses' }],
  ['lunch at noon tomorrow', { name: 'lunch', due: '2026-05-14T10:00Z' }],
  ['call 6:15 pm about it, tomorrow', { name: 'call about it,', due: '2026-05-14T16:15Z' }],
  // The night when clocks go back shows half past two twice, the one when they go forward never.
  ['watch clock 25 oct 2:30', { name: 'watch clock', due: '2026-10-25T00:30Z' }],
  ['watch clock 28 mar 2027 2:30am', { name: 'watch clock', due: '2027-03-28T01:30Z' }],
  // Repetition.
  ['water plants every day', { name: 'water plants', due: '2026-05-13', repeats: '1 day' }],
  ['water plants every day 7am', { name: 'water plants', due: '2026-05-14T05:00Z', repeats: '1 day' }],
  ['bins every friday', { name: 'bins', due: '2026-05-15', repeats: '1 week' }],
  ['bins every other tue starting 1 june', { name: 'bins', due: '2026-06-02', repeats: '2 week' }],
  ['service every 2 weeks from now', { name: 'service from now', due: '2026-05-13', repeats: '2 week' }],
  ['rent every month on 1 june', { name: 'rent', due: '2026-06-01', repeats: '1 month' }],
  ['birthday every 14 may', { name: 'birthday', due: '2026-05-14', repeats: '1 year' }],
  ['fix every bug', { name: 'fix every bug' }],
  // Quotes.
  ['watch "today show" tomorrow', { name: 'watch today show', due: '2026-05-14' }],
  ['watch "today show", then sleep', { name: 'watch today show, then sleep' }],
  ['read "Dune" today', { name: 'read "Dune"', due: '2026-05-13' }],
  ['mount 19" rack', { name: 'mount 19" rack' }],
];

describe('the sentences', () => {
  it('are sixty or more', () => {
    expect(new Set(sentences.map(([text]) => text)).size).toBeGreaterThanOrEqual(60);
  });
  it.each(sentences)('%s', (text, meaning) => {
    expect(meaningOf(text)).toEqual(meaning);
  });
});

describe('who and where it is typed', () => {
  it('today is the day in the person’s zone', () => {
    const now = Date.parse('2026-05-13T22:30:00Z');
    expect(meaningOf('x today', { now })).toEqual({ name: 'x', due: '2026-05-14' });
    expect(meaningOf('x today', { now, time_zone: 'America/New_York' })).toEqual({ name: 'x', due: '2026-05-13' });
    expect(meaningOf('x 6pm', { now, time_zone: 'America/New_York' })).toEqual({ name: 'x', due: '2026-05-14T22:00Z' });
  });
  it('next is of the week that starts on the person’s first day', () => {
    const sunday = Date.parse('2026-05-17T08:00:00Z');
    expect(meaningOf('x next fri', { now: sunday }).due).toBe('2026-05-22');
    expect(meaningOf('x next fri', { now: sunday, week_start: 7 }).due).toBe('2026-05-29');
    expect(meaningOf('x next week', { now: sunday, week_start: 7 }).due).toBe('2026-05-24');
  });
});

describe('what is taken back', () => {
  const textOf = (text: string, kind: string, plain: [number, number][] = []) => {
    const found = parseQuickAdd(text, { ...options, plain }).tokens.find((token) => token.kind === kind);
    return found && ([found.start, found.end] as [number, number]);
  };
  it('is a word again', () => {
    const text = 'wire it tomorrow 6pm #shed/pump';
    const due = textOf(text, 'due');
    expect(due && text.slice(...due)).toBe('tomorrow 6pm');
    expect(meaningOf(text, { plain: due ? [due] : [] })).toEqual({
      ...{ name: 'wire it tomorrow 6pm', project: 'shed', component: 'pump' },
    });
  });
  it('a component leaves its project', () => {
    const text = 'wire it #shed/pump now';
    const component = textOf(text, 'component');
    expect(component && text.slice(...component)).toBe('/pump');
    expect(meaningOf(text, { plain: component ? [component] : [] })).toEqual({
      name: 'wire it /pump now',
      project: 'shed',
    });
    const project = textOf(text, 'project');
    expect(meaningOf(text, { plain: project ? [project] : [] })).toEqual({ name: 'wire it #shed/pump now' });
  });
  it('lets an earlier one of its kind count', () => {
    const text = 'monday meeting friday';
    const due = textOf(text, 'due');
    expect(meaningOf(text, { plain: due ? [due] : [] })).toEqual({ name: 'meeting friday', due: '2026-05-18' });
  });
});

describe('lines', () => {
  it('make a task each, without bullets, boxes and numbers', () => {
    const text = '- one\r\n\r\n* [ ] two\n3. three\n  • four \n- [x] five\n2 screws\n-\n';
    const lines = quickAddLines(text);
    expect(lines.map((line) => [line.line, line.text])).toEqual([
      [1, 'one'],
      [3, 'two'],
      [4, 'three'],
      [5, 'four'],
      [6, 'five'],
      [7, '2 screws'],
      [8, '-'],
    ]);
    for (const line of lines) expect(text.slice(line.start, line.start + line.text.length)).toBe(line.text);
    expect(quickAddLines('3. Teil lesen')).toEqual([{ line: 1, start: 0, text: '3. Teil lesen' }]);
  });
  it('are read each by itself; what is taken back counts in the whole text', () => {
    const text = 'water fri\r\n- [ ] bins today #shed/bin';
    const back = (words: string) => [text.indexOf(words), text.indexOf(words) + words.length] as const;
    const lines = readQuickAdd(text, { ...options, plain: [back('fri'), back('/bin')] });
    expect(
      lines.map(({ line, read: { name, project, component, due } }) => [line, name, project, component, due]),
    ).toEqual([
      [1, 'water fri', null, null, null],
      [2, 'bins /bin', 'shed', null, { due_date: '2026-05-13T00:00:00Z', due_is_date: true }],
    ]);
  });
});

describe('any text', () => {
  const fragments = [
    ...[
      '#',
      '#a/b',
      '#"a b"/c',
      '@sam',
      '!1',
      '~2h',
      '"',
      '“',
      '”',
      ',',
      '/',
      ' ',
      '  ',
      '\t',
      '14',
      'may',
      '5',
      'at',
      'on',
    ],
    ...[
      'by',
      'due',
      'every',
      'other',
      '2',
      'weeks',
      'fri',
      'sat',
      'next',
      'in',
      'days',
      'starting',
      'today',
      '6pm',
      'pm',
    ],
    ...['18:30', '2026-05-14', 'in 9999 years', 'every 400 days', 'x', 'Zoë', '\u2028', '😀', '\ud800'],
  ];
  const anyText = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.array(fc.constantFrom(...fragments), { maxLength: 14 }).map((parts) => parts.join('')),
    fc.array(fc.constantFrom(...fragments), { maxLength: 14 }).map((parts) => parts.join(' ')),
    fc.array(fc.constantFrom(...sentences.map(([text]) => text)), { maxLength: 4 }).map((parts) => parts.join(' ')),
  );
  const anyNow = fc.record({
    now: fc.integer({ min: 0, max: 4e12 }),
    time_zone: fc.constantFrom('Europe/Berlin', 'Pacific/Apia', 'America/New_York', 'Asia/Kathmandu', 'UTC'),
    week_start: fc.integer({ min: 1, max: 7 }),
  });
  const solid = (text: string) => text.replace(/\s+/g, '');

  it('is read without a throw, its tokens in order and apart', () => {
    fc.assert(
      fc.property(anyText, anyNow, (text, when) => {
        const { tokens, due } = parseQuickAdd(text, when);
        let at = 0;
        for (const { start, end } of tokens) {
          expect(start).toBeGreaterThanOrEqual(at);
          expect(end).toBeGreaterThan(start);
          expect(end).toBeLessThanOrEqual(text.length);
          expect(text.slice(start, end)).toBe(text.slice(start, end).trim());
          at = end;
        }
        const kinds = tokens.map(({ kind }) => kind);
        for (const kind of ['project', 'component', 'person', 'priority', 'estimate', 'repeats'] as const)
          expect(kinds.filter((other) => other === kind).length).toBeLessThanOrEqual(1);
        if (due) expect(new Date(due.due_date).toISOString()).toMatch(/^\d{4}-/);
      }),
      { numRuns: 1500 },
    );
  });
  it('is the name and the tokens, but for quotes that escape', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const { name, tokens } = parseQuickAdd(text, options);
        let left = text;
        for (const { start, end } of [...tokens].reverse()) left = `${left.slice(0, start)} ${left.slice(end)}`;
        const [bare, quoted] = [solid(name), solid(left)];
        if (!/["“”„]/.test(left)) expect(bare).toBe(quoted);
        expect(bare.replace(/["“”„]/g, '')).toBe(quoted.replace(/["“”„]/g, ''));
      }),
      { numRuns: 1500 },
    );
  });
  it('taken back as a whole is its own name; taken back in part, that part is no token', () => {
    fc.assert(
      fc.property(anyText, fc.nat(10), (text, n) => {
        const whole = parseQuickAdd(text, { ...options, plain: [[0, text.length]] });
        expect(whole).toMatchObject({ name: text.replace(/\s+/g, ' ').trim(), tokens: [], due: null, repeats: null });
        const { tokens } = parseQuickAdd(text, options);
        const back = tokens[n % Math.max(1, tokens.length)];
        if (!back) return;
        const after = parseQuickAdd(text, { ...options, plain: [[back.start, back.end]] });
        expect(after.tokens.filter(({ start, end }) => start < back.end && end > back.start)).toEqual([]);
        expect(solid(after.name)).toContain(solid(text.slice(back.start, back.end)).replace(/["“”„].*/, ''));
      }),
      { numRuns: 1500 },
    );
  });
  it('is read the same again with its tokens written first', () => {
    fc.assert(
      fc.property(fc.constantFrom(...sentences.map(([text]) => text)), (text) => {
        const first = parseQuickAdd(text, options);
        if (/["“”]/.test(text) || first.tokens.length === 0) return;
        const line = [first.name, ...first.tokens.filter(({ kind }) => kind !== 'component')]
          .map((part) => (typeof part === 'string' ? part : text.slice(part.start, part.end)))
          .join(' ');
        const again = parseQuickAdd(line, options);
        expect({ ...again, tokens: [], component: null, name: '' }).toEqual({
          ...{ ...first, tokens: [], component: null, name: '' },
        });
      }),
    );
  });
});
