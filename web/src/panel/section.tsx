// A part of the panel under its heading, with what was refused beside it.
import { CircleAlert } from 'lucide-react';
import type { ReactNode } from 'react';

interface Props {
  title: string;
  aside?: ReactNode;
  error?: string | undefined;
  children: ReactNode;
}

export function Section({ title, aside, error, children }: Props) {
  return (
    <section className="flex flex-col gap-2">
      <div className="flex min-h-6 items-center gap-2">
        <h2 className="flex-1 text-13 font-medium text-text-3">{title}</h2>
        {aside}
      </div>
      {children}
      <FieldError text={error} />
    </section>
  );
}

export function FieldError({ text }: { text: string | undefined }) {
  if (text === undefined) return null;
  return (
    <p role="alert" className="flex items-start gap-1 text-12 text-blocked">
      <CircleAlert size={14} className="mt-px shrink-0" aria-hidden />
      {text}
    </p>
  );
}
