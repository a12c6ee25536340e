// Saved views: those of this project and of all, one's own and shared ones; saving, changing and deleting them.
import { useQuery } from '@tanstack/react-query';
import type { Layout } from '@taylordash/core/entities';
import type { ViewConfig } from '@taylordash/core/views';
import { useMemo } from 'react';
import { keys, layoutsQuery } from '../api.ts';
import { useApp, useMay, useMe } from '../app-context.tsx';
import { viewOf } from './settings.ts';

export interface SavedView {
  layout: Layout;
  config: ViewConfig;
  /** May this person change it? */
  own: boolean;
}

export interface NewView {
  name: string;
  shared: boolean;
  everywhere: boolean;
  config: ViewConfig;
}

export function useViews(project_id: string) {
  const { api, cache } = useApp();
  const me = useMe();
  const may = useMay();
  const query = useQuery(layoutsQuery(api, project_id));
  const views = useMemo(
    () =>
      (query.data ?? []).flatMap((layout): SavedView[] => {
        const config = viewOf(layout);
        return config ? [{ layout, config, own: layout.user_id === me?.id || me?.role === 'admin' }] : [];
      }),
    [query.data, me],
  );
  const show = (update: (list: Layout[]) => Layout[]) =>
    cache.setQueryData<Layout[]>([...keys.layouts, project_id], (list) => list && update(list));
  const reread = () => cache.invalidateQueries({ queryKey: keys.layouts });
  return {
    views,
    loaded: query.isSuccess,
    may_share: may('write:projects', project_id),
    may_share_everywhere: may('write:projects', null),
    async save({ name, shared, everywhere, config }: NewView): Promise<Layout> {
      const { data } = await api.call('createLayout', {
        body: { kind: 'view', name, shared, project_id: everywhere ? null : project_id, config: { ...config } },
      });
      show((list) => [...list, data]);
      await reread();
      return data;
    },
    async change(layout: Layout, patch: { name?: string; shared?: boolean; config?: ViewConfig }): Promise<void> {
      const { config, ...rest } = patch;
      const body = { ...rest, ...(config === undefined ? {} : { config: { ...config } }) };
      show((list) => list.map((one) => (one.id === layout.id ? { ...one, ...body } : one)));
      try {
        await api.call('updateLayout', { params: { id: layout.id }, body });
      } finally {
        await reread();
      }
    },
    async remove(layout: Layout): Promise<void> {
      show((list) => list.filter((one) => one.id !== layout.id));
      try {
        await api.call('deleteLayout', { params: { id: layout.id } });
      } finally {
        await reread();
      }
    },
    /** The same one again, after it was deleted. */
    async restore({ id, kind, name, shared, project_id: project, config }: Layout): Promise<void> {
      await api.call('createLayout', { body: { id, kind, name, shared, project_id: project, config } });
      await reread();
    },
  };
}
