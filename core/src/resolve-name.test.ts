// Typed names: which thing they mean, and what is offered where they mean none.
import { describe, expect, it } from 'vitest';
import { resolveName } from './resolve-name.ts';

const names = ['Greenhouse', 'green house roof', 'Pump', 'pump', 'Pumpkin bed', 'Shed', 'Heating-loop', 'Öltank'];
const named = names.map((name) => ({ name }));
const meant = (text: string) => resolveName(named, text).found?.name ?? null;
const offered = (text: string) => {
  const resolved = resolveName(named, text);
  return resolved.found ? [] : [resolved.ambiguous, ...resolved.suggestions.map(({ name }) => name)];
};

describe('a name', () => {
  it.each([
    ['Pump', 'Pump'],
    ['pump', 'pump'],
    ['PUMPKIN', 'Pumpkin bed'],
    ['greenhouse', 'Greenhouse'],
    ['Green House', 'Greenhouse'],
    ['green-house-r', 'green house roof'],
    ['heatingloop', 'Heating-loop'],
    ['öl', 'Öltank'],
    ['s', 'Shed'],
  ])('%s means %s', (text, name) => {
    expect(meant(text)).toBe(name);
  });
  it('that several have, or begin with, means none of them', () => {
    expect(offered('PUMP')).toEqual([true, 'Pump', 'pump']);
    expect(offered('green')).toEqual([true, 'Greenhouse', 'green house roof']);
  });
  it('that none has offers those with it in the middle, then those a slip away', () => {
    expect(offered('roof')).toEqual([false, 'green house roof']);
    expect(offered('grenhouse')).toEqual([false, 'Greenhouse']);
    expect(offered('sheed')).toEqual([false, 'Shed']);
    expect(offered('barn')).toEqual([false]);
    expect(offered('-')).toEqual([false]);
  });
});
