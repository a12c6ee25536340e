// A tick box with its label; the whole line is the target.
import { Check } from 'lucide-react';
import { type ReactNode, useId } from 'react';
import { cx } from './cx.ts';

interface Props {
  checked: boolean;
  onChecked: (checked: boolean) => void;
  label: ReactNode;
  label_hidden?: boolean;
  disabled?: boolean;
}

export function Checkbox({ checked, onChecked, label, label_hidden = false, disabled = false }: Props) {
  const id = useId();
  return (
    <div className="target flex items-center">
      <span className="target-square relative -ml-2 flex shrink-0 items-center justify-center has-disabled:opacity-50">
        {/* The platform's own, as large as the target; what is seen is the box beside it. */}
        <input
          id={id}
          type="checkbox"
          checked={checked}
          disabled={disabled}
          onChange={(event) => onChecked(event.target.checked)}
          className="peer absolute inset-0 cursor-pointer appearance-none rounded-control"
        />
        <span className="press pointer-events-none flex size-5 items-center justify-center rounded-chip border border-control bg-surface-2 text-transparent peer-checked:border-accent peer-checked:bg-accent peer-checked:text-on-accent peer-hover:border-accent">
          <Check size={14} strokeWidth={3} aria-hidden />
        </span>
      </span>
      <label htmlFor={id} className={cx('cursor-pointer py-2 text-14 text-text', label_hidden && 'sr-only')}>
        {label}
      </label>
    </div>
  );
}
