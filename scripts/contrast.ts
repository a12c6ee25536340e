// Recomputes the contrast of every visual token from the token file, and fails where one is below what WCAG AA asks.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export type Theme = ReadonlyMap<string, string>;

export interface Row {
  theme: 'dark' | 'light';
  token: string;
  /** Where the contrast is lowest. */
  on: string;
  contrast: number;
  /** What AA asks: 4.5 for text, 3 for graphics. */
  least: number;
}

const surfaces = ['surface-0', 'surface-1', 'surface-2', 'surface-3'];
const texts = ['text', 'text-2', 'text-3', 'accent'];
const statuses = ['pending', 'progress', 'blocked', 'completed', 'warning', 'critical'];
const graphics = ['control', 'focus'];

type Rgb = readonly [number, number, number];

function rgb(hex: string): Rgb {
  const digits = /^#([0-9a-f]{6})$/i.exec(hex.trim())?.[1];
  if (digits === undefined) throw new Error(`${hex} is not a colour of six hex digits`);
  const part = (at: number) => Number.parseInt(digits.slice(at, at + 2), 16);
  return [part(0), part(2), part(4)];
}

/** WCAG 2.2 relative luminance. */
function luminance(color: Rgb): number {
  const [r, g, b] = color.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * (r ?? 0) + 0.7152 * (g ?? 0) + 0.0722 * (b ?? 0);
}

export function contrast(a: Rgb, b: Rgb): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

/** `color-mix(in srgb, over share, under)`. */
function mix(over: Rgb, share: number, under: Rgb): Rgb {
  const blend = (index: 0 | 1 | 2) => over[index] * share + under[index] * (1 - share);
  return [blend(0), blend(1), blend(2)];
}

/** The themes as the token file has them; the light one stands there twice and must be the same both times. */
export function readThemes(css: string): { dark: Theme; light: Theme } {
  const plain = css.replaceAll(/\/\*[\s\S]*?\*\//g, '');
  const block = (selector: string): Theme => {
    const start = plain.indexOf(`${selector} {`);
    if (start < 0) throw new Error(`The token file has no ${selector}`);
    const body = plain.slice(start + selector.length + 2, plain.indexOf('}', start));
    return new Map(
      [...body.matchAll(/--([\w-]+):\s*([^;]+);/g)].map(([, name = '', value = '']) => [name, value.trim()]),
    );
  };
  const light = block(':root[data-theme="light"]');
  const system = block(':root:not([data-theme])');
  for (const name of new Set([...light.keys(), ...system.keys()])) {
    if (light.get(name) !== system.get(name)) throw new Error(`--${name} differs between the two light themes`);
  }
  return { dark: block(':root'), light };
}

export function contrastRows(name: Row['theme'], theme: Theme): Row[] {
  const color = (token: string) => {
    const value = theme.get(token);
    if (value === undefined) throw new Error(`The ${name} theme has no --${token}`);
    return rgb(value);
  };
  const lowest = (token: string, least: number, grounds: readonly (readonly [string, Rgb])[]): Row => {
    const [worst] = grounds
      .map(([on, ground]) => ({ theme: name, token, on, contrast: contrast(color(token), ground), least }))
      .sort((a, b) => a.contrast - b.contrast);
    if (!worst) throw new Error('There is nothing to stand on');
    return worst;
  };
  const plain = surfaces.map((surface) => [surface, color(surface)] as const);
  const share = Number.parseFloat(theme.get('badge-tint') ?? '') / 100;
  const tinted = (token: string) => [`tint of ${token}`, mix(color(token), share, color('surface-2'))] as const;
  const chosen = ['accent-quiet', color('accent-quiet')] as const;
  return [
    ...texts.map((token) => lowest(token, 4.5, plain)),
    ...statuses.map((token) => lowest(token, 4.5, plain)),
    ...['accent', 'text-3', ...statuses].map((token) => lowest(token, 4.5, [tinted(token)])),
    ...[...texts, ...statuses].map((token) => lowest(token, 4.5, [chosen])),
    ...graphics.map((token) => lowest(token, 3, plain)),
    ...['accent', 'accent-hover', 'accent-down'].map((fill) => lowest('on-accent', 4.5, [[fill, color(fill)]])),
    lowest('accent-hover', 4.5, plain),
    lowest('focus', 3, [['focus-gap', color('focus-gap')]]),
  ];
}

function main(): void {
  const css = readFileSync(join(import.meta.dirname, '../web/src/styles/tokens.css'), 'utf8');
  const { dark, light } = readThemes(css);
  const rows = [...contrastRows('dark', dark), ...contrastRows('light', light)];
  const failed = rows.filter((row) => row.contrast < row.least);
  const shown = process.argv.includes('--check') ? failed : rows;
  for (const { theme, token, on, contrast: value, least } of shown) {
    console.log(
      `${theme.padEnd(6)}${token.padEnd(14)}on ${on.padEnd(18)}${value.toFixed(1).padStart(5)}  (AA asks ${least})`,
    );
  }
  if (failed.length > 0) {
    console.error(`${failed.length} of ${rows.length} contrasts are below AA.`);
    process.exitCode = 1;
  }
}

if (import.meta.main) main();
