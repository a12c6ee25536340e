// The gap meter: what a producer's numbers say about events that were lost before they got here.

/** Numbers in a row that have not come. */
export interface GapRange {
  from: number;
  to: number;
  /** When the loss was noticed. */
  seen_at: string;
}

/** What is known of one producer's numbers. */
export interface GapState {
  /** The first number of the present numbering, and the one awaited next. */
  first: number;
  next: number;
  received: number;
  /** How many have never come, over all numberings. */
  missing: number;
  repeated: number;
  restarts: number;
  /** Of the present numbering, ascending: a late one still fills these. */
  open: readonly GapRange[];
  /** Of earlier numberings, newest first: nothing fills these any more. */
  closed: readonly GapRange[];
}

/** How far behind the highest number a late one may be. What is further back is the beginning of a new numbering. */
export const gapReach = 1000;
/** Ranges that are kept of each kind; older ones are only counted. */
const mostRanges = 500;
/** Where producers begin to number. */
const beginnings: ReadonlySet<number> = new Set([0, 1]);

/**
 * The state after one more number. Right as long as
 * - what is late is so by at most `reach` numbers, and nothing of an old numbering comes after a new one began;
 * - a new numbering is heard from the same 0 or 1 on as the old one, or begins more than `reach` below it, and these are not repeated.
 * What was lost before the first number heard, and after the last one, cannot be known.
 */
export function countNumber(state: GapState | null, number: number, at: string, reach = gapReach): GapState {
  if (state === null) return begin(number, { missing: 0, received: 0, repeated: 0, restarts: 0, closed: [] });
  const { first, next } = state;
  if (number >= next) {
    const gap: GapRange[] = number > next ? [{ from: next, to: number - 1, seen_at: at }] : [];
    return {
      ...state,
      ...{ next: number + 1, received: state.received + 1, missing: added(state.missing, number - next) },
      open: gap.length === 0 ? state.open : [...state.open, ...gap].slice(-mostRanges),
    };
  }
  const late = state.open.findIndex(({ from, to }) => from <= number && number <= to);
  if (late >= 0) {
    return {
      ...state,
      ...{ received: state.received + 1, missing: state.missing - 1 },
      open: state.open.flatMap((range, index) => (index === late ? without(range, number) : [range])),
    };
  }
  // Late from before the first one heard: there the numbering began.
  if (number < first && first - number <= reach && next - first <= reach) {
    const gap: GapRange[] = number < first - 1 ? [{ from: number + 1, to: first - 1, seen_at: at }] : [];
    return {
      ...state,
      ...{ first: number, received: state.received + 1, missing: added(state.missing, first - 1 - number) },
      open: [...gap, ...state.open].slice(-mostRanges),
    };
  }
  if (beginnings.has(number) || number + reach < next) {
    const closed = [...[...state.open].reverse(), ...state.closed].slice(0, mostRanges);
    return begin(number, { ...state, restarts: state.restarts + 1, closed });
  }
  return { ...state, repeated: state.repeated + 1 };
}

function begin(
  number: number,
  { missing, received, repeated, restarts, closed }: Omit<GapState, 'first' | 'next' | 'open'>,
): GapState {
  return { first: number, next: number + 1, received: received + 1, missing, repeated, restarts, open: [], closed };
}

function without({ from, to, seen_at }: GapRange, number: number): GapRange[] {
  return [
    ...(from < number ? [{ from, to: number - 1, seen_at }] : []),
    ...(number < to ? [{ from: number + 1, to, seen_at }] : []),
  ];
}

/** Producers that lie about their numbers cannot make a sum that JSON does not hold. */
const added = (sum: number, more: number) => Math.min(Number.MAX_SAFE_INTEGER, sum + more);

/** What is missing, newest first. */
export function gapRanges({ open, closed }: Pick<GapState, 'open' | 'closed'>): GapRange[] {
  return [...[...open].reverse(), ...closed];
}

/** When the last loss that still stands was noticed. */
export function lastLostAt(state: Pick<GapState, 'open' | 'closed'>): string | null {
  return gapRanges(state).reduce<string | null>(
    (last, { seen_at }) => (last === null || seen_at > last ? seen_at : last),
    null,
  );
}
