// How a replay goes from state to state, and what a failure does to a letter. Pure: the tables carry it, the runner acts on it.

export interface ReplayState {
  status: 'running' | 'stopped' | 'finished';
  stop_reason: 'by_hand' | 'failures' | null;
  /** Whether each of the last letters failed, the newest last; those before a resume do not count. */
  recent: readonly boolean[];
}

export type ReplayStep =
  | { type: 'settled'; failed: boolean }
  | { type: 'stop' }
  | { type: 'resume' }
  /** No letter is left. */
  | { type: 'exhausted' };

/** Letters looked back on. */
export const watched = 50;
/** A fifth of them. */
export const mostFailures = 10;
/** Replays that a letter may come back from. */
const mostHops = 3;

export function afterStep(state: ReplayState, step: ReplayStep): ReplayState {
  switch (step.type) {
    case 'settled': {
      if (state.status === 'finished') return state;
      const recent = [...state.recent, step.failed].slice(-watched);
      // What was under way when somebody stopped it settles all the same.
      if (state.status === 'stopped') return { ...state, recent };
      const failures = recent.filter(Boolean).length;
      return failures < mostFailures ? { ...state, recent } : { status: 'stopped', stop_reason: 'failures', recent };
    }
    case 'stop':
      return state.status === 'running' ? { ...state, status: 'stopped', stop_reason: 'by_hand' } : state;
    case 'resume':
      return state.status === 'stopped' ? { status: 'running', stop_reason: null, recent: [] } : state;
    case 'exhausted':
      return state.status === 'running' ? { ...state, status: 'finished' } : state;
  }
}

/** A letter that failed again. */
export function afterFailure(hops: number): { hops: number; status: 'open' | 'quarantined' } {
  return { hops: hops + 1, status: hops + 1 >= mostHops ? 'quarantined' : 'open' };
}
