// Bindings: values read from messages, progress from ranges, and when a change is due.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  asNumber,
  type ProgressState,
  pathSteps,
  progressDueAt,
  progressEvery,
  progressOf,
  readValue,
  type StatusState,
  statusDueAt,
  takeProgress,
  takeStatus,
  targetFault,
} from './bindings.ts';

describe('readValue', () => {
  it.each([
    ['21.5', '', 21.5],
    [' ON ', '', 'ON'],
    ['"ON"', '', 'ON'],
    ['true', '', true],
    ['{"state":{"temperature":4.5}}', 'state.temperature', 4.5],
    ['{"values":[1,{"x":"y"}]}', 'values[1].x', 'y'],
    ['[[7]]', '[0][0]', 7],
    ['{"a b":{"ü":0}}', 'a b.ü', 0],
  ])('%j at %j is %j', (text, path, value) => {
    expect(readValue(text, path)).toEqual({ ok: true, value });
  });

  it.each([
    ['', '', 'the message is empty'],
    ['{"a":1}', '', 'the message is JSON with fields: a path must name one'],
    ['text', 'a', 'the message is not JSON, so it has no a'],
    ['{"a":1}', 'b', 'the message has no b'],
    ['{"a":1}', 'a.b', 'the message has no a.b'],
    ['{"a":1}', 'constructor', 'the message has no constructor'],
    ['{"a":null}', 'a', 'a is null'],
    ['{"a":{}}', 'a', 'a is not a single value'],
    ['{"a":1}', 'a..b', '“a..b” is no path such as state.temperature or values[0]'],
  ])('%j at %j: %s', (text, path, reason) => {
    expect(readValue(text, path)).toEqual({ ok: false, reason });
  });

  it('finds every value of any JSON by the path to it, and never throws', () => {
    const key = fc.stringMatching(/^[a-z_ ]{1,5}$/);
    const { json } = fc.letrec((tie) => ({
      json: fc.oneof(
        { maxDepth: 3 },
        fc.integer(),
        fc.boolean(),
        fc.string(),
        fc.dictionary(key, tie('json'), { maxKeys: 3 }),
        fc.array(tie('json'), { maxLength: 3 }),
      ),
    }));
    const paths = (value: unknown, before: string): [string, unknown][] => {
      if (typeof value !== 'object' || value === null) return [[before, value]];
      return Object.entries(value).flatMap(([name, inner]) =>
        paths(inner, Array.isArray(value) ? `${before}[${name}]` : before === '' ? name : `${before}.${name}`),
      );
    };
    fc.assert(
      fc.property(json, (value) => {
        for (const [path, wanted] of paths(value, '')) {
          if (path === '') continue;
          expect(readValue(JSON.stringify(value), path)).toEqual({ ok: true, value: wanted });
        }
      }),
    );
    fc.assert(
      fc.property(fc.string(), fc.string(), (text, path) => {
        readValue(text, path);
        pathSteps(path);
      }),
    );
  });
});

describe('numbers and progress', () => {
  it.each([
    ['21.5', 21.5],
    [' -3e2 ', -300],
    ['.5', 0.5],
    ['', null],
    ['12 %', null],
    ['1e999', null],
    [true, null],
    [4, 4],
  ])('%j is %j', (value, number) => {
    expect(asNumber(value)).toBe(number);
  });

  it('stays within 0 and 100, reaches both ends, and grows with the value, whichever way the range runs', () => {
    const number = fc.double({ min: -1e9, max: 1e9, noNaN: true });
    fc.assert(
      fc.property(number, number, number, number, (from, to, a, b) => {
        fc.pre(Math.abs(from - to) > 1e-6);
        const [low, high] = [progressOf(Math.min(a, b), { from, to }), progressOf(Math.max(a, b), { from, to })];
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(100);
        expect(from < to ? high >= low : high <= low).toBe(true);
        expect(progressOf(from, { from, to })).toBe(0);
        expect(progressOf(to, { from, to })).toBe(100);
      }),
    );
  });

  it('sets at most once in ten seconds, never less than a step away but for an end, and ends with what was read last', () => {
    const reading = fc.record({
      progress: fc.integer({ min: 0, max: 100 }),
      after: fc.integer({ min: 0, max: 15_000 }),
    });
    fc.assert(
      fc.property(
        fc.array(reading, { minLength: 1, maxLength: 40 }),
        fc.integer({ min: 1, max: 30 }),
        (readings, step) => {
          let state: ProgressState = { set: null, at: 0, due: null };
          const sets: { at: number; progress: number }[] = [];
          let now = 1_000_000;
          /** What a runner does: sets what is due once it may. */
          const runUntil = (until: number) => {
            const at = progressDueAt(state);
            if (at === null || Math.max(at, now) > until || state.due === null) return;
            const set = { at: Math.max(at, now), progress: state.due };
            sets.push(set);
            state = { set: set.progress, at: set.at, due: null };
          };
          for (const { progress, after } of readings) {
            runUntil(now + after);
            now += after;
            state = takeProgress(state, progress, step);
            runUntil(now);
          }
          const last = readings.at(-1)?.progress ?? 0;
          runUntil(now + progressEvery);
          for (const [index, { at, progress }] of sets.entries()) {
            const before = sets[index - 1];
            if (!before) continue;
            expect(at - before.at).toBeGreaterThanOrEqual(progressEvery);
            expect(Math.abs(progress - before.progress) >= step || progress === 0 || progress === 100).toBe(true);
          }
          expect(Math.abs((sets.at(-1)?.progress ?? -1000) - last)).toBeLessThan(step);
          if (last === 0 || last === 100) expect(sets.at(-1)?.progress).toBe(last);
        },
      ),
    );
  });
});

describe('statuses', () => {
  it('count once they held for long enough, and not again', () => {
    let state: StatusState = { set: null, held: null, since: 0 };
    state = takeStatus(state, 'blocked', 1000);
    state = takeStatus(state, 'blocked', 4000);
    expect(statusDueAt(state, 5)).toBe(6000);
    state = takeStatus(state, 'in_progress', 5000);
    expect(statusDueAt(state, 5)).toBe(10_000);
    state = { ...state, set: 'in_progress' };
    expect(statusDueAt(takeStatus(state, 'in_progress', 12_000), 5)).toBeNull();
  });
});

describe('targetFault', () => {
  const component_id = '5f0c8e1a-7d3b-4c53-9a52-0f2d3c1b7e90';
  it.each([
    [{ kind: 'metric', service: 's' }, '/metric'],
    [{ kind: 'metric', service: 's', metric: 'm', step: 2 }, '/step'],
    [{ kind: 'progress', component_id, from: 0 }, '/to'],
    [{ kind: 'progress', component_id, from: 1, to: 1 }, '/to'],
    [{ kind: 'status', component_id, map: {} }, '/map'],
    [{ kind: 'status', component_id, map: { on: 'completed' as const }, hold: 3 }, undefined],
    [{ kind: 'progress', component_id, from: 10, to: 0, step: 5 }, undefined],
  ] as const)('%j: %s', (target, pointer) => {
    expect(targetFault(target)?.pointer).toBe(pointer);
  });
});
