// The notices on show; they wait ten seconds, and longer while they are looked at. Loaded with the first notice.
import { X } from 'lucide-react';
import { Toast as Radix } from 'radix-ui';
import { useRef } from 'react';
import { strings } from '../strings.ts';
import { cx } from './cx.ts';
import { IconButton } from './icon-button.tsx';
import type { ShownNotice } from './toast.tsx';

const waitMs = 10_000;

export function ToastList({ notices, onClose }: { notices: readonly ShownNotice[]; onClose: (key: number) => void }) {
  return (
    <Radix.Provider duration={waitMs} label={strings.notice}>
      {notices.map((notice) => (
        <Toast key={notice.key} notice={notice} onClose={() => onClose(notice.key)} />
      ))}
      <Radix.Viewport
        label={strings.notices}
        className="fixed right-4 bottom-20 left-4 z-50 mb-[var(--notices-lift,0px)] flex flex-col gap-2 outline-none sm:left-auto sm:w-[400px] md:bottom-4"
      />
    </Radix.Provider>
  );
}

function Toast({ notice, onClose }: { notice: ShownNotice; onClose: () => void }) {
  // The line that runs out stands still while Radix waits: while somebody looks at the notice.
  const line = useRef<HTMLSpanElement>(null);
  const play = (running: boolean) => {
    for (const animation of line.current?.getAnimations() ?? []) {
      if (running) animation.play();
      else animation.pause();
    }
  };
  const actions = [notice.action, notice.also].filter((one) => one !== undefined);
  return (
    <Radix.Root
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      onPause={() => play(false)}
      onResume={() => play(true)}
      className={cx(
        'enter-rise relative flex items-center gap-1 overflow-hidden rounded-node border bg-surface-3 py-1 pr-1 pl-4 shadow-2',
        notice.tone === 'problem' ? 'border-blocked' : 'border-line',
      )}
    >
      <Radix.Description className="mr-1 min-w-0 flex-1 break-words py-2 text-14">{notice.text}</Radix.Description>
      {actions.map(({ label, run }) => (
        <Radix.Action
          key={label}
          altText={label}
          onClick={run}
          className="press target rounded-control px-3 font-medium text-accent hover:bg-surface-2"
        >
          {label}
        </Radix.Action>
      ))}
      <Radix.Close asChild>
        <IconButton label={strings.close} side="top">
          <X size={16} aria-hidden />
        </IconButton>
      </Radix.Close>
      {actions.length > 0 && (
        <span
          ref={line}
          aria-hidden
          className="absolute inset-x-0 bottom-0 h-0.5 origin-left animate-[toast-drain_10s_linear_forwards] bg-accent motion-reduce:hidden"
        />
      )}
    </Radix.Root>
  );
}
