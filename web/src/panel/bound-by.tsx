// The binding that sets a component's progress or status from a device's value, where there is one.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Router } from 'lucide-react';
import { useApp } from '../app-context.tsx';
import { type Binding, componentBindingsQuery } from '../devices/queries.ts';
import { strings } from '../strings.ts';

/** The one that is on. */
export function useBinding(component_id: string, kind: 'progress' | 'status'): Binding | undefined {
  const { api } = useApp();
  const bindings = useQuery(componentBindingsQuery(api, component_id)).data;
  return bindings?.find(({ enabled, target }) => enabled && target.kind === kind);
}

export function BoundBy({ binding: { topic_filter, path } }: { binding: Binding }) {
  return (
    <p className="flex items-start gap-2 text-13 text-text-2">
      <Router size={16} aria-hidden className="mt-0.5 shrink-0 text-text-3" />
      <span className="min-w-0">
        {strings.panel.bound}{' '}
        <Link
          to="/devices"
          search={{ view: 'bindings' }}
          className="break-all rounded-control font-mono text-12 text-accent hover:underline"
        >
          {path === '' ? topic_filter : `${topic_filter} ${path}`}
        </Link>
      </span>
    </p>
  );
}
