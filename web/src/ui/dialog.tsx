// A dialog; its window is loaded when the first one opens, or before, while nothing else is to do.
import { type ReactNode, Suspense } from 'react';
import type { DialogProps } from './dialog-window.tsx';
import { lazyPart } from './lazy-part.ts';

const Window = lazyPart(async () => (await import('./dialog-window.tsx')).DialogWindow);
export const loadDialogs = Window.load;

export function Dialog(props: DialogProps) {
  if (!props.open) return null;
  return (
    <Suspense>
      <Window {...props} />
    </Suspense>
  );
}

/** The row of buttons at a dialog's end; the main one stands right, and on phones on top. */
export function DialogActions({ children }: { children: ReactNode }) {
  return <div className="flex flex-col-reverse gap-2 pt-2 sm:flex-row sm:justify-end">{children}</div>;
}
