// Time as a dependency, so that tests can move it. Whatever must agree between servers asks the database instead.
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
}

export const systemClock: Clock = { now: () => Date.now() };
