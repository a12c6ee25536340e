// Each state's shape as plain paths on a square of 24, for where no icon component can go: painted nodes and exported pictures.
import type { Shown } from '@taylordash/core/states';

export interface StatusShape {
  /** The token of its colour. */
  token: string;
  /** Drawn as a line of width 2. */
  line: string;
  /** Filled. */
  solid: string;
}

const circle = 'M2 12a10 10 0 1 0 20 0a10 10 0 1 0 -20 0z';
const dot = 'M9.5 12a2.5 2.5 0 1 0 5 0a2.5 2.5 0 1 0 -5 0z';
const octagon = 'M8 2.5h8l5.5 5.5v8l-5.5 5.5h-8l-5.5 -5.5v-8z';

export const statusShapes: Record<Shown['state'], StatusShape> = {
  ready: { token: '--accent', line: circle, solid: 'M10 7.8l6.2 4.2l-6.2 4.2z' },
  waiting: { token: '--text-3', line: 'M6 2.5h12M6 21.5h12M7.5 2.5v4.5l9 10v4.5M16.5 2.5v4.5l-9 10v4.5', solid: '' },
  in_progress: { token: '--progress', line: circle, solid: dot },
  blocked: {
    token: '--blocked',
    line: `${octagon}M12 7.5v5`,
    solid: 'M10.9 16.2a1.1 1.1 0 1 0 2.2 0a1.1 1.1 0 1 0 -2.2 0z',
  },
  dead_blocked: { token: '--blocked', line: `${octagon}M9 9l6 6M15 9l-6 6`, solid: '' },
  completed: { token: '--completed', line: `${circle}M8 12.3l2.8 2.8l5.4 -5.8`, solid: '' },
  cancelled: { token: '--pending', line: `${circle}M8.5 15.5l7 -7`, solid: '' },
};

/** The fill of a component seen from so far that it is a block. */
export const blockTokens: Record<Shown['state'], string> = {
  ready: '--accent',
  waiting: '--control',
  in_progress: '--progress',
  blocked: '--blocked',
  dead_blocked: '--blocked',
  completed: '--completed',
  cancelled: '--line',
};
