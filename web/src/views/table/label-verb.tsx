// Puts a label on all selected rows, or takes one off.
import { Tag, Tags } from 'lucide-react';
import { viewStrings as words } from '../../strings/views.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { Popover } from '../../ui/popover.tsx';
import { type Editor, isLabel } from '../editors.ts';
import type { Kind } from '../kind.ts';
import { Pick } from '../pick.tsx';
import type { Row } from '../use-rows.ts';

/** As many as a task may have. */
const mostLabels = 20;

interface Props<R extends Row, P> {
  what: 'add' | 'remove';
  kind: Kind<R, P>;
  rows: readonly R[];
  /** Labels that are used in the project. */
  labels: readonly string[];
  editor: Extract<Editor<R, P>, { kind: 'labels' }>;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

export function LabelVerb<R extends Row, P>({ what, kind, rows, labels, editor, open, onOpenChange }: Props<R, P>) {
  const adds = what === 'add';
  const title = adds ? words.add_label : words.remove_label;
  const run = (label: string) => {
    onOpenChange(false);
    const changes = rows.flatMap((row) => {
      const now = editor.value(row);
      if (now.includes(label) === adds || (adds && now.length >= mostLabels)) return [];
      return [{ row, patch: editor.patch(adds ? [...now, label] : now.filter((one) => one !== label)) }];
    });
    kind.editAll(changes, {
      gesture: words.bulk_gesture(changes.length, kind.of, 'label'),
      done: words.bulk_done(changes.length, kind.of, (adds ? words.labelled : words.unlabelled)(label)),
    });
  };
  const items = adds ? labels : [...new Set(rows.flatMap(editor.value))].sort((a, b) => a.localeCompare(b));
  const create = (text: string) => {
    if (!isLabel(text)) return words.wrong_label;
    run(text);
    return null;
  };
  return (
    <Popover
      open={open}
      onOpenChange={onOpenChange}
      label={title}
      trigger={
        <IconButton label={title} side="top">
          {adds ? <Tag size={16} aria-hidden /> : <Tags size={16} aria-hidden />}
        </IconButton>
      }
    >
      <Pick
        label={title}
        items={items.map((key) => ({ key, title: key }))}
        chosen={new Set()}
        onPick={run}
        {...(adds ? { onCreate: create } : {})}
      />
    </Popover>
  );
}
