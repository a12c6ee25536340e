// What every field shares: label, hint, and the error beside it, tied together for screen readers.
import { CircleAlert } from 'lucide-react';
import { type InvalidEvent, type ReactNode, useId, useState } from 'react';
import { strings } from '../strings.ts';
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
  onInvalid: (event: InvalidEvent<HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement>) => void;
}

export function Field({
  label,
  hint,
  error: given,
  label_hidden = false,
  children,
}: FieldProps & { children: (slots: Slots) => ReactNode }) {
  const id = useId();
  const [missing, setMissing] = useState(false);
  const [refused, setRefused] = useState(false);
  const error = given ?? (missing ? strings.fill_in : undefined);
  const described = cx(hint !== undefined && `${id}-hint`, error !== undefined && `${id}-error`);
  return (
    <div
      className="flex flex-col gap-1"
      onInput={() => {
        setMissing(false);
        setRefused(false);
      }}
    >
      <label htmlFor={id} className={cx('text-13 font-medium text-text-2', label_hidden && 'sr-only')}>
        {label}
      </label>
      {children({
        id,
        'aria-describedby': described === '' ? undefined : described,
        'aria-invalid': error === undefined && !refused ? undefined : true,
        // The browser's own bubble covers the hint and speaks the system's language.
        onInvalid(event) {
          event.preventDefault();
          const input = event.currentTarget;
          if (input.form?.querySelector('input:invalid, textarea:invalid, select:invalid') === input) input.focus();
          setMissing(input.validity.valueMissing);
          setRefused(true);
        },
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
