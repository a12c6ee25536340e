// The way between pages: a rail at the left, on phones a bar at the bottom.
import { Link } from '@tanstack/react-router';
import { Activity, LayoutGrid, type LucideIcon, Users } from 'lucide-react';
import { useMe } from '../app-context.tsx';
import { strings } from '../strings.ts';
import { ProfileMenu } from './profile-menu.tsx';

interface Place {
  to: '/projects' | '/signals/events' | '/admin/users';
  /** The part of the address that all pages of this place share. */
  label: string;
  icon: LucideIcon;
  admin?: true;
}

const places: readonly Place[] = [
  { to: '/projects', label: strings.nav.projects, icon: LayoutGrid },
  { to: '/signals/events', label: strings.nav.signals, icon: Activity },
  { to: '/admin/users', label: strings.nav.users, icon: Users, admin: true },
];

function usePlaces() {
  const me = useMe();
  return places.filter((place) => place.admin !== true || me?.role === 'admin');
}

export function Logo({ size = 28 }: { size?: number }) {
  return <img src="/icon.svg" width={size} height={size} alt="" />;
}

export function Rail() {
  return (
    <nav
      aria-label={strings.nav.label}
      className="hidden w-14 shrink-0 flex-col items-stretch gap-1 border-line border-r bg-surface-1 p-2 md:flex lg:w-52"
    >
      <div className="flex items-center gap-2 px-1.5 pt-1 pb-4">
        <Logo />
        <span className="hidden text-16 font-semibold tracking-tight lg:inline">{strings.app}</span>
      </div>
      {usePlaces().map(({ to, label, icon: Icon }) => (
        <Link
          key={to}
          to={to}
          activeOptions={{ exact: false, includeSearch: false }}
          activeProps={{ className: 'bg-accent-quiet text-text', 'aria-current': 'page' }}
          inactiveProps={{ className: 'text-text-2 hover:bg-surface-2 hover:text-text' }}
          title={label}
          className="press target flex items-center justify-center gap-3 rounded-control text-14 lg:justify-start lg:px-3"
        >
          <Icon size={18} aria-hidden className="shrink-0" />
          <span className="sr-only lg:not-sr-only">{label}</span>
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
      {usePlaces().map(({ to, label, icon: Icon }) => (
        <Link
          key={to}
          to={to}
          activeOptions={{ exact: false, includeSearch: false }}
          activeProps={{ className: 'text-accent', 'aria-current': 'page' }}
          inactiveProps={{ className: 'text-text-2' }}
          className="flex min-h-14 min-w-16 flex-col items-center justify-center gap-1 text-12"
        >
          <Icon size={20} aria-hidden />
          {label}
        </Link>
      ))}
      <ProfileMenu side="top" />
    </nav>
  );
}
