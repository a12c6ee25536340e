// The filter of a board or table: typed in the grammar, with what can stand there proposed, or put together from menus.
import { completeFilter, type FilterFault, type FilterField, parseFilter, printTerm } from '@taylordash/core/filters';
import { CircleAlert, ListFilter, X } from 'lucide-react';
import { type KeyboardEvent, useEffect, useId, useLayoutEffect, useRef, useState } from 'react';
import { useShortcut } from '../frame/use-commands.ts';
import { viewStrings as words } from '../strings/views.ts';
import { cx } from '../ui/cx.ts';
import { inputClass } from '../ui/field.tsx';
import { FilterMenu } from './filter-menu.tsx';

/** Shorter than a thought, longer than the time between two keys. */
const restMs = 120;

interface Props {
  text: string;
  fields: readonly FilterField[];
  faults: readonly FilterFault[];
  /** An example of what can be written. */
  hint: string;
  onText: (text: string) => void;
}

export function FilterBar({ text, fields, faults, hint, onText }: Props) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState(text);
  const [focused, setFocused] = useState(false);
  const [caret, setCaret] = useState(0);
  const [marked, setMarked] = useState(-1);
  const [closed, setClosed] = useState(false);
  // What is typed shows at once; rows and address follow when the hand rests, so that thousands of rows hold up no key.
  const later = useRef<ReturnType<typeof setTimeout> | null>(null);
  const sent = useRef(text);
  // The address may have changed in between: what is sent is put into what it says then.
  const latest = useRef(onText);
  latest.current = onText;
  const send = (next: string) => {
    if (later.current !== null) clearTimeout(later.current);
    later.current = null;
    sent.current = next;
    latest.current(next);
  };
  useEffect(() => {
    // The address can change without the field: another view, the way back.
    if (text !== sent.current) setTyped(text);
    sent.current = text;
  }, [text]);
  useEffect(() => () => clearTimeout(later.current ?? undefined), []);
  useShortcut({ keys: '/', does: words.filter, run: () => input.current?.focus() });
  /** Where the caret goes with what was taken; before the next key, which may come at once. */
  const wanted = useRef<number | null>(null);
  useLayoutEffect(() => {
    if (wanted.current !== null) input.current?.setSelectionRange(wanted.current, wanted.current);
    wanted.current = null;
  });
  const { start, end, options } = completeFilter(typed, Math.min(caret, typed.length), fields);
  const shows = focused && !closed && options.length > 0;
  const set = (next: string, at: number) => {
    setTyped(next);
    setCaret(at);
    setMarked(-1);
    setClosed(false);
    if (later.current !== null) clearTimeout(later.current);
    later.current = setTimeout(() => send(next), restMs);
  };
  const take = (option: string) => {
    // A finished value is followed by the next term; a field by its value.
    const rest = typed.slice(end);
    const gap = option.endsWith(':') || rest.startsWith(' ') || rest.startsWith(',') ? '' : ' ';
    const next = typed.slice(0, start) + option + gap + rest;
    const at = start + option.length + gap.length;
    set(next, at);
    wanted.current = at;
  };
  const keys = (event: KeyboardEvent) => {
    if (shows && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
      event.preventDefault();
      const step = event.key === 'ArrowDown' ? 1 : -1;
      setMarked((marked + step + options.length + (marked < 0 && step < 0 ? 1 : 0)) % options.length);
    } else if (shows && (event.key === 'Enter' || event.key === 'Tab') && options[marked] !== undefined) {
      event.preventDefault();
      take(options[marked]);
    } else if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      if (shows) setClosed(true);
      else input.current?.blur();
    } else if (event.key === 'Enter') setClosed(true);
  };
  const { terms } = parseFilter(typed, fields);
  const [fault] = faults;
  const put = (next: string) => {
    set(next, next.length);
    send(next);
  };
  const drop = (from: number, to: number) => put(`${typed.slice(0, from)}${typed.slice(to).trimStart()}`.trim());
  return (
    <div className="flex min-w-0 flex-1 flex-col gap-1">
      <div className="flex min-w-0 items-center gap-1">
        <div className="relative min-w-0 flex-1">
          <ListFilter
            size={16}
            aria-hidden
            className="pointer-events-none absolute top-1/2 left-2.5 -translate-y-1/2 text-text-3"
          />
          <input
            ref={input}
            value={typed}
            role="combobox"
            aria-label={words.filter}
            aria-expanded={shows}
            aria-controls={shows ? `${id}-options` : undefined}
            aria-activedescendant={shows && marked >= 0 ? `${id}-${marked}` : undefined}
            aria-invalid={fault && !focused ? true : undefined}
            aria-describedby={fault ? `${id}-fault` : undefined}
            placeholder={hint}
            autoComplete="off"
            spellCheck={false}
            maxLength={1000}
            data-filter
            onChange={(event) => set(event.target.value, event.target.selectionStart ?? event.target.value.length)}
            onSelect={(event) => setCaret(event.currentTarget.selectionStart ?? 0)}
            onFocus={() => {
              setFocused(true);
              setClosed(false);
            }}
            onBlur={() => setFocused(false)}
            onKeyDown={keys}
            className={cx(inputClass, 'pr-9 pl-8 pointer-coarse:pr-(--target)')}
          />
          {typed !== '' && (
            <button
              type="button"
              aria-label={words.filter_clear}
              onClick={() => put('')}
              className="press absolute inset-y-0 right-0 flex w-9 items-center justify-center text-text-3 pointer-coarse:w-(--target) hover:text-text"
            >
              <X size={16} aria-hidden />
            </button>
          )}
          {shows && (
            <div
              id={`${id}-options`}
              role="listbox"
              aria-label={words.filter_options}
              className="absolute top-full left-0 z-30 mt-1 max-h-72 w-full max-w-80 overflow-y-auto rounded-node border border-line bg-surface-3 p-1 shadow-2"
            >
              {options.map((option, index) => (
                // biome-ignore lint/a11y/useKeyWithClickEvents: the combobox above has the keys
                <div
                  key={option}
                  id={`${id}-${index}`}
                  role="option"
                  tabIndex={-1}
                  aria-selected={index === marked}
                  onPointerDown={(event) => event.preventDefault()}
                  onClick={() => take(option)}
                  className={cx(
                    'target flex cursor-pointer items-center justify-between gap-3 rounded-control px-2 text-13',
                    index === marked ? 'bg-accent-quiet' : 'hover:bg-accent-quiet',
                  )}
                >
                  <code className="font-mono">{option}</code>
                  {option.endsWith(':') && <span className="text-text-3">{words.fields[option.slice(0, -1)]}</span>}
                </div>
              ))}
            </div>
          )}
        </div>
        <FilterMenu text={typed} fields={fields} onText={put} />
      </div>
      {terms.length > 0 && (
        <ul aria-label={words.filter} className="flex flex-wrap gap-1">
          {terms.map((term) => (
            <li key={`${term.start} ${term.end}`}>
              <button
                type="button"
                title={words.remove_filter(printTerm(term))}
                onClick={() => drop(term.start, term.end)}
                className="press inline-flex min-h-6 items-center gap-1 rounded-chip border border-line bg-surface-2 px-1.5 text-12 text-text-2 hover:text-text pointer-coarse:min-h-(--target)"
              >
                {term.field !== null && (
                  <span className="text-text-3">{(term.negated ? words.is_not : words.is)(term.field)}</span>
                )}
                {term.values.map((value) => value.comparison.replace('=', '') + value.text).join(', ')}
                <X size={12} aria-hidden />
              </button>
            </li>
          ))}
        </ul>
      )}
      {fault && (
        <p id={`${id}-fault`} role="status" className="flex items-start gap-1 text-12 text-blocked">
          <CircleAlert size={14} className="mt-px shrink-0" aria-hidden />
          {fault.text}
        </p>
      )}
    </div>
  );
}
