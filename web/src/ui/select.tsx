// A choice of one from a list: the platform's own, so that phones and screen readers show theirs.
import { ChevronDown } from 'lucide-react';
import type { ComponentProps } from 'react';
import { cx } from './cx.ts';
import { Field, type FieldProps, inputClass } from './field.tsx';

interface Props<V extends string> extends FieldProps, Omit<ComponentProps<'select'>, 'onChange' | 'value'> {
  value: V;
  options: readonly { value: V; label: string }[];
  onValue: (value: V) => void;
}

export function Select<V extends string>({
  label,
  hint,
  error,
  label_hidden,
  value,
  options,
  onValue,
  className,
  ...rest
}: Props<V>) {
  return (
    <Field label={label} hint={hint} error={error} label_hidden={label_hidden ?? false}>
      {(slots) => (
        <div className="relative">
          <select
            {...rest}
            {...slots}
            value={value}
            onChange={(event) => {
              const chosen = options.find((option) => option.value === event.target.value);
              if (chosen) onValue(chosen.value);
            }}
            className={cx(inputClass, 'appearance-none pr-8', className)}
          >
            {options.map((option) => (
              <option key={option.value} value={option.value}>
                {option.label}
              </option>
            ))}
          </select>
          <ChevronDown
            size={16}
            aria-hidden
            className="pointer-events-none absolute top-1/2 right-2 -translate-y-1/2 text-text-3"
          />
        </div>
      )}
    </Field>
  );
}
