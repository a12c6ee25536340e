// What can be done with all selected rows at once: each verb is one change that one undo takes back.
import { Trash2, X } from 'lucide-react';
import { useState } from 'react';
import { viewStrings as words } from '../../strings/views.ts';
import { Button } from '../../ui/button.tsx';
import { sayDay } from '../../ui/dates.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { Popover } from '../../ui/popover.tsx';
import { DueFields } from '../due-fields.tsx';
import type { Editor } from '../editors.ts';
import { fieldTitle } from '../format.ts';
import type { Kind } from '../kind.ts';
import { Pick } from '../pick.tsx';
import type { Row } from '../use-rows.ts';
import { LabelVerb } from './label-verb.tsx';

interface Props<R extends Row, P> {
  kind: Kind<R, P>;
  rows: readonly R[];
  labels: readonly string[];
  today: string;
  onClear: () => void;
  left: number;
  height: number;
}

const verbs = ['status', 'assignee', 'due', 'priority', 'component'] as const;

export function BulkBar<R extends Row, P>({ kind, rows, labels, today, onClear, left, height }: Props<R, P>) {
  const [open, setOpen] = useState<string | null>(null);
  const set = (field: string, value: string, patchOf: (row: R) => P | null) => {
    setOpen(null);
    const changes = rows.flatMap((row) => {
      const patch = patchOf(row);
      return patch === null ? [] : [{ row, patch }];
    });
    kind.editAll(changes, {
      gesture: words.bulk_gesture(changes.length, kind.of, field),
      done: words.bulk_done(changes.length, kind.of, words.set_to(field, value)),
    });
  };
  const verb = (field: string, editor: Editor<R, P>) => {
    const content = () => {
      if (editor.kind === 'pick') {
        const choose = (key: string | null, title: string) =>
          set(field, title, (row) => (editor.value(row) === key ? null : editor.patch(key)));
        return (
          <Pick
            label={words.set_field(field)}
            items={editor.options}
            chosen={new Set()}
            onPick={(key) => choose(key, editor.options.find((one) => one.key === key)?.title ?? key)}
            clear={editor.clear === undefined ? undefined : { title: editor.clear, run: () => choose(null, '') }}
          />
        );
      }
      if (editor.kind !== 'day' && editor.kind !== 'due') return null;
      return (
        <DueFields
          label={words.set_field(field)}
          due={{ day: '', time: '' }}
          today={today}
          withTime={editor.kind === 'due'}
          onDue={(due) =>
            set(field, due.day === '' ? '' : sayDay(due.day, today), () =>
              editor.kind === 'day' ? editor.patch(due.day) : editor.patch(due),
            )
          }
        />
      );
    };
    return (
      <Popover
        key={field}
        open={open === field}
        onOpenChange={(next) => setOpen(next ? field : null)}
        label={words.set_field(field)}
        trigger={<Button kind="plain">{fieldTitle(field)}</Button>}
      >
        {content()}
      </Popover>
    );
  };
  const labelEditor = kind.editors.get('label');
  return (
    <div
      role="toolbar"
      aria-label={words.bulk}
      // Over the head of the table: notices come from below, and no row moves when something is selected.
      className="enter-fade absolute top-0 right-0 z-10 flex items-center gap-1 overflow-x-auto border-line border-b bg-surface-3 px-2"
      style={{ left, height }}
    >
      <span role="status" className="mr-2 whitespace-nowrap font-medium">
        {words.selected(rows.length)}
      </span>
      {kind.writes && (
        <>
          {verbs.map((field) => {
            const editor = kind.editors.get(field);
            return editor && verb(field, editor);
          })}
          {labelEditor?.kind === 'labels' &&
            (['add', 'remove'] as const).map((what) => (
              <LabelVerb
                key={what}
                what={what}
                kind={kind}
                rows={rows}
                labels={labels}
                editor={labelEditor}
                open={open === what}
                onOpenChange={(next) => setOpen(next ? what : null)}
              />
            ))}
          <IconButton label={words.delete} side="top" onClick={() => kind.remove(rows)}>
            <Trash2 size={16} aria-hidden />
          </IconButton>
        </>
      )}
      <IconButton label={words.select_none} shortcut="Esc" side="top" onClick={onClear}>
        <X size={16} aria-hidden />
      </IconButton>
    </div>
  );
}
