// The way between pages: a rail at the left, on phones a bar at the bottom.
import { Link, useRouterState } from '@tanstack/react-router';
import { Activity, LayoutGrid, type LucideIcon, Users } from 'lucide-react';
import { useMe } from '../app-context.tsx';
import { strings } from '../strings.ts';
import { cx } from '../ui/cx.ts';
import { ProfileMenu } from './profile-menu.tsx';

interface Place {
  to: '/projects' | '/signals/events' | '/admin/users';
  /** The part of the address that all pages of this place share. */
  under: string;
  label: string;
  icon: LucideIcon;
  admin?: true;
}

const places: readonly Place[] = [
  { to: '/projects', under: '/projects', label: strings.nav.projects, icon: LayoutGrid },
  { to: '/signals/events', under: '/signals', label: strings.nav.signals, icon: Activity },
  { to: '/admin/users', under: '/admin', label: strings.nav.users, icon: Users, admin: true },
];

function usePlaces() {
  const me = useMe();
  const path = useRouterState({ select: ({ location }) => location.pathname });
  return places
    .filter((place) => place.admin !== true || me?.role === 'admin')
    .map((place) => ({ ...place, current: path === place.under || path.startsWith(`${place.under}/`) }));
}

export function Logo({ size = 28 }: { size?: number }) {
  return <img src="/icon.svg" width={size} height={size} alt="" />;
}

export function Rail() {
  return (
    <nav
      aria-label={strings.nav.label}
      className="hidden w-14 shrink-0 flex-col items-stretch gap-1 border-line border-r bg-surface-1 p-2 md:flex xl:w-52"
    >
      <div className="flex items-center gap-2 px-1.5 pt-1 pb-4">
        <Logo />
        <span className="hidden text-16 font-semibold tracking-tight xl:inline">{strings.app}</span>
      </div>
      {usePlaces().map(({ to, label, icon: Icon, current }) => (
        <Link
          key={to}
          to={to}
          aria-current={current ? 'page' : undefined}
          title={label}
          className={cx(
            'press target flex items-center justify-center gap-3 rounded-control text-14 xl:justify-start xl:px-3',
            current ? 'bg-accent-quiet text-text' : 'text-text-2 hover:bg-surface-2 hover:text-text',
          )}
        >
          <Icon size={18} aria-hidden className="shrink-0" />
          <span className="sr-only xl:not-sr-only">{label}</span>
        </Link>
      ))}
      <div className="flex-1" />
      <ProfileMenu side="right" />
    </nav>
  );
}

export function BottomBar() {
  return (
    <nav
      aria-label={strings.nav.label}
      className="flex shrink-0 justify-around border-line border-t bg-surface-1 pb-[env(safe-area-inset-bottom)] md:hidden"
    >
      {usePlaces().map(({ to, label, icon: Icon, current }) => (
        <Link
          key={to}
          to={to}
          aria-current={current ? 'page' : undefined}
          className={cx(
            'flex min-h-14 min-w-16 flex-col items-center justify-center gap-1 text-12',
            current ? 'text-accent' : 'text-text-2',
          )}
        >
          <Icon size={20} aria-hidden />
          {label}
        </Link>
      ))}
      <ProfileMenu side="top" />
    </nav>
  );
}
