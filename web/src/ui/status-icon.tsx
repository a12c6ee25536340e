// A state as shape, colour and word; a shape and a word always go along with the colour.

import type { ShownState } from '@taylordash/core/states';
import {
  CircleCheck,
  CircleDashed,
  CircleDot,
  CirclePlay,
  CircleSlash,
  Hourglass,
  type LucideIcon,
  OctagonAlert,
  OctagonX,
  TriangleAlert,
} from 'lucide-react';
import { strings } from '../strings.ts';
import { cx } from './cx.ts';

const looks: Record<ShownState, { icon: LucideIcon; color: string; badge: string }> = {
  ready: { icon: CirclePlay, color: 'text-accent', badge: 'tint-accent' },
  waiting: { icon: Hourglass, color: 'text-text-3', badge: 'tint-text-3' },
  in_progress: { icon: CircleDot, color: 'text-progress', badge: 'tint-progress' },
  blocked: { icon: OctagonAlert, color: 'text-blocked', badge: 'tint-blocked' },
  dead_blocked: { icon: OctagonX, color: 'text-blocked', badge: 'tint-blocked' },
  held_up: { icon: TriangleAlert, color: 'text-warning', badge: 'tint-warning' },
  completed: { icon: CircleCheck, color: 'text-completed', badge: 'tint-completed' },
  cancelled: { icon: CircleSlash, color: 'text-pending', badge: 'tint-pending' },
  pending: { icon: CircleDashed, color: 'text-pending', badge: 'tint-pending' },
};

interface Props {
  state: ShownState;
  /** The word is for screen readers only. */
  bare?: boolean;
  badge?: boolean;
  /** Another word stands beside it. */
  silent?: boolean;
  size?: number;
}

export function StatusIcon({ state, bare = false, badge = false, silent = false, size = 16 }: Props) {
  const { icon: Icon, color, badge: tint } = looks[state];
  return (
    <span
      className={cx(
        'inline-flex items-center gap-1 whitespace-nowrap',
        badge ? cx(tint, 'rounded-chip px-1.5 py-0.5 text-12 font-medium') : color,
      )}
    >
      <Icon size={size} aria-hidden className="shrink-0" />
      {!silent && <span className={cx(bare && 'sr-only', 'text-12')}>{strings.states[state]}</span>}
    </span>
  );
}
