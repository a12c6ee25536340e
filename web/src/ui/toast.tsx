// Short notices with one action; they wait ten seconds, and longer while they are looked at.
import { X } from 'lucide-react';
import { Toast as Radix } from 'radix-ui';
import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from 'react';
import { strings } from '../strings.ts';
import { cx } from './cx.ts';
import { IconButton } from './icon-button.tsx';

export interface Notice {
  text: string;
  tone?: 'plain' | 'problem';
  action?: { label: string; run: () => void };
}

type Show = (notice: Notice) => void;
const ToastContext = createContext<Show>(() => {});

/** Shows a notice. What is wrong is never said by a notice alone: it stands beside its cause as well. */
export function useToast(): Show {
  return useContext(ToastContext);
}

export function ToastProvider({ children }: { children: ReactNode }) {
  const [notices, setNotices] = useState<(Notice & { key: number })[]>([]);
  const show = useCallback<Show>((notice) => {
    setNotices((old) => [...old.slice(-2), { ...notice, key: (old.at(-1)?.key ?? 0) + 1 }]);
  }, []);
  const close = useCallback((key: number) => setNotices((old) => old.filter((notice) => notice.key !== key)), []);
  const list = useMemo(
    () =>
      notices.map((notice) => (
        <Radix.Root
          key={notice.key}
          onOpenChange={(open) => {
            if (!open) close(notice.key);
          }}
          className={cx(
            'enter-rise flex items-center gap-2 rounded-node border bg-surface-3 py-1 pr-1 pl-4 shadow-2',
            notice.tone === 'problem' ? 'border-blocked' : 'border-line',
          )}
        >
          <Radix.Description className="flex-1 py-2 text-14">{notice.text}</Radix.Description>
          {notice.action !== undefined && (
            <Radix.Action
              altText={notice.action.label}
              onClick={notice.action.run}
              className="press target rounded-control px-3 font-medium text-accent hover:bg-surface-2"
            >
              {notice.action.label}
            </Radix.Action>
          )}
          <Radix.Close asChild>
            <IconButton label={strings.close} side="top">
              <X size={16} aria-hidden />
            </IconButton>
          </Radix.Close>
        </Radix.Root>
      )),
    [notices, close],
  );
  return (
    <ToastContext.Provider value={show}>
      <Radix.Provider duration={10_000} label={strings.notice}>
        {children}
        {list}
        <Radix.Viewport
          label={strings.notices}
          className="fixed right-4 bottom-20 left-4 z-50 flex flex-col gap-2 outline-none sm:left-auto sm:w-[400px] md:bottom-4"
        />
      </Radix.Provider>
    </ToastContext.Provider>
  );
}
