// The rows themselves: as a board, as a table, or as lines on a phone; and what is said where there are none.
import type { ViewConfig } from '@taylordash/core/views';
import { viewStrings as words } from '../strings/views.ts';
import { Button } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { AddRow } from './add-row.tsx';
import { Board } from './board/board.tsx';
import type { Kind } from './kind.ts';
import { RowList } from './row-list.tsx';
import { Table } from './table/table.tsx';
import { useNarrow } from './use-narrow.ts';
import type { Row, Rows } from './use-rows.ts';

interface Props<R extends Row, P> {
  project: string;
  config: ViewConfig;
  rows: Rows<R>;
  kind: Kind<R, P>;
  labels: readonly string[];
  today: string;
  onSort: (sort: string) => void;
  onClear: () => void;
}

export function ViewBody<R extends Row, P>({
  project,
  config,
  rows,
  kind,
  labels,
  today,
  onSort,
  onClear,
}: Props<R, P>) {
  const narrow = useNarrow();
  const of = words[config.of];
  const add = (name: string) => kind.add?.(name, null) ?? Promise.resolve();
  if (rows.total === 0) {
    const text = kind.add === null ? (`empty_${config.of}_viewer` as const) : (`empty_${config.of}` as const);
    return (
      <EmptyState text={words[text]}>
        {kind.add && <AddRow label={config.of === 'tasks' ? words.add_task : words.add_component} add={add} />}
      </EmptyState>
    );
  }
  if (config.as === 'table' && rows.found.length === 0) {
    return (
      <EmptyState text={words.none_found}>
        <Button onClick={onClear}>{words.filter_clear}</Button>
      </EmptyState>
    );
  }
  const title = words.table_label(of, project);
  if (config.as === 'board' && rows.group) {
    return (
      <Board
        rows={rows}
        field={rows.group}
        kind={kind}
        rank={config.sort === 'rank' ? kind.rank : null}
        narrow={narrow}
      />
    );
  }
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      {narrow ? (
        <RowList rows={rows} kind={kind} title={title} labels={labels} today={today} />
      ) : (
        <Table
          rows={rows}
          kind={kind}
          columns={config.columns}
          sort={config.sort}
          onSort={onSort}
          title={title}
          labels={labels}
          today={today}
        />
      )}
      {kind.add && (
        <div className="border-line border-t px-2 py-1 md:px-4">
          <AddRow label={config.of === 'tasks' ? words.add_task : words.add_component} add={add} />
        </div>
      )}
    </div>
  );
}
