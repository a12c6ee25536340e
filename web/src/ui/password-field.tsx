// A password, with a button that shows it instead of a second field to type it again.
import { Eye, EyeOff } from 'lucide-react';
import { type ComponentProps, useState } from 'react';
import { strings } from '../strings.ts';
import { cx } from './cx.ts';
import { Field, type FieldProps, inputClass } from './field.tsx';

interface Props extends FieldProps, Omit<ComponentProps<'input'>, 'type' | 'autoComplete'> {
  autoComplete: 'current-password' | 'new-password';
}

export function PasswordField({ label, hint, error, label_hidden, className, ...rest }: Props) {
  const [shown, setShown] = useState(false);
  return (
    <Field label={label} hint={hint} error={error} label_hidden={label_hidden ?? false}>
      {(slots) => (
        <div className="relative">
          <input
            spellCheck={false}
            autoCapitalize="off"
            {...rest}
            {...slots}
            type={shown ? 'text' : 'password'}
            className={cx(inputClass, 'pr-12', className)}
          />
          <button
            type="button"
            onClick={() => setShown(!shown)}
            aria-pressed={shown}
            aria-label={shown ? strings.password.hide : strings.password.show}
            className="press absolute inset-y-0 right-0 flex w-[44px] items-center justify-center rounded-control text-text-3 hover:text-text"
          >
            {shown ? <EyeOff size={16} aria-hidden /> : <Eye size={16} aria-hidden />}
          </button>
        </div>
      )}
    </Field>
  );
}
