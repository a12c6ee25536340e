// Who may come in, and what they may change.
import { useInfiniteQuery } from '@tanstack/react-query';
import { KeyRound, Plus, ShieldCheck, Trash2, UserCheck, UserX } from 'lucide-react';
import { useDeferredValue, useState } from 'react';
import { keys, type UserWithGrants, usersQuery } from '../api.ts';
import { useApp, useMe } from '../app-context.tsx';
import { useShortcut } from '../frame/use-commands.ts';
import { strings } from '../strings.ts';
import { Avatar } from '../ui/avatar.tsx';
import { Button } from '../ui/button.tsx';
import { cx } from '../ui/cx.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { ErrorNotice, sayError } from '../ui/error-notice.tsx';
import { MenuItem, MenuLine, MoreMenu } from '../ui/menu.tsx';
import { RelativeTime } from '../ui/relative-time.tsx';
import { SearchField } from '../ui/search-field.tsx';
import { SkeletonRows } from '../ui/skeleton.tsx';
import { useToast } from '../ui/toast.tsx';
import { useReachEnd } from '../ui/use-reach-end.ts';
import { accessOf } from './access.ts';
import { Page, PageHeader } from './page-header.tsx';
import { AdminTabs } from './page-tabs.tsx';
import {
  AccessDialog,
  CreateUserDialog,
  DeactivateUserDialog,
  DeleteUserDialog,
  ResetPasswordDialog,
} from './user-dialogs.tsx';

export function UsersPage() {
  const me = useMe();
  const [creating, setCreating] = useState(false);
  const admin = me?.role === 'admin';
  useShortcut({ keys: 'N', does: strings.users.new, run: () => setCreating(true), when: admin });
  return (
    <Page>
      <PageHeader title={strings.users.title} text={strings.users.text}>
        {admin && (
          <Button kind="primary" onClick={() => setCreating(true)} aria-keyshortcuts="N">
            <Plus size={16} aria-hidden />
            {strings.users.new}
          </Button>
        )}
      </PageHeader>
      <AdminTabs />
      {admin ? <List /> : <EmptyState text={strings.users.only_admins} />}
      {creating && <CreateUserDialog onClose={() => setCreating(false)} />}
    </Page>
  );
}

function List() {
  const { api } = useApp();
  const [text, setText] = useState('');
  const q = useDeferredValue(text.trim());
  const list = useInfiniteQuery({ ...usersQuery(api, q === '' ? {} : { q }), placeholderData: (old) => old });
  const end = useReachEnd(() => {
    if (list.hasNextPage && !list.isFetchingNextPage) void list.fetchNextPage();
  });
  const users = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <search>
        <SearchField label={strings.users.search} value={text} onValue={setText} className="max-w-[480px]" />
      </search>
      {list.isPending && <SkeletonRows rows={4} height="h-16" />}
      {list.isError && users.length === 0 && <ErrorNotice error={list.error} retry={() => void list.refetch()} />}
      {list.isSuccess && users.length === 0 && <EmptyState text={strings.users.none_found} />}
      {users.length > 0 && (
        <ul
          aria-label={strings.users.title}
          className="overflow-hidden rounded-node border border-line bg-surface-1 shadow-1"
        >
          {users.map((user) => (
            <Row key={user.id} user={user} />
          ))}
        </ul>
      )}
      {list.hasNextPage && <div ref={end} className="h-px" />}
    </>
  );
}

function Row({ user }: { user: UserWithGrants }) {
  const { api, cache } = useApp();
  const me = useMe();
  const toast = useToast();
  const [dialog, setDialog] = useState<'access' | 'password' | 'deactivate' | 'delete' | null>(null);
  const { access, project_ids } = accessOf(user);
  const own = user.id === me?.id;
  const close = () => setDialog(null);
  const activate = async () => {
    try {
      await api.call('updateUser', { params: { id: user.id }, body: { is_active: true }, if_match: user.version });
    } catch (error) {
      toast({ tone: 'problem', text: strings.errors.not_saved(sayError(error)) });
    }
    await cache.invalidateQueries({ queryKey: keys.users });
  };
  return (
    <li className="flex min-h-16 items-center gap-3 border-line border-b px-4 last:border-b-0 hover:bg-surface-2">
      <Avatar name={user.username} size={32} />
      <div className="min-w-0 flex-1 py-2">
        <p className="flex items-center gap-2">
          <span className={cx('truncate font-medium', !user.is_active && 'text-text-3')}>{user.username}</span>
          {own && (
            <span className="rounded-chip border border-line px-1.5 text-12 text-text-2">{strings.users.you}</span>
          )}
          {!user.is_active && (
            <span className="tint-pending rounded-chip px-1.5 py-0.5 text-12 font-medium">
              {strings.users.deactivated}
            </span>
          )}
        </p>
        <p className="truncate text-13 text-text-3">
          {strings.users[access]}
          {project_ids !== null && ` ${strings.users.some_projects(project_ids.length)}`}
        </p>
      </div>
      <span className="hidden text-13 text-text-3 sm:inline">
        {user.last_login === null ? (
          strings.users.never
        ) : (
          <>
            {strings.users.last_login} <RelativeTime at={user.last_login} />
          </>
        )}
      </span>
      <MoreMenu label={strings.users.actions(user.username)}>
        <MenuItem icon={<ShieldCheck size={16} aria-hidden />} onSelect={() => setDialog('access')}>
          {strings.users.edit}
        </MenuItem>
        {!own && (
          <>
            <MenuItem icon={<KeyRound size={16} aria-hidden />} onSelect={() => setDialog('password')}>
              {strings.users.reset}
            </MenuItem>
            {user.is_active ? (
              <MenuItem icon={<UserX size={16} aria-hidden />} onSelect={() => setDialog('deactivate')}>
                {strings.users.deactivate}
              </MenuItem>
            ) : (
              <MenuItem icon={<UserCheck size={16} aria-hidden />} onSelect={() => void activate()}>
                {strings.users.activate}
              </MenuItem>
            )}
            <MenuLine />
            <MenuItem danger icon={<Trash2 size={16} aria-hidden />} onSelect={() => setDialog('delete')}>
              {strings.users.delete}
            </MenuItem>
          </>
        )}
      </MoreMenu>
      {dialog === 'access' && <AccessDialog user={user} onClose={close} />}
      {dialog === 'password' && <ResetPasswordDialog user={user} onClose={close} />}
      {dialog === 'deactivate' && <DeactivateUserDialog user={user} onClose={close} />}
      {dialog === 'delete' && <DeleteUserDialog user={user} onClose={close} />}
    </li>
  );
}
