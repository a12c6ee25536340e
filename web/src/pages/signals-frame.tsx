// What the pages of signals share: the tabs, and a list beside the detail of what is chosen.
import { Link, useSearch } from '@tanstack/react-router';
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useMe } from '../app-context.tsx';
import { readTimeSearch } from '../signals/signals-search.ts';
import { strings } from '../strings.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { PageTabs, tabLook } from './page-tabs.tsx';

/** The time that is shown goes along from tab to tab. */
function useTime() {
  const search: Record<string, unknown> = useSearch({ strict: false });
  return readTimeSearch(search);
}

export function SignalTabs() {
  const me = useMe();
  const time = useTime();
  return (
    <PageTabs label={strings.signals.tabs}>
      <Link to="/signals/events" search={time} {...tabLook}>
        {strings.signals.events}
      </Link>
      {me?.role === 'admin' && (
        <Link to="/signals/dead-letters" search={time} {...tabLook}>
          {strings.signals.dead_letters}
        </Link>
      )}
      <Link to="/signals/traces" search={time} {...tabLook}>
        {strings.signals.traces}
      </Link>
    </PageTabs>
  );
}

interface DetailProps {
  title: string;
  onClose: () => void;
  children: ReactNode;
}

/** Beside the list on wide screens, over the page on narrow ones. */
export function Detail({ title, onClose, children }: DetailProps) {
  return (
    <aside
      aria-label={title}
      className="enter-sheet lg:enter-slide fixed inset-x-0 bottom-0 z-30 flex max-h-[80dvh] flex-col rounded-t-dialog border border-line bg-surface-1 shadow-2 lg:sticky lg:inset-auto lg:top-6 lg:max-h-[calc(100dvh-48px)] lg:w-[320px] lg:shrink-0 xl:w-[420px] lg:rounded-node lg:shadow-1"
    >
      <div className="flex items-center gap-2 border-line border-b py-2 pr-2 pl-4">
        <h2 className="flex-1 font-semibold">{title}</h2>
        <IconButton label={strings.close} side="left" onClick={onClose}>
          <X size={18} aria-hidden />
        </IconButton>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keyboard */}
      <section tabIndex={0} aria-label={title} className="flex min-h-0 flex-1 flex-col gap-4 overflow-y-auto p-4">
        {children}
      </section>
    </aside>
  );
}

export type Fact = readonly [label: string, value: string | number, look?: 'code'];

/** Names and values of an entry, one below the other; ids and topics as they are typed. */
export function Facts({ facts }: { facts: readonly Fact[] }) {
  return (
    <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 text-13">
      {facts.map(([label, value, look]) => (
        <div key={label} className="contents">
          <dt className="text-text-3">{label}</dt>
          <dd className={look ? 'min-w-0 select-all break-all font-mono text-12/[20px]' : 'min-w-0 break-words'}>
            {value}
          </dd>
        </div>
      ))}
    </dl>
  );
}
