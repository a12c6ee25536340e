// The tabs of a place that has several pages: how they look, and those of Administration.
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useMe } from '../app-context.tsx';
import { strings } from '../strings.ts';

/** What a link needs to look like a tab. */
export const tabLook = {
  className: 'press target inline-flex items-center border-b-2 px-1 text-14',
  activeProps: { className: 'border-accent text-text font-medium', 'aria-current': 'page' as const },
  inactiveProps: { className: 'border-transparent text-text-2 hover:text-text' },
  activeOptions: { includeSearch: false },
};

export function PageTabs({ label, children }: { label: string; children: ReactNode }) {
  return (
    <nav aria-label={label} className="flex gap-4 border-line border-b">
      {children}
    </nav>
  );
}

export function AdminTabs() {
  if (useMe()?.role !== 'admin') return null;
  return (
    <PageTabs label={strings.nav.administration}>
      <Link to="/admin/users" {...tabLook}>
        {strings.users.title}
      </Link>
      <Link to="/admin/retention" {...tabLook}>
        {strings.retention_title}
      </Link>
    </PageTabs>
  );
}
