// Order by hand: text that sorts by code point, so that a place between two others always exists.

/** The rank of something appended at a moment: `ms` since 1970 and its place among those appended in one go. */
export function appendedRank(ms: number, place = 0): string {
  return ms.toString(36).padStart(9, '0') + place.toString(36).padStart(4, '0');
}

const lowest = 0x21;
const count = 0x7e - lowest + 1;
const digit = (text: string, at: number) => text.charCodeAt(at) - lowest;
const letter = (value: number) => String.fromCharCode(lowest + value);

/**
 * A rank strictly between two, where null is the end of the list; null where there is no room: the two are not in order, or
 * nothing sorts between them. Between two it halves; at an end it takes the next step, so that lists that only ever grow there
 * keep short ranks.
 */
export function rankBetween(a: string | null, b: string | null): string | null {
  if (a === null && b === null) return letter(count >> 1);
  const made = a === null ? before(b ?? '') : b === null ? after(a) : middle(a, b);
  const fits = made !== null && (a === null || a < made) && (b === null || made < b);
  return fits ? made : null;
}

function before(b: string): string | null {
  for (let at = b.length - 1; at >= 0; at--) {
    // The lowest letter ends no rank: nothing could come before it.
    if (digit(b, at) > 1) return b.slice(0, at) + letter(digit(b, at) - 1);
  }
  const last = b.search(/[^!]/);
  return last < 0 ? null : `${b.slice(0, last)}!${letter(count - 1)}`;
}

function after(a: string): string {
  for (let at = a.length - 1; at >= 0; at--) {
    if (digit(a, at) < count - 1) return a.slice(0, at) + letter(digit(a, at) + 1);
  }
  return a + letter(count >> 1);
}

function middle(a: string, b: string): string | null {
  let open = false;
  let made = '';
  for (let at = 0; ; at++) {
    const low = at < a.length ? digit(a, at) : 0;
    if (!open && at >= b.length) return null;
    const high = open ? count : digit(b, at);
    if (high - low > 1) return made + letter(low + ((high - low) >> 1));
    made += letter(low);
    if (high - low === 1) open = true;
    else if (high < low) return null;
  }
}
