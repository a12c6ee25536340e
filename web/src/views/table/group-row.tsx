// The head of a group: its name, how many it has, and whether its rows show.
// biome-ignore-all lint/a11y/useSemanticElements: see table.tsx
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus and points to its cells
import type { RowField } from '@taylordash/core/rows';
import { ChevronDown, ChevronRight } from 'lucide-react';
import { viewStrings } from '../../strings/views.ts';
import { cx } from '../../ui/cx.ts';
import { sayGroup } from '../format.ts';
import type { Line } from './lines.ts';

interface Props<R> {
  id: string;
  index: number;
  top: number;
  height: number;
  field: RowField<R> | null;
  line: Extract<Line<R>, { kind: 'group' }>;
  columns: number;
  active: boolean;
  onToggle: () => void;
}

export function GroupRow<R>({ id, index, top, height, field, line, columns, active, onToggle }: Props<R>) {
  const name = field ? sayGroup(field, line.key) : '';
  const Icon = line.collapsed ? ChevronRight : ChevronDown;
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      className="absolute left-0 w-full border-line border-b bg-surface-0"
      style={{ transform: `translateY(${top}px)`, height }}
    >
      <div
        id={id}
        role="gridcell"
        aria-colspan={columns}
        aria-expanded={!line.collapsed}
        className={cx('sticky left-0 flex h-full w-fit items-center', active && 'cell-active')}
      >
        <button
          type="button"
          tabIndex={-1}
          title={(line.collapsed ? viewStrings.expand : viewStrings.collapse)(name)}
          onClick={onToggle}
          className="flex h-full items-center gap-2 px-3 text-13 font-medium text-text-2 hover:text-text"
        >
          <Icon size={16} aria-hidden />
          {name}
          <span className="font-normal text-text-3">{line.count.toLocaleString('en')}</span>
        </button>
      </div>
    </div>
  );
}
