// The fields of a task in its editor: status, people, dates, labels and the rest, each in its small window.

import { dayTeller } from '@taylordash/core/days';
import { dueDay, isOverdue } from '@taylordash/core/due';
import type { Task } from '@taylordash/core/entities';
import type { RowNames } from '@taylordash/core/row-fields';
import { PanelRightOpen } from 'lucide-react';
import type { ReactNode } from 'react';
import { taskStrings as words } from '../strings/task.ts';
import { viewStrings } from '../strings/views.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { Day, LabelChip, Nothing, Person, Priority, TaskStatus } from '../views/cells.tsx';
import { DueFields } from '../views/due-fields.tsx';
import { type Editor, isLabel, taskEditors } from '../views/editors.ts';
import { sayDue } from '../views/format.ts';
import { Pick } from '../views/pick.tsx';
import type { Present } from '../views/use-now.ts';
import type { TaskPatch } from '../work/operations.ts';
import { EditText } from './edit-text.tsx';
import { readRepeats, sayRepeats, usualRepeats } from './repeats.ts';
import { TaskField } from './task-field.tsx';

interface Props {
  task: Task;
  names: RowNames & Present;
  /** Labels that are used in the project. */
  labels: readonly string[];
  writes: boolean;
  edit: (field: string, patch: TaskPatch, base?: Task) => void;
  error: (field: string) => string | undefined;
  say: (field: string, text: string | null) => void;
  onOpenComponent: ((id: string) => void) | undefined;
}

export function TaskFields({ task, names, labels, writes, edit, error, say, onOpenComponent }: Props) {
  const editors = taskEditors(names);
  const day = dueDay(task, dayTeller(names.time_zone));
  const component = task.component_id === null ? null : (names.components.get(task.component_id) ?? null);
  const pick = (field: string, close: () => void) => {
    const editor = editors.get(field);
    return editor?.kind === 'pick'
      ? pickOf(editor, task, words.set(field), (patch) => edit(field, patch), close)
      : null;
  };
  const field = (name: string, label: string, value: ReactNode, editor?: (close: () => void) => ReactNode) => (
    <TaskField label={label} value={value} writes={writes} error={error(name)} {...(editor ? { editor } : {})} />
  );
  return (
    <dl className="flex flex-col">
      {field('status', words.status, <TaskStatus status={task.status} />, (close) => pick('status', close))}
      {field('assignee', words.assignee, <Person name={names.people.get(task.assignee_id ?? '') ?? null} />, (close) =>
        pick('assignee', close),
      )}
      {field('due', words.due, <Day text={sayDue(task, day, names)} overdue={isOverdue(task, names)} />, (close) => {
        const editor = editors.get('due');
        if (editor?.kind !== 'due') return null;
        return (
          <DueFields
            label={words.set(words.due)}
            withTime
            due={editor.value(task)}
            today={names.today}
            onDue={(due) => {
              edit('due', editor.patch(due));
              close();
            }}
          />
        );
      })}
      {field('priority', words.priority, <Priority value={task.priority} />, (close) => pick('priority', close))}
      {field('label', words.labels, <LabelList labels={task.labels} />, () => (
        <Pick
          label={words.set(words.labels)}
          many
          items={[...new Set([...labels, ...task.labels])].map((key) => ({ key, title: key }))}
          chosen={new Set(task.labels)}
          onPick={(key) => edit('label', { labels: toggled(task.labels, key) })}
          onCreate={(text) => {
            if (!isLabel(text)) return viewStrings.wrong_label;
            edit('label', { labels: toggled(task.labels, text) });
            return null;
          }}
        />
      ))}
      {field(
        'estimate',
        words.estimate,
        <div className="w-full">
          <EditText
            key={`estimate ${task.id}`}
            base={task}
            label={words.estimate}
            placeholder={writes ? words.estimate_none : viewStrings.nothing}
            value={task.estimate_minutes === null ? '' : viewStrings.estimate(task.estimate_minutes)}
            maxLength={12}
            readOnly={!writes}
            onSave={(text, base) => {
              const editor = editors.get('estimate');
              const read = editor?.kind === 'text' ? editor.read(text) : null;
              if (read && 'patch' in read) edit('estimate', read.patch, base);
              else if (read) say('estimate', read.wrong);
            }}
          />
        </div>,
      )}
      {field(
        'repeats',
        words.repeats,
        task.repeats === null ? <span className="text-text-3">{words.never}</span> : sayRepeats(task.repeats),
        (close) => {
          const now = task.repeats && sayRepeats(task.repeats);
          const choose = (text: string | null) => {
            edit('repeats', { repeats: text === null ? null : readRepeats(text) });
            close();
          };
          const items = [...new Set([...usualRepeats.map(sayRepeats), ...(now === null ? [] : [now])])];
          return (
            <Pick
              label={words.set(words.repeats)}
              items={items.map((key) => ({ key, title: key }))}
              chosen={new Set(now === null ? [] : [now])}
              onPick={choose}
              clear={{ title: words.never, run: () => choose(null) }}
              onCreate={(text) => {
                if (readRepeats(text) === null) return words.repeat_wrong;
                choose(text);
                return null;
              }}
            />
          );
        },
      )}
      <TaskField
        label={words.component}
        value={
          component === null ? (
            <span className="text-text-3">{words.inbox}</span>
          ) : (
            <span className="truncate">{component}</span>
          )
        }
        writes={writes}
        error={error('component')}
        {...(names.components.size > 0 ? { editor: (close: () => void) => pick('component', close) } : {})}
        aside={
          component !== null &&
          onOpenComponent && (
            <IconButton
              label={words.open_component(component)}
              side="left"
              onClick={() => onOpenComponent(task.component_id ?? '')}
            >
              <PanelRightOpen size={16} aria-hidden />
            </IconButton>
          )
        }
      />
    </dl>
  );
}

const toggled = (labels: readonly string[], label: string) =>
  labels.includes(label) ? labels.filter((one) => one !== label) : [...labels, label];

function LabelList({ labels }: { labels: readonly string[] }) {
  if (labels.length === 0) return <Nothing />;
  return (
    <span className="flex flex-wrap gap-1 py-1">
      {labels.map((label) => (
        <LabelChip key={label} label={label} />
      ))}
    </span>
  );
}

function pickOf(
  editor: Extract<Editor<Task, TaskPatch>, { kind: 'pick' }>,
  task: Task,
  label: string,
  edit: (patch: TaskPatch) => void,
  close: () => void,
) {
  const now = editor.value(task);
  const choose = (key: string | null) => {
    if (key !== now) edit(editor.patch(key));
    close();
  };
  return (
    <Pick
      label={label}
      items={editor.options}
      chosen={new Set(now === null ? [] : [now])}
      onPick={choose}
      clear={editor.clear === undefined ? undefined : { title: editor.clear, run: () => choose(null) }}
    />
  );
}
