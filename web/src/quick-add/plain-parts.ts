// The parts of a text that somebody took back as plain words: they stay so while the text around them changes.

/** `[start, end)` in UTF-16 units. */
export type Part = readonly [start: number, end: number];

/** The parts after an edit from one text to the other. A part that the edit reaches into is no longer one. */
export function movedParts(parts: readonly Part[], before: string, after: string): Part[] {
  if (before === after) return [...parts];
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head += 1;
  let tail = 0;
  const most = Math.min(before.length, after.length) - head;
  while (tail < most && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail += 1;
  const changed_end = before.length - tail;
  const by = after.length - before.length;
  return parts.flatMap(([start, end]): Part[] => {
    if (end <= head) return [[start, end]];
    if (start >= changed_end) return [[start + by, end + by]];
    return [];
  });
}
