// An empty page teaches: one sentence, one button, one example.
import type { ReactNode } from 'react';

export function EmptyState({ icon, text, children }: { icon?: ReactNode; text: ReactNode; children?: ReactNode }) {
  return (
    <div className="enter-fade mx-auto flex max-w-[420px] flex-col items-center gap-4 px-4 py-16 text-center">
      {icon !== undefined && <div className="text-text-3">{icon}</div>}
      <p className="text-16 text-text-2">{text}</p>
      {children !== undefined && <div className="flex flex-wrap justify-center gap-2">{children}</div>}
    </div>
  );
}
