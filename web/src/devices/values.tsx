// The last value of each topic, as it was received, and what can be made of it.
import { scalarPaths } from '@taylordash/core/bindings';
import { ChevronsUp, CircleDot, Gauge } from 'lucide-react';
import { strings } from '../strings.ts';
import { Menu, MenuItem } from '../ui/menu.tsx';
import { RelativeTime } from '../ui/relative-time.tsx';
import type { BindingStart } from './binding-draft.ts';
import type { Signal } from './queries.ts';

interface Props {
  signals: readonly Signal[];
  /** Null: who looks may only look. */
  onBind: ((start: BindingStart) => void) | null;
}

export function Values({ signals, onBind }: Props) {
  return (
    <ul
      aria-label={strings.devices.values}
      className="flex flex-col overflow-hidden rounded-node border border-line bg-surface-1"
    >
      {signals.map((signal) => (
        <Value key={signal.topic} signal={signal} onBind={onBind} />
      ))}
    </ul>
  );
}

function Value({ signal, onBind }: { signal: Signal; onBind: Props['onBind'] }) {
  const { topic, text, size, qos, last_at } = signal;
  const parts = text === null ? [] : scalarPaths(text);
  // What is on tracker/ is an event already.
  const bindable = onBind !== null && !topic.startsWith('tracker/') && text !== null;
  return (
    <li className="flex flex-col gap-1.5 border-line border-b px-3 py-2 last:border-b-0">
      <div className="flex items-baseline gap-3">
        <span className="min-w-0 flex-1 break-all font-mono text-12 text-text-3">{topic}</span>
        {qos === 0 && (
          <span title={strings.devices.not_confirmed_long} className="shrink-0 text-12 text-text-3">
            {strings.devices.not_confirmed}
          </span>
        )}
        <span className="shrink-0 text-12 text-text-3">
          <RelativeTime at={last_at} />
        </span>
      </div>
      <div className="flex flex-wrap gap-1.5">
        {parts.length === 0 && (
          <Chip topic={topic} path="" value={text ?? strings.devices.no_text(size)} onBind={bindable ? onBind : null} />
        )}
        {parts.map(({ path, value }) => (
          <Chip key={path} topic={topic} path={path} value={String(value)} onBind={bindable ? onBind : null} />
        ))}
      </div>
    </li>
  );
}

function Chip({ topic, path, value, onBind }: { topic: string; path: string; value: string; onBind: Props['onBind'] }) {
  const shown = (
    <>
      {path !== '' && <span className="text-text-3">{path}</span>}{' '}
      <span className="max-w-64 truncate font-medium tabular-nums">{value}</span>
    </>
  );
  const look = 'inline-flex items-center gap-1.5 rounded-control bg-surface-2 px-2 py-1 text-13';
  if (onBind === null) return <span className={look}>{shown}</span>;
  const bind = (kind: BindingStart['kind']) => onBind({ topic_filter: topic, path, kind, value });
  return (
    <Menu
      trigger={
        <button type="button" className={`press target ${look} border border-control hover:border-text-3`}>
          <span className="sr-only">{strings.devices.use}</span> {shown}
        </button>
      }
    >
      <MenuItem icon={<ChevronsUp size={16} aria-hidden />} onSelect={() => bind('progress')}>
        {strings.devices.drive_progress}
      </MenuItem>
      <MenuItem icon={<CircleDot size={16} aria-hidden />} onSelect={() => bind('status')}>
        {strings.devices.drive_status}
      </MenuItem>
      <MenuItem icon={<Gauge size={16} aria-hidden />} onSelect={() => bind('metric')}>
        {strings.devices.record}
      </MenuItem>
    </Menu>
  );
}
