// Which parts of the mirror a policy lets go.
import { expect, it } from 'vitest';
import { partState, partsThatGo } from './retention.ts';

const now = Date.parse('2026-03-01T00:00:00Z');
const part = { in_use: false, pinned: false, newest_at: '2026-01-30T00:00:01Z', held_by: [] };

it('lets a part go once its newest event is older than the policy, unless something holds it', () => {
  expect(partState(part, 30, now)).toBe('kept');
  expect(partState({ ...part, newest_at: '2026-01-30T00:00:00Z' }, 30, now)).toBe('due');
  expect(partState(part, null, now)).toBe('kept');
  expect(partState({ ...part, newest_at: null }, 1, now)).toBe('due');
  expect(partState({ ...part, held_by: ['status topics'] }, 7, now)).toBe('held_back');
  expect(partState({ ...part, pinned: true, held_by: ['x'] }, 7, now)).toBe('pinned');
  expect(partState({ ...part, in_use: true, pinned: true }, 7, now)).toBe('in_use');
});

it('goes from the oldest on up to the first that must stay, past those that were brought back', () => {
  const named = (...states: readonly ('due' | 'kept' | 'held_back' | 'pinned' | 'in_use')[]) =>
    partsThatGo(states.map((state, place) => ({ state, place }))).map(({ place }) => place);
  expect(named('due', 'pinned', 'due', 'kept', 'due')).toEqual([0, 2]);
  expect(named('held_back', 'due')).toEqual([]);
  expect(named('pinned', 'due')).toEqual([1]);
  expect(named('in_use')).toEqual([]);
});
