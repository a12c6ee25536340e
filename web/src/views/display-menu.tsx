// How rows are shown: what groups them, what sorts them, and which columns the table has in which order.
import type { RowField } from '@taylordash/core/rows';
import type { ViewConfig } from '@taylordash/core/views';
import { ArrowDownWideNarrow, ArrowUpNarrowWide, ChevronLeft, ChevronRight, SlidersHorizontal } from 'lucide-react';
import { viewStrings as words } from '../strings/views.ts';
import { Button } from '../ui/button.tsx';
import { Checkbox } from '../ui/checkbox.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { Popover } from '../ui/popover.tsx';
import { Select } from '../ui/select.tsx';
import { fieldTitle } from './format.ts';

interface Props<R> {
  config: ViewConfig;
  fields: readonly RowField<R>[];
  onChange: (changes: Partial<Pick<ViewConfig, 'group' | 'sort' | 'columns'>>) => void;
}

export function DisplayMenu<R>({ config, fields, onChange }: Props<R>) {
  const { group, sort, columns } = config;
  const down = sort.startsWith('-');
  const by = down ? sort.slice(1) : sort;
  const board = config.as === 'board';
  const groupOptions = [
    ...(board ? [] : [{ value: '', label: words.no_group }]),
    ...fields.filter((field) => field.groups === true).map(({ name }) => ({ value: name, label: fieldTitle(name) })),
  ];
  const sortOptions = fields.map(({ name }) => ({ value: name, label: fieldTitle(name) }));
  const hidden = fields.filter(
    ({ name, order_only }) => name !== 'name' && order_only !== true && !columns.includes(name),
  );
  const move = (column: string, step: -1 | 1) => {
    const at = columns.indexOf(column);
    const next = [...columns];
    next.splice(at, 1);
    next.splice(at + step, 0, column);
    onChange({ columns: next });
  };
  return (
    <Popover
      align="end"
      width="w-80"
      label={words.show}
      trigger={
        <Button kind="plain" className="px-2">
          <SlidersHorizontal size={16} aria-hidden />
          <span className="max-md:sr-only">{words.show}</span>
        </Button>
      }
    >
      <div className="flex max-h-[70dvh] flex-col gap-3 overflow-y-auto p-2">
        <Select
          label={words.group_by}
          value={group ?? ''}
          options={groupOptions}
          onValue={(value) => onChange({ group: value === '' ? null : value })}
        />
        <div className="flex items-end gap-1">
          <div className="min-w-0 flex-1">
            <Select
              label={words.sort_by}
              value={by}
              options={sortOptions}
              onValue={(value) => onChange({ sort: value })}
            />
          </div>
          <IconButton
            label={down ? words.descending : words.ascending}
            onClick={() => onChange({ sort: down ? by : `-${by}` })}
          >
            {down ? <ArrowDownWideNarrow size={16} aria-hidden /> : <ArrowUpNarrowWide size={16} aria-hidden />}
          </IconButton>
        </div>
        {!board && (
          <fieldset>
            <legend className="text-13 font-medium text-text-2">{words.columns}</legend>
            {columns.map((column, at) => (
              <div key={column} className="flex items-center">
                <div className="min-w-0 flex-1 pl-2">
                  <Checkbox
                    checked
                    label={fieldTitle(column)}
                    onChecked={() => onChange({ columns: columns.filter((one) => one !== column) })}
                  />
                </div>
                <IconButton
                  label={words.column_up(fieldTitle(column))}
                  disabled={at === 0}
                  onClick={() => move(column, -1)}
                >
                  <ChevronLeft size={16} aria-hidden />
                </IconButton>
                <IconButton
                  label={words.column_down(fieldTitle(column))}
                  disabled={at === columns.length - 1}
                  onClick={() => move(column, 1)}
                >
                  <ChevronRight size={16} aria-hidden />
                </IconButton>
              </div>
            ))}
            {hidden.map(({ name }) => (
              <div key={name} className="pl-2">
                <Checkbox
                  checked={false}
                  label={fieldTitle(name)}
                  onChecked={() => onChange({ columns: [...columns, name] })}
                />
              </div>
            ))}
          </fieldset>
        )}
      </div>
    </Popover>
  );
}
