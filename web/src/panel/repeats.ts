// How a task comes back, in words and from words. Pure.
import type { Repeats } from '@taylordash/core/entities';
import { taskStrings } from '../strings/task.ts';

export function sayRepeats({ every, unit }: Repeats): string {
  return taskStrings.every(every, unit);
}

/** Reads "every 3 days", "2 weeks", "month"; null where it says nothing of the kind. */
export function readRepeats(text: string): Repeats | null {
  const words = /^(?:every\s+)?(?:(\d{1,3})\s+)?(day|week|month|year)s?$/i.exec(text.trim());
  const every = Number(words?.[1] ?? 1);
  const unit = (['day', 'week', 'month', 'year'] as const).find((one) => one === words?.[2]?.toLowerCase());
  return unit && every >= 1 && every <= 365 ? { every, unit } : null;
}

/** What most tasks need. */
export const usualRepeats: readonly Repeats[] = [
  { every: 1, unit: 'day' },
  { every: 1, unit: 'week' },
  { every: 2, unit: 'week' },
  { every: 1, unit: 'month' },
  { every: 3, unit: 'month' },
  { every: 1, unit: 'year' },
];
