// The bindings there are: what drives what, how each does, and switching it off.
import { useQuery } from '@tanstack/react-query';
import { ArrowRight, Link2, Pencil, Power, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useApp, useMe } from '../app-context.tsx';
import { strings } from '../strings.ts';
import { Button } from '../ui/button.tsx';
import { cx } from '../ui/cx.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { ErrorNotice, sayError } from '../ui/error-notice.tsx';
import { MenuItem, MenuLine, MoreMenu } from '../ui/menu.tsx';
import { RelativeTime } from '../ui/relative-time.tsx';
import { SkeletonRows } from '../ui/skeleton.tsx';
import { useToast } from '../ui/toast.tsx';
import { BindingDialog } from './binding-dialog.tsx';
import { type Binding, bindingsQuery, deviceKeys } from './queries.ts';

export function Bindings({ onValues }: { onValues: () => void }) {
  const { api } = useApp();
  const admin = useMe()?.role === 'admin';
  const list = useQuery(bindingsQuery(api));
  if (list.isPending) return <SkeletonRows rows={3} height="h-16" />;
  if (list.data === undefined) return <ErrorNotice error={list.error} retry={() => void list.refetch()} />;
  if (list.data.length === 0)
    return (
      <EmptyState icon={<Link2 size={32} aria-hidden />} text={strings.devices.bindings_none}>
        {admin && <Button onClick={onValues}>{strings.devices.bindings_see_values}</Button>}
      </EmptyState>
    );
  return (
    <ul
      aria-label={strings.devices.bindings_list}
      className="overflow-hidden rounded-node border border-line bg-surface-1 shadow-1"
    >
      {list.data.map((binding) => (
        <Row key={binding.id} binding={binding} />
      ))}
    </ul>
  );
}

function Row({ binding }: { binding: Binding }) {
  const { api, cache } = useApp();
  const admin = useMe()?.role === 'admin';
  const toast = useToast();
  const [editing, setEditing] = useState(false);
  const { id, version, enabled, topic_filter, path, result } = binding;
  const send = async (work: () => Promise<unknown>, done?: string) => {
    try {
      await work();
      if (done !== undefined) toast({ text: done });
    } catch (error) {
      toast({ tone: 'problem', text: strings.errors.not_saved(sayError(error)) });
    }
    await cache.invalidateQueries({ queryKey: deviceKeys.bindings });
  };
  return (
    <li className="flex min-h-16 items-center gap-3 border-line border-b px-4 py-2 last:border-b-0">
      <div className={cx('min-w-0 flex-1', !enabled && 'opacity-70')}>
        <p className="flex flex-wrap items-center gap-x-2">
          <span className="break-all font-mono text-13">
            {topic_filter}
            {path !== '' && <span className="text-text-3"> {path}</span>}
          </span>
          <ArrowRight size={14} aria-hidden className="text-text-3" />
          <span className="font-medium">
            <TargetName binding={binding} />
          </span>
          {!enabled && (
            <span className="tint-pending rounded-chip px-1.5 py-0.5 text-12 font-medium">{strings.devices.off}</span>
          )}
        </p>
        <p className="flex flex-wrap gap-x-3 text-13 text-text-3">
          {result.last_value !== null && <span className="max-w-64 truncate">{result.last_value}</span>}
          {result.last_read_at !== null && <RelativeTime at={result.last_read_at} />}
          {result.applied > 0 && <span>{strings.devices.applied(result.applied)}</span>}
          {result.last_error !== null && <span className="text-warning">{result.last_error}</span>}
        </p>
      </div>
      {admin && (
        <MoreMenu label={strings.devices.actions(topic_filter)}>
          <MenuItem icon={<Pencil size={16} aria-hidden />} onSelect={() => setEditing(true)}>
            {strings.devices.binding_edit}
          </MenuItem>
          <MenuItem
            icon={<Power size={16} aria-hidden />}
            onSelect={() =>
              void send(() =>
                api.call('updateBinding', { params: { id }, body: { enabled: !enabled }, if_match: version }),
              )
            }
          >
            {enabled ? strings.devices.disable : strings.devices.enable}
          </MenuItem>
          <MenuLine />
          <MenuItem
            danger
            icon={<Trash2 size={16} aria-hidden />}
            onSelect={() => void send(() => api.call('deleteBinding', { params: { id } }), strings.devices.unbound)}
          >
            {strings.devices.delete}
          </MenuItem>
        </MoreMenu>
      )}
      {editing && <BindingDialog start={binding} onClose={() => setEditing(false)} />}
    </li>
  );
}

function TargetName({ binding: { target } }: { binding: Binding }) {
  const { api } = useApp();
  const component_id = target.component_id ?? '';
  const component = useQuery({
    queryKey: ['component', component_id],
    queryFn: async ({ signal }) => (await api.call('getComponent', { params: { id: component_id }, signal })).data,
    enabled: component_id !== '',
  }).data;
  if (target.kind === 'metric') return strings.devices.to_metric(target.service ?? '', target.metric ?? '');
  const name = component?.name ?? strings.devices.gone_component;
  return target.kind === 'progress' ? strings.devices.to_progress(name) : strings.devices.to_status(name);
}
