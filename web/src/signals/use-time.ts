// The time that the Signals pages show, as moments that stand still while one looks.
import { useMemo } from 'react';
import { type TimeSearch, type Times, timesOf } from './signals-search.ts';

/** Moments of the address; a span begins anew where another is chosen. */
export function useTimes({ time, from, to }: TimeSearch): Times {
  return useMemo(
    () =>
      timesOf(
        {
          ...(time === undefined ? {} : { time }),
          ...(from === undefined ? {} : { from }),
          ...(to === undefined ? {} : { to }),
        },
        Date.now(),
      ),
    [time, from, to],
  );
}
