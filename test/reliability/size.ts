// How large a run is: short in every run of the tests, long where it is asked for by `npm run soak`.

export const long = process.env.TAYLORDASH_SOAK === 'long';

/** Of what a run draws: another each time, or that of a run that is to be seen again. */
export const seed = Number(process.env.TAYLORDASH_SEED ?? Math.floor(Math.random() * 2 ** 31));

/** One of two sizes. */
export function sized<T>(short: T, whenLong: T): T {
  return long ? whenLong : short;
}

/** What so many trials without a failure say: 3/n bounds the rate at 95 %. */
export function bound(trials: number): string {
  return `0 failures in ${trials} trials: at most ${((3 / trials) * 100).toFixed(trials >= 300 ? 1 : 0)} % at 95 % confidence`;
}
