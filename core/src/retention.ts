// What a policy for events means for each part of the mirror: the server drops by it, the page shows by it what would go.

export const mostKeepDays = 36_500;
export const partStates = ['in_use', 'kept', 'due', 'held_back', 'pinned'] as const;
export type PartState = (typeof partStates)[number];

interface Part {
  in_use: boolean;
  /** It was brought back, and stays until it is released. */
  pinned: boolean;
  newest_at: string | null;
  /** Readers that have not read it. */
  held_by: readonly string[];
}

const dayMs = 86_400_000;

/** `keep_days` null: for ever. */
export function partState(
  { in_use, pinned, newest_at, held_by }: Part,
  keep_days: number | null,
  now: number,
): PartState {
  if (in_use) return 'in_use';
  if (pinned) return 'pinned';
  if (keep_days === null) return 'kept';
  if (newest_at !== null && Date.parse(newest_at) > now - keep_days * dayMs) return 'kept';
  return held_by.length > 0 ? 'held_back' : 'due';
}

/** Of parts from the oldest on, those that go in one round: up to the first that must stay, for history has no holes. */
export function partsThatGo<P extends { state: PartState }>(parts: readonly P[]): P[] {
  const candidates = parts.filter(({ state }) => state !== 'pinned');
  const stays = candidates.findIndex(({ state }) => state !== 'due');
  return stays < 0 ? candidates : candidates.slice(0, stays);
}
