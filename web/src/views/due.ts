// Due dates as people write them: a day, perhaps with a time, in their zone; and as they are kept.
import type { ProjectTask } from '@taylordash/core/entities';
import { wallClock } from '@taylordash/core/wall-clock';

export interface Due {
  /** Empty: not due at any time. */
  day: string;
  /** `18:30`; empty: on that day. */
  time: string;
}

type Kept = Pick<ProjectTask, 'due_date' | 'due_is_date'>;
const minuteMs = 60_000;
const two = (value: number) => String(value).padStart(2, '0');

export function readDue({ due_date, due_is_date }: Kept, time_zone: string): Due {
  if (due_date === null) return { day: '', time: '' };
  if (due_is_date) return { day: due_date.slice(0, 10), time: '' };
  const { day, ms } = wallClock(time_zone).read(Date.parse(due_date));
  const minutes = Math.floor(ms / minuteMs);
  return { day, time: `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}` };
}

/** A day is kept as its midnight in UTC, which is no instant; a time as the moment when clocks there show it. */
export function keepDue({ day, time }: Due, time_zone: string): Kept {
  if (day === '') return { due_date: null, due_is_date: false };
  if (time === '') return { due_date: `${day}T00:00:00Z`, due_is_date: true };
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  const at = wallClock(time_zone).when(day, (hours * 60 + minutes) * minuteMs);
  return { due_date: new Date(at).toISOString(), due_is_date: false };
}
