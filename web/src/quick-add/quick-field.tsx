// The field of quick add: what is understood is marked where it stands, and names are completed behind # and @.
import {
  type KeyboardEvent,
  type ReactNode,
  type Ref,
  useEffect,
  useId,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { strings } from '../strings.ts';
import { cx } from '../ui/cx.ts';
import { type Asked, askedAt, completed } from './completions.ts';

export interface Mark {
  start: number;
  end: number;
  /** Understood, but it means nothing that is there. */
  unknown: boolean;
}

export interface Completion {
  key: string;
  title: string;
  aside: string;
  icon: ReactNode;
  /** What stands in the text then; null where choosing it does something else. */
  put: string | null;
  run?: () => void;
}

export interface FieldHandle {
  focus: (caret?: number) => void;
}

interface Props {
  text: string;
  marks: readonly Mark[];
  describedBy: string | undefined;
  invalid: boolean;
  onText: (text: string) => void;
  /** The mark that ends at the caret goes back to plain words. */
  onTakeBack: (mark: Mark) => void;
  onSubmit: (open: boolean) => void;
  completionsOf: (asked: Asked) => readonly Completion[];
  handle: Ref<FieldHandle>;
}

const look = 'm-0 w-full whitespace-pre-wrap break-words px-4 py-3 font-sans text-16 leading-6';

export function QuickField({
  text,
  marks,
  describedBy,
  invalid,
  onText,
  onTakeBack,
  onSubmit,
  completionsOf,
  handle,
}: Props) {
  const id = useId();
  const area = useRef<HTMLTextAreaElement>(null);
  const [caret, setCaret] = useState(text.length);
  const [at, setAt] = useState(0);
  /** The word whose list was put away by Esc. */
  const [closed, setClosed] = useState<number | null>(null);
  const asked = askedAt(text, caret);
  const offered = asked && asked.start !== closed ? completionsOf(asked) : [];
  const chosen = Math.min(at, offered.length - 1);
  useImperativeHandle(handle, () => ({
    focus(to) {
      const field = area.current;
      if (!field) return;
      field.focus();
      const place = to ?? field.value.length;
      field.setSelectionRange(place, place);
      setCaret(place);
    },
  }));
  const latest = useRef({ marks, onTakeBack });
  latest.current = { marks, onTakeBack };
  // Keyboards on glass report no Backspace, but what it would do.
  useEffect(() => {
    const field = area.current;
    if (!field) return;
    const before = (event: InputEvent) => {
      if (event.inputType !== 'deleteContentBackward' || field.selectionStart !== field.selectionEnd) return;
      const mark = latest.current.marks.find(({ end }) => end === field.selectionStart);
      if (!mark) return;
      event.preventDefault();
      latest.current.onTakeBack(mark);
    };
    field.addEventListener('beforeinput', before);
    return () => field.removeEventListener('beforeinput', before);
  }, []);
  /** Where the caret goes once the new text stands. */
  const next = useRef<number | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new text is what it waits for
  useLayoutEffect(() => {
    if (next.current === null) return;
    area.current?.setSelectionRange(next.current, next.current);
    setCaret(next.current);
    next.current = null;
  }, [text]);
  const choose = (completion: Completion | undefined) => {
    if (!completion || !asked) return;
    completion.run?.();
    if (completion.put === null) setClosed(asked.start);
    else {
      const done = completed(text, asked, completion.put);
      next.current = done.caret;
      onText(done.text);
    }
    setAt(0);
    area.current?.focus();
  };
  const keys = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.nativeEvent.isComposing) return;
    if (offered.length > 0 && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
      event.preventDefault();
      const step = event.key === 'ArrowDown' ? 1 : -1;
      setAt((chosen + step + offered.length) % offered.length);
    } else if (
      offered.length > 0 &&
      (event.key === 'Tab' || (event.key === 'Enter' && !event.ctrlKey && !event.metaKey && !event.shiftKey))
    ) {
      event.preventDefault();
      choose(offered[chosen]);
    } else if (offered.length > 0 && event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      setClosed(asked?.start ?? null);
    } else if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      onSubmit(event.ctrlKey || event.metaKey);
    }
  };
  return (
    <div className="relative">
      <div className="relative grid max-h-[40dvh] overflow-y-auto">
        <pre aria-hidden className={cx(look, 'pointer-events-none col-start-1 row-start-1 text-transparent')}>
          <Marked text={text} marks={marks} />
          {'\u200b'}
        </pre>
        <textarea
          ref={area}
          rows={1}
          value={text}
          maxLength={20_000}
          aria-label={strings.quick_add.label}
          aria-haspopup="listbox"
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={offered.length > 0 ? `${id}-${chosen}` : undefined}
          aria-describedby={describedBy}
          aria-invalid={invalid || undefined}
          placeholder={strings.quick_add.placeholder}
          enterKeyHint="done"
          autoComplete="off"
          spellCheck
          onChange={(event) => {
            setCaret(event.target.selectionStart);
            setAt(0);
            setClosed(null);
            onText(event.target.value);
          }}
          onSelect={(event) => setCaret(event.currentTarget.selectionStart)}
          onKeyDown={keys}
          className={cx(
            look,
            'col-start-1 row-start-1 resize-none overflow-hidden bg-transparent text-text outline-none focus-visible:shadow-none focus-visible:outline-none',
          )}
        />
      </div>
      <div
        id={`${id}-list`}
        role="listbox"
        aria-label={strings.quick_add.completions}
        className={cx('border-line border-t p-1', offered.length === 0 && 'hidden')}
      >
        {offered.map((one, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the keys
          <div
            key={one.key}
            id={`${id}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === chosen}
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => choose(one)}
            onPointerMove={() => setAt(index)}
            className={cx(
              'target flex cursor-pointer items-center gap-3 rounded-control px-3',
              index === chosen && 'bg-accent-quiet',
            )}
          >
            <span className="shrink-0 text-text-3">{one.icon}</span>
            <span className="min-w-0 flex-1 truncate">{one.title}</span>
            <span className="shrink-0 text-12 text-text-3">{one.aside}</span>
          </div>
        ))}
      </div>
    </div>
  );
}

function Marked({ text, marks }: { text: string; marks: readonly Mark[] }) {
  const parts: ReactNode[] = [];
  let at = 0;
  for (const { start, end, unknown } of marks) {
    parts.push(text.slice(at, start));
    parts.push(
      <span
        key={start}
        className={cx(
          'rounded-chip bg-accent-quiet outline outline-1',
          unknown ? 'outline-warning outline-dashed' : 'outline-line',
        )}
      >
        {text.slice(start, end)}
      </span>,
    );
    at = end;
  }
  parts.push(text.slice(at));
  return <>{parts}</>;
}
