// What every field shares: label, hint, and the error beside it, tied together for screen readers.
import { CircleAlert } from 'lucide-react';
import { type ReactNode, useId } from 'react';
import { cx } from './cx.ts';

export const inputClass =
  'press row w-full rounded-control border border-control bg-surface-2 px-3 text-14 text-text hover:border-text-3 focus-visible:border-accent aria-invalid:border-blocked disabled:opacity-60';

export interface FieldProps {
  label: string;
  hint?: ReactNode;
  error?: string | undefined;
  /** The label is for screen readers only. */
  label_hidden?: boolean;
}

interface Slots {
  id: string;
  'aria-describedby': string | undefined;
  'aria-invalid': true | undefined;
}

export function Field({
  label,
  hint,
  error,
  label_hidden = false,
  children,
}: FieldProps & { children: (slots: Slots) => ReactNode }) {
  const id = useId();
  const described = cx(hint !== undefined && `${id}-hint`, error !== undefined && `${id}-error`);
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className={cx('text-13 font-medium text-text-2', label_hidden && 'sr-only')}>
        {label}
      </label>
      {children({
        id,
        'aria-describedby': described === '' ? undefined : described,
        'aria-invalid': error === undefined ? undefined : true,
      })}
      {hint !== undefined && (
        <div id={`${id}-hint`} className="text-12 text-text-3">
          {hint}
        </div>
      )}
      {error !== undefined && (
        <p id={`${id}-error`} role="alert" className="flex items-start gap-1 text-12 text-blocked">
          <CircleAlert size={14} className="mt-px shrink-0" aria-hidden />
          {error}
        </p>
      )}
    </div>
  );
}
