// Due dates as people write them: a day, perhaps with a time, in their zone; and as they are kept.
import { addDays, dayTeller } from '@taylordash/core/days';
import type { ProjectTask } from '@taylordash/core/entities';
import { sayTime } from './format.ts';

export interface Due {
  /** Empty: not due at any time. */
  day: string;
  /** `18:30`, empty: on that day. */
  time: string;
}

type Kept = Pick<ProjectTask, 'due_date' | 'due_is_date'>;

export function readDue({ due_date, due_is_date }: Kept, time_zone: string): Due {
  if (due_date === null) return { day: '', time: '' };
  if (due_is_date) return { day: due_date.slice(0, 10), time: '' };
  return { day: dayTeller(time_zone)(due_date), time: sayTime(due_date, time_zone) };
}

/** A day is kept as its midnight in UTC, which is no instant; a time as the moment it is in the zone. */
export function keepDue({ day, time }: Due, time_zone: string): Kept {
  if (day === '') return { due_date: null, due_is_date: false };
  if (time === '') return { due_date: `${day}T00:00:00Z`, due_is_date: true };
  return { due_date: momentIn(day, time, time_zone), due_is_date: false };
}

/** The moment at which clocks in a zone show a time; where they skip it, as much later. */
function momentIn(day: string, time: string, time_zone: string): string {
  const wanted = Date.parse(`${day}T${time}:00Z`);
  const tell = dayTeller(time_zone);
  // What the clock there shows at a moment, as if it were UTC.
  const shown = (at: number) => {
    const moment = new Date(at).toISOString();
    return Date.parse(`${tell(moment)}T${sayTime(moment, time_zone)}:00Z`);
  };
  let at = wanted;
  // The second round takes the offset of the moment itself, where the first took that of another day.
  for (let round = 0; round < 2; round++) at += wanted - shown(at);
  return new Date(at).toISOString();
}

/** The day moved on from today. */
export function soon(today: string, days: number): Due {
  return { day: addDays(today, days), time: '' };
}
