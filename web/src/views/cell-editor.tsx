// The editor of one cell: text in place, everything else in a small window at the cell. Tab goes on, Esc leaves as it was.
import { type KeyboardEvent, useRef, useState } from 'react';
import { viewStrings } from '../strings/views.ts';
import { Popover } from '../ui/popover.tsx';
import { DueFields } from './due-fields.tsx';
import type { Editor } from './editors.ts';
import { isLabel } from './editors.ts';
import { Pick } from './pick.tsx';

/** Where it goes on after an edit. */
export type Leave = 'stay' | 'next' | 'back' | 'down';

interface Props<R, P> {
  row: R;
  editor: Editor<R, P>;
  label: string;
  today: string;
  /** Labels that are used in the project. */
  labels: readonly string[];
  onPatch: (patch: P) => void;
  onLeave: (where: Leave) => void;
}

export function CellEditor<R, P>(props: Props<R, P>) {
  const { row, editor, label, labels, today, onPatch, onLeave } = props;
  if (editor.kind === 'text') return <TextCell {...props} editor={editor} />;
  const leave = (back: boolean) => onLeave(back ? 'back' : 'next');
  const content = () => {
    switch (editor.kind) {
      case 'pick': {
        const now = editor.value(row);
        const choose = (key: string | null) => {
          if (key !== now) onPatch(editor.patch(key));
          onLeave('stay');
        };
        return (
          <Pick
            label={label}
            items={editor.options}
            chosen={new Set(now === null ? [] : [now])}
            onPick={choose}
            clear={editor.clear === undefined ? undefined : { title: editor.clear, run: () => choose(null) }}
            onTab={leave}
          />
        );
      }
      case 'labels': {
        const now = editor.value(row);
        const toggle = (key: string) =>
          onPatch(editor.patch(now.includes(key) ? now.filter((one) => one !== key) : [...now, key]));
        return (
          <Pick
            label={label}
            many
            items={[...new Set([...labels, ...now])].map((key) => ({ key, title: key }))}
            chosen={new Set(now)}
            onPick={toggle}
            onCreate={(text) => {
              if (!isLabel(text)) return viewStrings.wrong_label;
              toggle(text);
              return null;
            }}
            onTab={leave}
          />
        );
      }
      case 'day':
        return (
          <DueFields
            label={label}
            due={{ day: editor.value(row), time: '' }}
            today={today}
            onTab={leave}
            onDue={({ day }) => {
              onPatch(editor.patch(day));
              onLeave('stay');
            }}
          />
        );
      case 'due':
        return (
          <DueFields
            label={label}
            withTime
            due={editor.value(row)}
            today={today}
            onTab={leave}
            onDue={(due) => {
              onPatch(editor.patch(due));
              onLeave('stay');
            }}
          />
        );
    }
  };
  return (
    <Popover
      open
      onOpenChange={(open) => {
        if (!open) onLeave('stay');
      }}
      // Where it goes on is decided by how it was left.
      onCloseFocus={() => {}}
      label={label}
      anchor={<span className="absolute inset-0" />}
    >
      {content()}
    </Popover>
  );
}

function TextCell<R, P>({
  row,
  editor,
  label,
  onPatch,
  onLeave,
}: Props<R, P> & { editor: Extract<Editor<R, P>, { kind: 'text' }> }) {
  const before = editor.value(row);
  const [text, setText] = useState(before);
  const [wrong, setWrong] = useState<string | null>(null);
  // The field loses the focus once more when it goes.
  const left = useRef(false);
  const leave = (where: Leave) => {
    left.current = true;
    onLeave(where);
  };
  const save = (where: Leave) => {
    const trimmed = text.trim();
    if (trimmed === before) {
      leave(where);
      return;
    }
    const read = editor.read(trimmed);
    if ('wrong' in read) {
      setWrong(read.wrong);
      return;
    }
    onPatch(read.patch);
    leave(where);
  };
  const keys = (event: KeyboardEvent) => {
    event.stopPropagation();
    if (event.key === 'Enter') {
      event.preventDefault();
      save('down');
    } else if (event.key === 'Tab') {
      event.preventDefault();
      save(event.shiftKey ? 'back' : 'next');
    } else if (event.key === 'Escape') {
      event.preventDefault();
      leave('stay');
    }
  };
  return (
    <>
      <input
        // biome-ignore lint/a11y/noAutofocus: it opens to be typed into
        autoFocus
        value={text}
        maxLength={editor.max}
        aria-label={label}
        aria-invalid={wrong === null ? undefined : true}
        onFocus={(event) => event.currentTarget.select()}
        onChange={(event) => {
          setText(event.target.value);
          setWrong(null);
        }}
        onBlur={() => {
          if (left.current) return;
          // A press elsewhere saves what is right and lets go of what is not.
          const read = editor.read(text.trim());
          if (text.trim() !== before && 'patch' in read) onPatch(read.patch);
          leave('stay');
        }}
        onKeyDown={keys}
        className="absolute inset-0 z-10 w-full rounded-chip border-2 border-accent bg-surface-2 px-2 text-14 text-text outline-none aria-invalid:border-blocked"
      />
      {wrong !== null && (
        <p
          role="alert"
          className="absolute top-full left-0 z-20 mt-1 w-max max-w-64 rounded-control border border-blocked bg-surface-3 px-2 py-1 text-12 text-blocked shadow-2"
        >
          {wrong}
        </p>
      )}
    </>
  );
}
