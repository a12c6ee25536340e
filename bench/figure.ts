// What a measurement says, and what it is given to run on.

export interface Figure {
  name: string;
  value: number;
  unit: string;
  /** What the same machine manages at the best, measured in the same run; null where there is no such thing. */
  floor: number | null;
  /** value / floor. */
  ratio: number | null;
  /** For the ratio; for the value where there is no floor. Null: shown for orientation. */
  target: number | null;
  lower_is_better: boolean;
}

/** A database of its own, migrated. */
export interface BenchDatabase {
  url: string;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

export function rounded(value: number, digits = 0): number {
  return Math.round(value * 10 ** digits) / 10 ** digits;
}

/** A figure beside its floor, from rounds that took turns: the median of each, and of the ratios of neighbours. */
export function besideFloor(
  name: string,
  unit: string,
  target: number,
  rounds: readonly { value: number; floor: number }[],
): Figure {
  return {
    ...{ name, unit, target, lower_is_better: false },
    value: rounded(median(rounds.map(({ value }) => value))),
    floor: rounded(median(rounds.map(({ floor }) => floor))),
    ratio: rounded(median(rounds.map(({ value, floor }) => value / floor)), 3),
  };
}

/** A figure that stands alone. */
export function alone(name: string, value: number, unit: string, target: number | null): Figure {
  return { name, value, unit, floor: null, ratio: null, target, lower_is_better: true };
}

export function meetsTarget({ value, ratio, target, lower_is_better }: Figure): boolean {
  if (target === null) return true;
  const measured = ratio ?? value;
  return lower_is_better ? measured <= target : measured >= target;
}
