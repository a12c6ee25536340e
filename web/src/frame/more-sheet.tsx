// On phones: the places that the bar has no room for, and the own account.
import { Link } from '@tanstack/react-router';
import { LogOut, UserRound } from 'lucide-react';
import { useMe } from '../app-context.tsx';
import { strings } from '../strings.ts';
import { Badge } from '../ui/badge.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { usePlaces } from './places.ts';
import { saysWaiting } from './rail.tsx';
import { useSignOut } from './sign-out.ts';

const item =
  'press flex min-h-12 w-full items-center gap-3 rounded-control px-3 text-left text-16 text-text -outline-offset-2 hover:bg-accent-quiet';

export function MoreSheet({ onClose }: { onClose: () => void }) {
  const me = useMe();
  const signOut = useSignOut();
  const rest = usePlaces().filter(({ to }) => to !== '/projects' && to !== '/my-work');
  return (
    <Dialog open onOpenChange={onClose} title={strings.nav.more_title}>
      <nav aria-label={strings.nav.more_title} className="-mx-3 flex flex-col">
        {rest.map(({ to, label, icon: Icon, current, waiting }) => (
          <Link key={to} to={to} onClick={onClose} aria-current={current ? 'page' : undefined} className={item}>
            <Icon size={20} aria-hidden className={current ? 'text-accent' : 'text-text-2'} />
            <span className="flex-1">{label}</span>
            <Badge waiting={waiting} says={saysWaiting(waiting)} />
          </Link>
        ))}
        <Link to="/profile" onClick={onClose} className={item}>
          <UserRound size={20} aria-hidden className="text-text-2" />
          <span className="min-w-0 flex-1">
            <span className="block">{strings.nav.own_profile}</span>
            {me && <span className="block truncate text-13 text-text-3">{strings.nav.profile(me.username)}</span>}
          </span>
        </Link>
        <div className="my-2 h-px bg-line" />
        <button type="button" onClick={() => void signOut()} className={item}>
          <LogOut size={20} aria-hidden className="text-text-2" />
          {strings.nav.sign_out}
        </button>
      </nav>
    </Dialog>
  );
}
