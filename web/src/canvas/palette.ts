// What painting needs to have at hand: the theme's colours and font, shapes as paths, names broken into lines.
import { breakLines } from './break-lines.ts';

export interface Palette {
  /** A token's value in the present theme. */
  token: (name: string) => string;
  font: () => string;
  path: (d: string) => Path2D;
  /** A name in so few lines of a width, in pixels at this size of the font. */
  lines: (pen: CanvasRenderingContext2D, name: string, size: number, width: number, most: number) => readonly string[];
  /** Forgets the colours: the theme is another. */
  refresh: () => void;
}

/** So many names are kept broken into lines: more than are on one screen. */
const mostNames = 5000;

export function createPalette(element: Element): Palette {
  const tokens = new Map<string, string>();
  const paths = new Map<string, Path2D>();
  const names = new Map<string, readonly string[]>();
  const kept = <K, V>(map: Map<K, V>, key: K, make: () => V): V => {
    const known = map.get(key);
    if (known !== undefined) return known;
    const made = make();
    map.set(key, made);
    return made;
  };
  const palette: Palette = {
    token: (name) => kept(tokens, name, () => getComputedStyle(element).getPropertyValue(name)),
    font: () => kept(tokens, 'font', () => getComputedStyle(element).fontFamily),
    path: (d) => kept(paths, d, () => new Path2D(d)),
    lines(pen, name, size, width, most) {
      if (names.size >= mostNames) names.clear();
      return kept(names, `${size} ${name}`, () => {
        pen.font = `500 ${size}px ${palette.font()}`;
        return breakLines(name, width, most, (text) => pen.measureText(text).width);
      });
    },
    refresh: () => tokens.clear(),
  };
  return palette;
}
