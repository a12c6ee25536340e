// The judge of histories itself: each kind of fault put in on purpose is found, and nothing else.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Findings, judge, nothingFound, type Sent, type Stored } from './history.ts';

/** Two publishers whose messages are stored interleaved, each in its order, some as dead letters. */
const runs = fc
  .record({
    counts: fc.tuple(fc.integer({ min: 2, max: 20 }), fc.integer({ min: 2, max: 20 })),
    choices: fc.array(fc.boolean(), { minLength: 40, maxLength: 40 }),
    poison: fc.array(fc.boolean(), { minLength: 40, maxLength: 40 }),
  })
  .map(({ counts, choices, poison }) => {
    const sent: Sent[] = counts.map((count, publisher) => {
      const keys = Array.from({ length: count }, (_, n) => `${publisher}-${n}`);
      const bad = new Set(keys.filter((_, n) => n > 1 && poison[n + publisher * 20] === true));
      return { publisher: String(publisher), keys, acknowledged: new Set(keys), poison: bad };
    });
    const waiting = sent.map(({ keys, poison: bad = new Set() }) => keys.filter((key) => !bad.has(key)));
    const mirror: string[] = [];
    for (let n = 0; waiting.some((keys) => keys.length > 0); n++) {
      const from =
        waiting[choices[n % 40] === true ? 0 : 1]?.shift() ?? waiting.find((keys) => keys.length > 0)?.shift();
      if (from !== undefined) mirror.push(from);
    }
    return { sent, stored: { mirror, dead: sent.flatMap(({ poison: bad = new Set() }) => [...bad]) } };
  });

const faults: readonly [keyof Findings, (stored: Stored) => Stored][] = [
  ['lost', ({ mirror, dead }) => ({ mirror: mirror.filter((key) => key !== '0-1'), dead })],
  ['doubled', ({ mirror, dead }) => ({ mirror: [...mirror, '0-1'], dead })],
  ['phantom', ({ mirror, dead }) => ({ mirror: ['never sent', ...mirror], dead })],
  ['disordered', ({ mirror, dead }) => ({ mirror: [...mirror.filter((key) => key !== '0-0'), '0-0'], dead })],
  ['misjudged', ({ mirror, dead }) => ({ mirror: mirror.filter((key) => key !== '0-1'), dead: [...dead, '0-1'] })],
];

it('finds nothing in a run where nothing went wrong', () => {
  fc.assert(
    fc.property(runs, ({ sent, stored }) => {
      expect(judge(sent, stored)).toEqual(nothingFound);
    }),
  );
});

it.each(faults)('finds %s', (name, put) => {
  fc.assert(
    fc.property(runs, ({ sent, stored }) => {
      const findings = judge(sent, put(stored));
      expect(findings[name].length).toBeGreaterThan(0);
      const others = Object.entries(findings).filter(([other]) => other !== name);
      expect(others.flatMap(([, keys]) => keys)).toEqual([]);
    }),
  );
});

it('finds what was never answered, and does not call lost what was never acknowledged', () => {
  const sent = [{ publisher: 'a', keys: ['1', '2'], acknowledged: new Set(['1']) }];
  expect(judge(sent, { mirror: ['1'], dead: [] })).toEqual({ ...nothingFound, unanswered: ['2'] });
  expect(judge(sent, { mirror: ['1'], dead: [] }, false)).toEqual(nothingFound);
});
