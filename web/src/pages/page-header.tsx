// A page's title, the one grey sentence under it, and what can be done.
import { type ReactNode, useEffect } from 'react';
import { strings } from '../strings.ts';

/** What the browser's tab is called while this is on show. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · ${strings.app}`;
    return () => {
      document.title = strings.app;
    };
  }, [title]);
}

export function PageHeader({ title, text, children }: { title: string; text: string; children?: ReactNode }) {
  useTitle(title);
  return (
    <header className="flex flex-col gap-x-4 gap-y-3 sm:flex-row sm:items-end">
      <div className="min-w-0 flex-1">
        <h1 className="text-24 font-semibold">{title}</h1>
        <p className="text-text-3">{text}</p>
      </div>
      {children !== undefined && <div className="flex gap-2">{children}</div>}
    </header>
  );
}

/** The page's own width and margins. */
export function Page({ children }: { children: ReactNode }) {
  return <div className="mx-auto flex w-full max-w-[1120px] flex-col gap-4 p-4 md:p-6">{children}</div>;
}
