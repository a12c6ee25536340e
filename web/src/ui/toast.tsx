// Short notices with an action or two. The list that shows them is loaded with the first one.
import { createContext, lazy, type ReactNode, Suspense, useCallback, useContext, useState } from 'react';

export interface Notice {
  text: string;
  tone?: 'plain' | 'problem';
  action?: NoticeAction;
  /** A second one, after the first: to undo, and to look at it. */
  also?: NoticeAction;
}

export interface NoticeAction {
  label: string;
  run: () => void;
}

export type ShownNotice = Notice & { key: number };
type Show = (notice: Notice) => void;
const ToastContext = createContext<Show>(() => {});

const load = () => import('./toast-list.tsx');
const List = lazy(async () => ({ default: (await load()).ToastList }));
export const loadToasts: () => Promise<unknown> = load;
/** More would cover the page. */
const most = 3;

/** Shows a notice. What is wrong is never said by a notice alone: it stands beside its cause as well. */
export function useToast(): Show {
  return useContext(ToastContext);
}

export function ToastProvider({ children }: { children: ReactNode }) {
  const [notices, setNotices] = useState<readonly ShownNotice[]>([]);
  /** Once there, the list stays, so that a later notice is announced by a region that is known already. */
  const [used, setUsed] = useState(false);
  const show = useCallback<Show>((notice) => {
    setUsed(true);
    setNotices((old) => [...old.slice(1 - most), { ...notice, key: (old.at(-1)?.key ?? 0) + 1 }]);
  }, []);
  const close = useCallback((key: number) => setNotices((old) => old.filter((notice) => notice.key !== key)), []);
  return (
    <ToastContext value={show}>
      {children}
      {used && (
        <Suspense>
          <List notices={notices} onClose={close} />
        </Suspense>
      )}
    </ToastContext>
  );
}
