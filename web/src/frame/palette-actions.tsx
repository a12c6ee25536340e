// What the palette offers besides what it finds: places, and what can be done from anywhere.
import { useNavigate } from '@tanstack/react-router';
import {
  Activity,
  Archive,
  CircleCheckBig,
  FileUp,
  Inbox,
  LayoutGrid,
  LogOut,
  Monitor,
  Moon,
  Plus,
  Router,
  Rows3,
  Rows4,
  Sun,
  UserRound,
  Users,
} from 'lucide-react';
import type { ReactNode } from 'react';
import { useMay, useMe } from '../app-context.tsx';
import { strings } from '../strings.ts';
import type { Command } from './commands.ts';
import { useSignOut } from './sign-out.ts';
import { useAllCommands } from './use-commands.ts';
import { useProfile } from './use-profile.ts';

const words = strings.palette;
const size = 16;
const icon = (Icon: typeof Plus): ReactNode => <Icon size={size} aria-hidden />;

export interface Offers {
  page: readonly Command[];
  go: readonly Command[];
  do: readonly Command[];
}

export function useOffers(): Offers {
  const me = useMe();
  const may = useMay();
  const navigate = useNavigate();
  const signOut = useSignOut();
  const { preferences, prefer } = useProfile();
  const added = useAllCommands().filter((command) => command.key_only !== true);
  const admin = me?.role === 'admin';
  const go: Command[] = [
    {
      id: 'go.projects',
      label: strings.nav.projects,
      icon: icon(LayoutGrid),
      run: () => void navigate({ to: '/projects' }),
    },
    {
      ...{ id: 'go.my_work', label: strings.nav.my_work, words: words.words.my_work, icon: icon(CircleCheckBig) },
      run: () => void navigate({ to: '/my-work' }),
    },
    {
      ...{ id: 'go.devices', label: strings.nav.devices, words: words.words.devices, icon: icon(Router) },
      run: () => void navigate({ to: '/devices' }),
    },
    {
      ...{ id: 'go.events', label: words.events, words: words.words.signals, icon: icon(Activity) },
      run: () => void navigate({ to: '/signals/events' }),
    },
    ...(admin
      ? [
          {
            ...{ id: 'go.dead_letters', label: words.dead_letters, words: words.words.signals, icon: icon(Inbox) },
            run: () => void navigate({ to: '/signals/dead-letters' }),
          },
          {
            ...{ id: 'go.users', label: words.users, words: words.words.users, icon: icon(Users) },
            run: () => void navigate({ to: '/admin/users' }),
          },
          {
            ...{ id: 'go.retention', label: strings.retention_title, words: words.words.retention },
            icon: icon(Archive),
            run: () => void navigate({ to: '/admin/retention' }),
          },
        ]
      : []),
    {
      ...{ id: 'go.profile', label: strings.nav.own_profile, words: words.words.profile, icon: icon(UserRound) },
      run: () => void navigate({ to: '/profile' }),
    },
  ];
  const themes = [
    { theme: 'dark', label: words.theme_dark, icon: icon(Moon) },
    { theme: 'light', label: words.theme_light, icon: icon(Sun) },
    { theme: 'system', label: words.theme_system, icon: icon(Monitor) },
  ] as const;
  const compact = preferences.density === 'compact';
  const rest: Command[] = [
    ...added.filter(({ scope }) => scope === 'everywhere'),
    ...(may('write:projects', null)
      ? [
          {
            ...{ id: 'new_project', label: words.new_project, words: words.words.new_project, icon: icon(Plus) },
            run: () => void navigate({ to: '/projects', search: { dialog: 'new' } }),
          },
          {
            ...{ id: 'import', label: words.import_project, words: words.words.import_project, icon: icon(FileUp) },
            run: () => void navigate({ to: '/projects', search: { dialog: 'import' } }),
          },
        ]
      : []),
    ...themes
      .filter(({ theme }) => theme !== preferences.theme)
      .map(({ theme, ...one }) => ({
        ...{ id: `theme.${theme}`, words: words.words.theme, ...one },
        run: () => prefer({ theme }),
      })),
    {
      ...{ id: 'rows', label: compact ? words.comfortable : words.compact, words: words.words.rows },
      icon: icon(compact ? Rows3 : Rows4),
      run: () => prefer({ density: compact ? 'comfortable' : 'compact' }),
    },
    {
      ...{ id: 'sign_out', label: strings.nav.sign_out, words: words.words.sign_out, icon: icon(LogOut) },
      run: () => void signOut(),
    },
  ];
  const page = added.filter(({ scope }) => scope !== 'everywhere');
  // What the page itself offers is offered once.
  return { page, go, do: rest.filter(({ label }) => !page.some((one) => one.label === label)) };
}

/** How well words fit: 2 where words of the label begin so, 1 where they are inside it or other words begin so, 0 where not. */
export function fits(command: Pick<Command, 'label' | 'words'>, text: string): 0 | 1 | 2 {
  const wanted = text.trim().toLowerCase().split(/\s+/);
  const label = command.label.toLowerCase();
  const begins = (words: string, word: string) => words.split(/\s+/).some((part) => part.startsWith(word));
  if (wanted.every((word) => begins(label, word))) return 2;
  return wanted.every((word) => label.includes(word) || begins(command.words ?? '', word)) ? 1 : 0;
}
