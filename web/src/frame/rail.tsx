// The way between pages: a rail at the left, on phones a bar at the bottom.
import { Link } from '@tanstack/react-router';
import { Ellipsis, Plus, Search } from 'lucide-react';
import type { ReactNode } from 'react';
import { useMay } from '../app-context.tsx';
import { strings } from '../strings.ts';
import { Badge } from '../ui/badge.tsx';
import { cx } from '../ui/cx.ts';
import { Kbd } from '../ui/kbd.tsx';
import { useOverlay } from './overlays.ts';
import { type ShownPlace, usePlaces } from './places.ts';
import { ProfileMenu } from './profile-menu.tsx';

export function Logo({ size = 28 }: { size?: number }) {
  return <img src="/icon.svg" width={size} height={size} alt="" />;
}

export function saysWaiting(waiting: ShownPlace['waiting']): string {
  return typeof waiting === 'number' ? strings.nav.waiting(waiting) : strings.nav.dead_letters;
}

const railItem =
  'press target relative flex shrink-0 items-center justify-center gap-3 rounded-control text-14 xl:justify-start xl:px-3';
const idle = 'text-text-2 hover:bg-surface-2 hover:text-text';

export function Rail() {
  const open = useOverlay();
  const adds = useMay()('write:tasks');
  return (
    <nav
      aria-label={strings.nav.label}
      className="hidden w-14 shrink-0 pointer-coarse:max-xl:w-[60px] flex-col items-stretch gap-1 overflow-y-auto border-line border-r bg-surface-1 p-2 md:flex xl:w-52"
    >
      <div className="flex items-center gap-2 px-1.5 pt-1 pb-4">
        <Logo />
        <span className="hidden text-16 font-semibold tracking-tight xl:inline">{strings.app}</span>
      </div>
      <RailButton
        label={strings.nav.search}
        keys="Mod+K"
        icon={<Search size={18} aria-hidden />}
        run={() => open('palette')}
      />
      {adds && (
        <RailButton
          label={strings.nav.add}
          keys="Q"
          icon={<Plus size={18} aria-hidden />}
          run={() => open('quick_add')}
        />
      )}
      <div className="my-1 h-px shrink-0 bg-line" />
      {usePlaces().map(({ to, label, icon: Icon, current, waiting }) => (
        <Link
          key={to}
          to={to}
          aria-current={current ? 'page' : undefined}
          data-tip={label}
          data-tip-side="right"
          data-tip-narrow
          className={cx(railItem, current ? 'bg-accent-quiet text-text' : idle)}
        >
          <Icon size={18} aria-hidden className="shrink-0" />
          <span className="sr-only xl:not-sr-only">{label}</span>
          <Badge
            waiting={waiting}
            says={saysWaiting(waiting)}
            className={cx(
              'max-xl:absolute xl:ml-auto',
              waiting === true ? 'max-xl:top-1.5 max-xl:right-1.5' : 'max-xl:top-0 max-xl:right-0',
            )}
          />
        </Link>
      ))}
      <div className="flex-1" />
      <ProfileMenu />
    </nav>
  );
}

function RailButton({ label, keys, icon, run }: { label: string; keys: string; icon: ReactNode; run: () => void }) {
  return (
    <button
      type="button"
      onClick={run}
      data-tip={label}
      data-tip-keys={keys}
      data-tip-side="right"
      data-tip-narrow
      className={cx(railItem, idle)}
    >
      <span className="shrink-0">{icon}</span>
      <span className="flex-1 text-left max-xl:sr-only">{label}</span>
      <span aria-hidden className="hidden xl:inline">
        <Kbd keys={keys} />
      </span>
    </button>
  );
}

const barItem = 'relative flex min-h-14 min-w-0 flex-1 flex-col items-center justify-center gap-1 text-12';

export function BottomBar() {
  const open = useOverlay();
  const adds = useMay()('write:tasks');
  const places = usePlaces();
  const here = places.filter(({ to }) => to === '/projects' || to === '/my-work');
  const elsewhere = places.filter((place) => !here.includes(place));
  return (
    <nav
      aria-label={strings.nav.label}
      className="flex shrink-0 border-line border-t bg-surface-1 px-1 pb-[env(safe-area-inset-bottom)] md:hidden"
    >
      {here.map(({ to, label, icon: Icon, current, waiting }) => (
        <Link
          key={to}
          to={to}
          aria-current={current ? 'page' : undefined}
          className={cx(barItem, current ? 'text-accent' : 'text-text-2')}
        >
          <Icon size={20} aria-hidden />
          {label}
          <Badge waiting={waiting} says={saysWaiting(waiting)} className="absolute top-1.5 left-1/2 ml-1" />
        </Link>
      ))}
      {adds && (
        <div className="flex flex-1 items-center justify-center">
          <button
            type="button"
            aria-label={strings.nav.add}
            onClick={() => open('quick_add')}
            className="press flex size-[44px] items-center justify-center rounded-full bg-accent text-on-accent active:bg-accent-down"
          >
            <Plus size={22} aria-hidden />
          </button>
        </div>
      )}
      <button type="button" onClick={() => open('palette')} className={cx(barItem, 'text-text-2')}>
        <Search size={20} aria-hidden />
        {strings.nav.search}
      </button>
      <button
        type="button"
        aria-haspopup="dialog"
        onClick={() => open('more')}
        className={cx(barItem, elsewhere.some(({ current }) => current) ? 'text-accent' : 'text-text-2')}
      >
        <Ellipsis size={20} aria-hidden />
        {strings.nav.more}
        <Badge
          waiting={elsewhere.some(({ waiting }) => waiting !== false && waiting !== 0)}
          says={strings.nav.dead_letters}
          className="absolute top-2.5 left-1/2 ml-2"
        />
      </button>
    </nav>
  );
}
