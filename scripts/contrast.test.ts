// The contrast check reads the token file, and says no to a colour that cannot be read.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { contrastRows, readThemes } from './contrast.ts';

const css = readFileSync(join(import.meta.dirname, '../web/src/styles/tokens.css'), 'utf8');
const below = (text: string) => {
  const { dark, light } = readThemes(text);
  return [...contrastRows('dark', dark), ...contrastRows('light', light)].filter((row) => row.contrast < row.least);
};

test('the tokens hold AA, by the figures that the theme was chosen for', () => {
  expect(below(css)).toEqual([]);
  const rows = contrastRows('dark', readThemes(css).dark);
  expect(rows.find((row) => row.token === 'text')?.contrast).toBeCloseTo(12.1, 1);
  expect(rows.find((row) => row.token === 'control')?.contrast).toBeCloseTo(4.2, 1);
});

test('a colour that cannot be read is named', () => {
  const planted = css.replace('--text-3: #93a2b9', '--text-3: #5a6780');
  expect(planted).not.toBe(css);
  expect(below(planted).map(({ theme, token }) => `${theme} ${token}`)).toContain('dark text-3');
});

test('a badge that cannot be read on its own tint is named', () => {
  const planted = css.replace('--badge-tint: 12%', '--badge-tint: 60%');
  expect(below(planted).map(({ on }) => on)).toContain('tint of blocked');
});

test('the light theme is one, whether chosen or the system’s', () => {
  const [head = '', ...rest] = css.split('--accent: #05707c');
  expect(rest).toHaveLength(2);
  expect(() => readThemes(`${head}--accent: #05707d${rest.join('--accent: #05707c')}`)).toThrow('--accent differs');
});
