// A tick box with its label; the whole line is the target.
import { Check } from 'lucide-react';
import { Checkbox as Radix } from 'radix-ui';
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
      <Radix.Root
        id={id}
        checked={checked}
        disabled={disabled}
        onCheckedChange={(next) => onChecked(next === true)}
        className="group press target-square -ml-2 flex shrink-0 items-center justify-center rounded-control disabled:opacity-50"
      >
        <span className="press flex size-5 items-center justify-center rounded-chip border border-control bg-surface-2 group-hover:border-accent group-data-[state=checked]:border-accent group-data-[state=checked]:bg-accent">
          <Radix.Indicator>
            <Check size={14} strokeWidth={3} className="text-on-accent" aria-hidden />
          </Radix.Indicator>
        </span>
      </Radix.Root>
      <label htmlFor={id} className={cx('cursor-pointer py-2 text-14 text-text', label_hidden && 'sr-only')}>
        {label}
      </label>
    </div>
  );
}
