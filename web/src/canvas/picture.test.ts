// The graph as a picture: complete, escaped, of a size that browsers can make; and names broken into lines.
import { describe, expect, it } from 'vitest';
import { componentToBe } from '../work/operations.ts';
import { breakLines } from './break-lines.ts';
import type { ComponentNode } from './nodes.ts';
import { pictureOf } from './picture.ts';
import { pngScale } from './picture-png.ts';
import { escapeXml, toSvg } from './picture-svg.ts';

const measure = (text: string) => text.length * 8;
const node = (id: string, name: string, x: number): ComponentNode => ({
  id,
  type: 'component',
  position: { x, y: -40 },
  data: {
    component: { ...componentToBe(id, 'p', { name, progress: 40 }, '2026-01-15'), tasks: { total: 0, done: 0 } },
    shown: { state: 'blocked', held_up: false, open_needs: 0 },
  },
});
const given = { title: 'R&D "1"', token: (name: string) => `#${name.slice(2)}`, measure };

describe('a picture of the graph', () => {
  it('has every component with name, state and progress, every dependency with its arrow, from the corner on', () => {
    const nodes = [node('a', 'Pump <big>', -100), node('b', 'Hose', 228)];
    const picture = pictureOf({ ...given, nodes, edges: [{ component_id: 'b', depends_on_id: 'a' }] });
    const svg = picture ? toSvg(picture) : '';
    expect(svg).toContain('<title>R&amp;D &quot;1&quot;</title>');
    expect(svg).toContain('>Pump &lt;big&gt;</text>');
    expect(svg).toContain('>Blocked</text>');
    expect(svg).toContain('>40\u00a0%</text>');
    expect(svg).toContain('system-ui');
    expect(svg.match(/<rect x="40" y="40"/g)).toHaveLength(1);
    expect(svg.match(/<path/g)).toHaveLength(2 + 2 * 2);
  });

  it('is none of nothing', () => {
    expect(pictureOf({ ...given, nodes: [], edges: [] })).toBeNull();
  });

  it('keeps signs out that XML cannot hold', () => {
    expect(escapeXml('a\u0000b\u0007c😀\uD800')).toBe('abc😀');
  });
});

describe('the size of a PNG', () => {
  it('is doubled for small graphs and bounded for large ones', () => {
    expect(pngScale({ width: 1000, height: 600 })).toBe(2);
    const scale = pngScale({ width: 30_000, height: 20_000 });
    expect(30_000 * 20_000 * scale * scale).toBeLessThanOrEqual(32_000_001);
    expect(pngScale({ width: 100_000, height: 100 }) * 100_000).toBeLessThanOrEqual(8192);
  });
});

describe('breakLines', () => {
  it('breaks at spaces, ends what is too long in dots, and breaks long words', () => {
    expect(breakLines('Pump', 80, 2, measure)).toEqual(['Pump']);
    expect(breakLines('Water pump', 80, 2, measure)).toEqual(['Water pump']);
    expect(breakLines('Big water pump', 80, 2, measure)).toEqual(['Big water', 'pump']);
    expect(breakLines('One two three four five', 80, 2, measure)).toEqual(['One two', 'three fou…']);
    expect(breakLines('Donaudampfschiff', 80, 2, measure)).toEqual(['Donaudampf', 'schiff']);
    expect(breakLines('', 80, 2, measure)).toEqual([]);
  });
});
