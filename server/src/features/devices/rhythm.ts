// How often something speaks: the usual time between its messages.

export interface Rhythm {
  last: number;
  /** When its present burst began. */
  began: number;
  gaps: number[];
}

/** Times between messages that the usual one is taken from. */
const mostGaps = 15;
const fewestGaps = 4;

/** A message at that moment; those within `together` milliseconds of the first are one beat. */
export function beat(rhythm: Rhythm, now: number, together: number): void {
  rhythm.last = now;
  if (now - rhythm.began < together) return;
  if (rhythm.began > 0) {
    rhythm.gaps.push(now - rhythm.began);
    if (rhythm.gaps.length > mostGaps) rhythm.gaps.shift();
  }
  rhythm.began = now;
}

/** The median in milliseconds, or null while there are too few to tell. */
export function usualGap({ gaps }: Rhythm): number | null {
  if (gaps.length < fewestGaps) return null;
  return [...gaps].sort((a, b) => a - b)[gaps.length >> 1] ?? null;
}
