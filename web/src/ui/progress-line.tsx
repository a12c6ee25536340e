// How far something long is: a bar, how much of it in words, and what can be done about it.
import type { ReactNode } from 'react';

interface Props {
  label: string;
  value: number;
  max: number;
  said: string;
  children?: ReactNode;
}

export function ProgressLine({ label, value, max, said, children }: Props) {
  return (
    <div className="flex items-center gap-3">
      <progress
        aria-label={label}
        value={value}
        max={max}
        className="h-2 min-w-0 flex-1 appearance-none overflow-hidden rounded-full bg-line [&::-moz-progress-bar]:bg-accent [&::-webkit-progress-bar]:bg-line [&::-webkit-progress-value]:bg-accent"
      />
      <span className="text-13 text-text-2 tabular-nums">{said}</span>
      {children}
    </div>
  );
}
