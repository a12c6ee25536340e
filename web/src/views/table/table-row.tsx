// One row of the table, drawn again only when something of its own changes.
// biome-ignore-all lint/a11y/useSemanticElements: rows outside the screen are not there, and a <table> cannot place the others
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus and points to its cells
// biome-ignore-all lint/a11y/useKeyWithClickEvents: the grid has the keys
import { CircleAlert, PanelRightOpen } from 'lucide-react';
import { type MouseEvent, memo } from 'react';
import { viewStrings as words } from '../../strings/views.ts';
import { cx } from '../../ui/cx.ts';
import { CellEditor, type Leave } from '../cell-editor.tsx';
import { fieldTitle } from '../format.ts';
import type { Kind } from '../kind.ts';
import { LiveMarks } from '../live-marks.tsx';
import type { Row } from '../use-rows.ts';

/** What rows call back with; the same at every drawing. */
export interface RowCalls {
  onCell: (line: number, column: number, event: MouseEvent) => void;
  onSelect: (line: number, event: MouseEvent) => void;
  onOpen: (line: number) => void;
  onLeave: (where: Leave) => void;
}

interface Props<R extends Row, P> {
  id: string;
  line: number;
  top: number;
  height: number;
  template: string;
  row: R;
  columns: readonly string[];
  kind: Kind<R, P>;
  selected: boolean;
  /** The column of the active cell, where it is in this row. */
  active: number | null;
  editing: boolean;
  labels: readonly string[];
  today: string;
  calls: RowCalls;
}

function TableRowPlain<R extends Row, P>(props: Props<R, P>) {
  const { id, line, top, height, template, row, columns, kind, selected, active, editing, labels, today, calls } =
    props;
  const open = kind.open_id === row.id;
  return (
    <div
      role="row"
      data-row={row.id}
      aria-rowindex={line + 2}
      aria-selected={selected}
      className={cx(
        'group/row absolute left-0 grid w-full border-line border-b text-13',
        selected || open ? 'bg-accent-quiet' : 'bg-surface-1 hover:bg-surface-2',
      )}
      style={{ transform: `translateY(${top}px)`, height, gridTemplateColumns: template }}
    >
      <div role="gridcell" aria-colindex={1} className="flex items-center justify-center">
        <input
          type="checkbox"
          tabIndex={-1}
          checked={selected}
          aria-label={words.select_row(row.name)}
          onClick={(event) => calls.onSelect(line, event)}
          onChange={() => {}}
          className="size-4 cursor-pointer accent-accent opacity-40 checked:opacity-100 group-hover/row:opacity-100 pointer-coarse:size-6 pointer-coarse:opacity-100"
        />
      </div>
      {['name', ...columns].map((field, column) => {
        const isActive = active === column;
        const editor = kind.editors.get(field);
        const error = kind.errorOf(row.id, field);
        const label = words.edit_cell(field, row.name);
        return (
          <div
            key={field}
            id={`${id}-${line}-${column}`}
            role="gridcell"
            aria-colindex={column + 2}
            aria-readonly={!kind.writes || !editor || undefined}
            aria-invalid={error === undefined ? undefined : true}
            onClick={(event) => calls.onCell(line, column, event)}
            className={cx(
              'relative flex min-w-0 items-center gap-2 px-2',
              kind.writes && editor && 'cursor-text',
              column === 0 && 'sticky left-0 z-[1] gap-2 bg-inherit font-medium text-14',
              isActive && 'cell-active',
            )}
          >
            {column === 0 && !columns.includes('status') && kind.lead(row)}
            <span className="flex min-w-0 flex-1 items-center">{kind.cell(field, row)}</span>
            {column === 0 && <LiveMarks id={row.id} />}
            {error !== undefined && (
              <span title={error} className="shrink-0 text-blocked">
                <CircleAlert size={16} aria-hidden />
                <span className="sr-only">{error}</span>
              </span>
            )}
            {column === 0 && (
              <button
                type="button"
                tabIndex={-1}
                aria-label={words.open(row.name)}
                title={words.open(row.name)}
                onClick={(event) => {
                  event.stopPropagation();
                  calls.onOpen(line);
                }}
                className="press flex size-8 shrink-0 items-center justify-center rounded-control text-text-3 opacity-0 hover:bg-surface-3 hover:text-text group-hover/row:opacity-100 pointer-coarse:size-(--target) pointer-coarse:opacity-100"
              >
                <PanelRightOpen size={16} aria-hidden />
              </button>
            )}
            {isActive && editing && editor && (
              <CellEditor
                row={row}
                editor={editor}
                label={label}
                labels={labels}
                today={today}
                onPatch={(patch) => kind.edit(row, field, patch)}
                onLeave={calls.onLeave}
              />
            )}
            {isActive && editing && !editor && <span className="sr-only">{fieldTitle(field)}</span>}
          </div>
        );
      })}
    </div>
  );
}

// memo() forgets that the component is generic.
export const TableRow = memo(TableRowPlain) as typeof TableRowPlain;
