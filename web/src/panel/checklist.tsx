// The small steps of a task: added one after the other or pasted, ticked, renamed, moved by dragging or keys, deleted.
import type { Checklist as Steps } from '@taylordash/core/entities';
import { GripVertical, Plus, Trash2 } from 'lucide-react';
import { type ClipboardEvent, type FormEvent, type KeyboardEvent, type PointerEvent, useRef, useState } from 'react';
import { taskStrings as words } from '../strings/task.ts';
import { Checkbox } from '../ui/checkbox.tsx';
import { cx } from '../ui/cx.ts';
import { inputClass } from '../ui/field.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { newId } from '../work/ids.ts';
import { EditText } from './edit-text.tsx';
import { FieldError, Section } from './section.tsx';
import { moveStep, readSteps } from './steps.ts';

const most = 100;

interface Props {
  steps: Steps;
  writes: boolean;
  error: string | undefined;
  onSteps: (steps: Steps) => void;
}

export function Checklist({ steps, writes, error, onSteps }: Props) {
  const [text, setText] = useState('');
  const [full, setFull] = useState(false);
  const [said, setSaid] = useState('');
  const [dragged, setDragged] = useState<{ id: string; to: number } | null>(null);
  const list = useRef<HTMLUListElement>(null);
  const add = (texts: readonly string[]) => {
    const room = most - steps.length;
    setFull(texts.length > room);
    const fresh = texts.slice(0, room).map((one) => ({ id: newId(), text: one.slice(0, 500), done: false }));
    if (fresh.length > 0) onSteps([...steps, ...fresh]);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim() === '') return;
    add([text.trim()]);
    setText('');
  };
  const paste = (event: ClipboardEvent) => {
    const lines = readSteps(event.clipboardData.getData('text'));
    if (lines.length < 2) return;
    event.preventDefault();
    add(lines);
  };
  const change = (id: string, patch: Partial<Steps[number]>) =>
    onSteps(steps.map((step) => (step.id === id ? { ...step, ...patch } : step)));
  const move = (id: string, to: number) => {
    const next = moveStep(steps, id, to);
    const at = next.findIndex((step) => step.id === id);
    onSteps(next);
    setSaid(words.step_moved(next[at]?.text ?? '', at + 1, next.length));
  };
  const keys = (id: string, at: number) => (event: KeyboardEvent) => {
    const step = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : 0;
    if (step === 0) return;
    event.preventDefault();
    move(id, at + step);
  };
  const placeAt = (y: number) => {
    const rows = [...(list.current?.children ?? [])];
    const over = rows.findIndex((row) => y < row.getBoundingClientRect().bottom);
    return over < 0 ? rows.length - 1 : over;
  };
  const drag = (id: string) => ({
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      event.currentTarget.setPointerCapture(event.pointerId);
      setDragged({ id, to: placeAt(event.clientY) });
    },
    onPointerMove: (event: PointerEvent) => {
      if (dragged?.id === id) setDragged({ id, to: placeAt(event.clientY) });
    },
    onPointerUp: () => {
      if (dragged && steps[dragged.to]?.id !== id) move(id, dragged.to);
      setDragged(null);
    },
    onPointerCancel: () => setDragged(null),
  });
  const shown = dragged ? moveStep(steps, dragged.id, dragged.to) : steps;
  const done = steps.filter((step) => step.done).length;
  return (
    <Section
      title={words.checklist}
      error={error}
      aside={
        steps.length > 0 && (
          <span className="text-12 text-text-3">
            {done} / {steps.length}
          </span>
        )
      }
    >
      <p role="status" className="sr-only">
        {said}
      </p>
      {steps.length > 0 && (
        <ul ref={list}>
          {shown.map((step, at) => (
            <li
              key={step.id}
              className={cx(
                'group flex items-start gap-1 rounded-control',
                dragged?.id === step.id && 'bg-accent-quiet',
              )}
            >
              <Checkbox
                checked={step.done}
                disabled={!writes}
                label={words.step_done(step.text)}
                label_hidden
                onChecked={(checked) => change(step.id, { done: checked })}
              />
              <div className="target flex min-w-0 flex-1 flex-col justify-center">
                <EditText
                  base={step}
                  label={words.step_text}
                  value={step.text}
                  required
                  maxLength={500}
                  readOnly={!writes}
                  className={cx('mx-0', step.done && 'text-text-3 line-through')}
                  onSave={(next) => change(step.id, { text: next })}
                />
              </div>
              {writes && (
                <span className="flex opacity-0 focus-within:opacity-100 group-hover:opacity-100 pointer-coarse:opacity-100">
                  <button
                    type="button"
                    aria-label={words.step_move(step.text)}
                    title={words.step_move(step.text)}
                    onKeyDown={keys(step.id, at)}
                    {...drag(step.id)}
                    className="press target-square flex cursor-grab touch-none items-center justify-center rounded-control text-text-3 hover:bg-surface-2"
                  >
                    <GripVertical size={16} aria-hidden />
                  </button>
                  <IconButton
                    label={words.step_delete(step.text)}
                    side="left"
                    onClick={() => onSteps(steps.filter(({ id }) => id !== step.id))}
                  >
                    <Trash2 size={16} aria-hidden />
                  </IconButton>
                </span>
              )}
            </li>
          ))}
        </ul>
      )}
      {writes && (
        <form onSubmit={submit} className="relative">
          <Plus
            size={16}
            aria-hidden
            className="pointer-events-none absolute top-1/2 left-2.5 -translate-y-1/2 text-text-3"
          />
          <input
            value={text}
            maxLength={500}
            aria-label={words.step_add}
            placeholder={words.step_add}
            enterKeyHint="done"
            onPaste={paste}
            onChange={(event) => setText(event.target.value)}
            className={`${inputClass} pl-8`}
          />
        </form>
      )}
      {full && <FieldError text={words.steps_most} />}
    </Section>
  );
}
