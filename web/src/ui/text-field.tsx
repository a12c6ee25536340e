// One line of text, or several.
import type { ComponentProps } from 'react';
import { cx } from './cx.ts';
import { Field, type FieldProps, inputClass } from './field.tsx';

export function TextField({
  label,
  hint,
  error,
  label_hidden,
  className,
  ...rest
}: FieldProps & ComponentProps<'input'>) {
  return (
    <Field label={label} hint={hint} error={error} label_hidden={label_hidden ?? false}>
      {(slots) => <input {...rest} {...slots} className={cx(inputClass, className)} />}
    </Field>
  );
}

export function TextArea({
  label,
  hint,
  error,
  label_hidden,
  className,
  ...rest
}: FieldProps & ComponentProps<'textarea'>) {
  return (
    <Field label={label} hint={hint} error={error} label_hidden={label_hidden ?? false}>
      {(slots) => <textarea {...rest} {...slots} className={cx(inputClass, 'resize-y py-2', className)} />}
    </Field>
  );
}
