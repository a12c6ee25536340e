// Who is signed in: the way to the profile, the theme, all keys, signing out.
import { useNavigate } from '@tanstack/react-router';
import { Keyboard, LogOut, Monitor, Moon, Sun, UserRound } from 'lucide-react';
import { useMe } from '../app-context.tsx';
import { strings } from '../strings.ts';
import { Avatar } from '../ui/avatar.tsx';
import { Menu, MenuItem, MenuLabel, MenuLine } from '../ui/menu.tsx';
import { useOverlay } from './overlays.ts';
import type { Theme } from './preferences.ts';
import { useSignOut } from './sign-out.ts';
import { useProfile } from './use-profile.ts';

const themes: readonly { theme: Theme; label: string; icon: typeof Sun }[] = [
  { theme: 'system', label: strings.nav.theme_system, icon: Monitor },
  { theme: 'dark', label: strings.nav.theme_dark, icon: Moon },
  { theme: 'light', label: strings.nav.theme_light, icon: Sun },
];

export function ProfileMenu() {
  const me = useMe();
  const navigate = useNavigate();
  const open = useOverlay();
  const signOut = useSignOut();
  const { preferences, prefer } = useProfile();
  if (!me) return null;
  return (
    <Menu
      side="right"
      align="end"
      trigger={
        <button
          type="button"
          className="press target flex items-center gap-2 rounded-control px-2 text-14 text-text-2 hover:bg-surface-2 hover:text-text max-xl:justify-center"
        >
          <Avatar name={me.username} />
          <span className="sr-only">{strings.nav.signed_in_as}</span>
          <span className="min-w-0 flex-1 truncate text-left max-xl:sr-only">{me.username}</span>
        </button>
      }
    >
      <MenuLabel>{strings.nav.profile(me.username)}</MenuLabel>
      <MenuItem icon={<UserRound size={16} aria-hidden />} onSelect={() => void navigate({ to: '/profile' })}>
        {strings.nav.own_profile}
      </MenuItem>
      <MenuItem icon={<Keyboard size={16} aria-hidden />} shortcut="?" onSelect={() => open('keys')}>
        {strings.shortcuts.title}
      </MenuItem>
      <MenuLine />
      <MenuLabel>{strings.nav.theme}</MenuLabel>
      {themes.map(({ theme, label, icon: Icon }) => (
        <MenuItem
          key={theme}
          icon={<Icon size={16} aria-hidden />}
          chosen={preferences.theme === theme}
          onSelect={() => prefer({ theme })}
        >
          {label}
        </MenuItem>
      ))}
      <MenuLine />
      <MenuItem icon={<LogOut size={16} aria-hidden />} onSelect={() => void signOut()}>
        {strings.nav.sign_out}
      </MenuItem>
    </Menu>
  );
}
