// Makes a row by its name, one after the other.
import { Plus } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { describeError } from '../ui/error-notice.tsx';
import { inputClass } from '../ui/field.tsx';

interface Props {
  label: string;
  add: (name: string) => Promise<void>;
}

export function AddRow({ label, add }: Props) {
  const [text, setText] = useState('');
  const [error, setError] = useState<string | null>(null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const name = text.trim();
    if (name === '') return;
    setText('');
    setError(null);
    add(name).catch((problem: unknown) => {
      const { what, why } = describeError(problem);
      setError(why === '' ? what : why);
      // What was typed comes back, unless the next is being typed already.
      setText((now) => (now === '' ? name : now));
    });
  };
  return (
    <form onSubmit={submit} className="relative w-full">
      <Plus
        size={16}
        aria-hidden
        className="pointer-events-none absolute top-1/2 left-2.5 -translate-y-1/2 text-text-3"
      />
      <input
        value={text}
        maxLength={255}
        aria-label={label}
        aria-invalid={error === null ? undefined : true}
        placeholder={label}
        enterKeyHint="done"
        onChange={(event) => setText(event.target.value)}
        className={`${inputClass} border-transparent bg-transparent pl-8`}
      />
      {error !== null && (
        <p role="alert" className="px-2 pb-1 text-12 text-blocked">
          {error}
        </p>
      )}
    </form>
  );
}
