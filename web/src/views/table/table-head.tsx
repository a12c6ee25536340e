// The head of the table: names of columns, which sort when pressed, and the box that selects everything.
// biome-ignore-all lint/a11y/useSemanticElements: see table.tsx
// biome-ignore-all lint/a11y/useFocusableInteractive: the buttons inside take the focus
import type { RowField } from '@taylordash/core/rows';
import { ArrowDown, ArrowUp } from 'lucide-react';
import { viewStrings } from '../../strings/views.ts';
import { cx } from '../../ui/cx.ts';
import { fieldTitle } from '../format.ts';

interface Props<R> {
  columns: readonly string[];
  template: string;
  height: number;
  fields: readonly RowField<R>[];
  sort: string;
  onSort: (sort: string) => void;
  selected: 'none' | 'some' | 'all';
  onSelectAll: () => void;
}

export function TableHead<R>({ columns, template, height, fields, sort, onSort, selected, onSelectAll }: Props<R>) {
  const down = sort.startsWith('-');
  const by = down ? sort.slice(1) : sort;
  return (
    <div role="rowgroup" className="sticky top-0 z-[3]">
      <div
        role="row"
        aria-rowindex={1}
        className="grid border-line border-b bg-surface-1 text-12 text-text-3"
        style={{ gridTemplateColumns: template, height }}
      >
        <div role="columnheader" aria-colindex={1} className="flex items-center justify-center">
          <input
            type="checkbox"
            tabIndex={-1}
            aria-label={viewStrings.select_all}
            checked={selected === 'all'}
            ref={(box) => {
              if (box) box.indeterminate = selected === 'some';
            }}
            onChange={onSelectAll}
            className="size-4 cursor-pointer accent-accent pointer-coarse:size-6"
          />
        </div>
        {['name', ...columns].map((field, column) => {
          const sorts = fields.some(({ name }) => name === field);
          const isBy = by === field;
          return (
            <div
              key={field}
              role="columnheader"
              aria-colindex={column + 2}
              aria-sort={isBy ? (down ? 'descending' : 'ascending') : 'none'}
              className={cx('flex items-center', column === 0 && 'sticky left-0 z-[1] bg-surface-1')}
            >
              <button
                type="button"
                tabIndex={-1}
                disabled={!sorts}
                title={viewStrings.sort_column(fieldTitle(field))}
                onClick={() => onSort(isBy && !down ? `-${field}` : field)}
                className={cx(
                  'flex h-full w-full min-w-0 items-center gap-1 px-2 text-left hover:text-text',
                  isBy && 'font-medium text-text',
                )}
              >
                <span className="truncate">{fieldTitle(field)}</span>
                {isBy && (down ? <ArrowDown size={14} aria-hidden /> : <ArrowUp size={14} aria-hidden />)}
              </button>
            </div>
          );
        })}
      </div>
    </div>
  );
}
