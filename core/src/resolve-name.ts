// Which of several named things a typed name means: the one called so, else the only one that begins so.

export type Resolved<T> =
  | { found: T }
  /** None is meant, or several are; `suggestions` are the nearest, best first. */
  | { found: null; ambiguous: boolean; suggestions: T[] };

/** Most suggestions. */
const most = 5;

/** Names compare without regard to case, blanks, hyphens and underscores: greenhouse, Green house and green-house are one. */
export function foldedName(name: string): string {
  return name
    .normalize('NFC')
    .toLowerCase()
    .replace(/[\s_-]+/g, '');
}

/**
 * The one that is called so, letter by letter before without regard to case, and that before without regard to blanks; else the
 * only one whose name begins so.
 */
export function resolveName<T extends { name: string }>(named: readonly T[], text: string): Resolved<T> {
  const lower = text.toLowerCase();
  const folded = foldedName(text);
  const steps: ((name: string) => boolean)[] = [
    (name) => name === text,
    (name) => name.toLowerCase() === lower,
    (name) => foldedName(name) === folded,
    (name) => folded !== '' && foldedName(name).startsWith(folded),
  ];
  for (const step of steps) {
    const [first, ...others] = named.filter(({ name }) => step(name));
    if (first === undefined) continue;
    if (others.length === 0) return { found: first };
    return { found: null, ambiguous: true, suggestions: [first, ...others].slice(0, most) };
  }
  return { found: null, ambiguous: false, suggestions: nearest(named, folded) };
}

/** Those whose names have the text in them, then those that a slip of the finger is away from. */
function nearest<T extends { name: string }>(named: readonly T[], folded: string): T[] {
  const slips = Math.min(2, Math.floor([...folded].length / 3));
  return named
    .map((one) => {
      const name = foldedName(one.name);
      const within = folded !== '' && name.includes(folded);
      return { one, away: within ? 0 : slipsBetween(name, folded, slips) };
    })
    .filter(({ away }) => away <= slips)
    .sort((a, b) => a.away - b.away)
    .slice(0, most)
    .map(({ one }) => one);
}

/** Letters to add, drop or change from one text to the other; what is over `limit` is told as one more than it. */
function slipsBetween(a: string, b: string, limit: number): number {
  const [from, to] = [[...a], [...b]];
  if (Math.abs(from.length - to.length) > limit) return limit + 1;
  let row = to.map((_, place) => place + 1);
  for (const [index, letter] of from.entries()) {
    let [corner, left] = [index, index + 1];
    row = to.map((other, place) => {
      const above = row[place] ?? 0;
      left = Math.min(above + 1, left + 1, corner + (letter === other ? 0 : 1));
      corner = above;
      return left;
    });
    if (Math.min(...row, index + 1) > limit) return limit + 1;
  }
  return Math.min(row.at(-1) ?? from.length, limit + 1);
}
