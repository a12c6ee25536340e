// Who is signed in: theme, password, signing out.
import { useNavigate } from '@tanstack/react-router';
import { KeyRound, LogOut, Monitor, Moon, Sun } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useApp, useMe } from '../app-context.tsx';
import { strings } from '../strings.ts';
import { Avatar } from '../ui/avatar.tsx';
import { Menu, MenuItem, MenuLabel, MenuLine } from '../ui/menu.tsx';
import { readTheme, setTheme, type Theme } from './theme.ts';

const PasswordDialog = lazy(async () => ({ default: (await import('./password-dialog.tsx')).PasswordDialog }));

const themes: readonly { theme: Theme; label: string; icon: typeof Sun }[] = [
  { theme: 'system', label: strings.nav.theme_system, icon: Monitor },
  { theme: 'dark', label: strings.nav.theme_dark, icon: Moon },
  { theme: 'light', label: strings.nav.theme_light, icon: Sun },
];

export function ProfileMenu({ side }: { side: 'top' | 'right' }) {
  const { api, cache, live } = useApp();
  const me = useMe();
  const navigate = useNavigate();
  const [theme, choose] = useState(readTheme);
  const [password, setPassword] = useState(false);
  if (!me) return null;
  const signOut = async () => {
    await api.call('logout', {}).catch(() => {});
    live.stop();
    cache.clear();
    await navigate({ to: '/login' });
  };
  return (
    <>
      <Menu
        side={side}
        align="end"
        trigger={
          <button
            type="button"
            className="press target flex items-center gap-2 rounded-control px-2 text-14 text-text-2 hover:bg-surface-2 hover:text-text max-xl:justify-center"
          >
            <Avatar name={me.username} />
            <span className="sr-only">{strings.nav.signed_in_as}</span>
            <span className={side === 'right' ? 'min-w-0 flex-1 truncate text-left max-xl:sr-only' : 'sr-only'}>
              {me.username}
            </span>
          </button>
        }
      >
        <MenuLabel>{strings.nav.profile(me.username)}</MenuLabel>
        <MenuItem icon={<KeyRound size={16} aria-hidden />} onSelect={() => setPassword(true)}>
          {strings.nav.change_password}
        </MenuItem>
        <MenuLine />
        <MenuLabel>{strings.nav.theme}</MenuLabel>
        {themes.map(({ theme: one, label, icon: Icon }) => (
          <MenuItem
            key={one}
            icon={<Icon size={16} aria-hidden />}
            chosen={theme === one}
            onSelect={() => {
              setTheme(one);
              choose(one);
            }}
          >
            {label}
          </MenuItem>
        ))}
        <MenuLine />
        <MenuItem icon={<LogOut size={16} aria-hidden />} onSelect={() => void signOut()}>
          {strings.nav.sign_out}
        </MenuItem>
      </Menu>
      {password && (
        <Suspense>
          <PasswordDialog onClose={() => setPassword(false)} />
        </Suspense>
      )}
    </>
  );
}
