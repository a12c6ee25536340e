// Lining up and spreading: all on one line, evenly apart, and only what moves is named.
import { describe, expect, it } from 'vitest';
import { alignTo, distribute } from './align.ts';

const at = (id: string, x: number, y: number) => ({ id, position: { x, y } });
const three = [at('a', 0, 0), at('b', 100, 30), at('c', 400, 50)];

describe('alignTo', () => {
  it('moves all to the same line, and names only what moves', () => {
    expect([...alignTo(three, 'left')]).toEqual([
      ['b', { x: 0, y: 30 }],
      ['c', { x: 0, y: 50 }],
    ]);
    expect([...alignTo(three, 'right').keys()]).toEqual(['a', 'b']);
    expect(alignTo(three, 'centre').get('a')).toEqual({ x: 200, y: 0 });
    expect(alignTo(three, 'top').get('c')).toEqual({ x: 400, y: 0 });
    expect(alignTo(three, 'middle').get('a')).toEqual({ x: 0, y: 25 });
    expect(alignTo(three, 'bottom').get('a')).toEqual({ x: 0, y: 50 });
  });
});

describe('distribute', () => {
  it('leaves the outermost and spreads the rest evenly, whatever their order in the list', () => {
    expect([...distribute(three.toReversed(), 'x')]).toEqual([['b', { x: 200, y: 30 }]]);
    expect([...distribute(three, 'y')]).toEqual([['b', { x: 100, y: 25 }]]);
  });

  it('has nothing to spread between two', () => {
    expect(distribute(three.slice(0, 2), 'x').size).toBe(0);
  });
});
