// A layout around what is pinned: that never moves, and nothing lands on it.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nodeHeight, nodeWidth } from './geometry.ts';
import { keepPinned } from './keep-pinned.ts';

const at = (id: string, x: number, y: number, pinned = false) => ({ id, pinned, position: { x, y } });

describe('keepPinned', () => {
  it('keeps the corner where nothing is pinned', () => {
    const places = new Map([
      ['a', { x: 0, y: 0 }],
      ['b', { x: 328, y: 0 }],
    ]);
    const kept = keepPinned(places, [at('a', 500, 90), at('b', 400, 100)]);
    expect([...kept.values()]).toEqual([
      { x: 400, y: 90 },
      { x: 728, y: 90 },
    ]);
  });

  it('lays the rest around what is pinned', () => {
    const places = new Map([
      ['a', { x: 0, y: 0 }],
      ['b', { x: 328, y: 0 }],
    ]);
    const kept = keepPinned(places, [at('a', 1000, 1000, true), at('b', 0, 0)]);
    expect(kept.get('a')).toEqual({ x: 1000, y: 1000 });
    expect(kept.get('b')).toEqual({ x: 1328, y: 1000 });
  });

  it('never moves a pinned one, and puts nothing on anything', () => {
    const spot = fc.record({ x: fc.integer({ min: -2000, max: 2000 }), y: fc.integer({ min: -2000, max: 2000 }) });
    fc.assert(
      fc.property(fc.array(fc.tuple(spot, spot, fc.boolean()), { maxLength: 25 }), (rows) => {
        const nodes = rows.map(([, now, pinned], index) => at(`n${index}`, now.x, now.y, pinned));
        const places = new Map(rows.map(([place], index) => [`n${index}`, place]));
        const kept = keepPinned(places, nodes);
        for (const node of nodes) if (node.pinned) expect(kept.get(node.id)).toEqual(node.position);
        if (!nodes.some(({ pinned }) => pinned)) return;
        const free = nodes.filter(({ pinned }) => !pinned).map(({ id }) => id);
        for (const id of free) {
          const mine = kept.get(id);
          for (const [other, place] of kept) {
            if (other === id || !mine) continue;
            const apart = Math.abs(mine.x - place.x) >= nodeWidth || Math.abs(mine.y - place.y) >= nodeHeight;
            expect(apart).toBe(true);
          }
        }
      }),
    );
  });
});
