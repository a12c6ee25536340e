// Short notices with an action or two.
import { createContext, type ReactNode, useCallback, useContext, useRef, useState } from 'react';
import type { Notice, ShownNotice } from './notice.ts';
import { ToastList } from './toast-list.tsx';

type Show = (notice: Notice) => void;
const ToastContext = createContext<Show>(() => {});

/** More would cover the page. */
const most = 3;

/** Shows a notice. What is wrong is never said by a notice alone: it stands beside its cause as well. */
export function useToast(): Show {
  return useContext(ToastContext);
}

/** For dialogs: a press on a notice is none beside the dialog, which would close it. */
export function keepForNotices(event: { detail: { originalEvent: Event }; preventDefault: () => void }): void {
  const { target } = event.detail.originalEvent;
  if (target instanceof Element && target.closest('[data-notices]')) event.preventDefault();
}

export function ToastProvider({ children }: { children: ReactNode }) {
  const [notices, setNotices] = useState<readonly ShownNotice[]>([]);
  const last = useRef(0);
  const show = useCallback<Show>((notice) => {
    last.current += 1;
    const key = last.current;
    setNotices((old) => [...old.slice(1 - most), { ...notice, key }]);
  }, []);
  const close = useCallback((key: number) => setNotices((old) => old.filter((notice) => notice.key !== key)), []);
  return (
    <ToastContext value={show}>
      {children}
      <ToastList notices={notices} onClose={close} />
    </ToastContext>
  );
}
