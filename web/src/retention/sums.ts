// Parts of the mirror in words and sums.
import { partState, partsThatGo } from '@taylordash/core/retention';
import { retentionStrings as words } from '../strings/retention.ts';
import type { Part } from './queries.ts';

/** Their numbers; the end as the last one inside. */
export function rangeOf({ from_id, to_id }: { from_id: string; to_id: string }): string {
  return words.range(from_id, String(BigInt(to_id) - 1n));
}

function sumOf(parts: readonly Part[]): { parts: number; events: number; bytes: number } {
  const sum = { parts: parts.length, events: 0, bytes: 0 };
  for (const { events, bytes } of parts) {
    sum.events += events;
    sum.bytes += bytes;
  }
  return sum;
}

/** What goes in the next round, and the part that would but is held back. */
export function nextRound(parts: readonly Part[]) {
  return { goes: sumOf(partsThatGo(parts)), held: parts.find(({ state }) => state === 'held_back') ?? null };
}

/** The parts as another policy would see them. */
export function under(parts: readonly Part[], keep_days: number | null, now: number): Part[] {
  return parts.map((part) => {
    const seen = { ...part, in_use: part.state === 'in_use', pinned: part.state === 'pinned' };
    return { ...part, state: partState(seen, keep_days, now) };
  });
}
