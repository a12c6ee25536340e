// A list to choose from, found by typing: one or several, by keys, mouse or finger. Stands in a popover or in a dialog.
import { Check, Plus } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useId, useMemo, useRef, useState } from 'react';
import { viewStrings } from '../strings/views.ts';
import { cx } from '../ui/cx.ts';
import { inputClass } from '../ui/field.tsx';

export interface PickItem {
  key: string;
  title: string;
  icon?: ReactNode;
}

interface Props {
  label: string;
  items: readonly PickItem[];
  chosen: ReadonlySet<string>;
  /** Several can be chosen: choosing does not close, it turns a choice on or off. */
  many?: boolean;
  onPick: (key: string) => void;
  /** Makes what was typed and is not there; answers why it cannot be made. */
  onCreate?: (text: string) => string | null;
  /** The word for nothing. */
  clear?: { title: string; run: () => void } | undefined;
  /** Tab was pressed: goes on to what is next. */
  onTab?: (back: boolean) => void;
}

const most = 200;

export function Pick({ label, items, chosen, many = false, onPick, onCreate, clear, onTab }: Props) {
  const id = useId();
  const [text, setText] = useState('');
  const [wrong, setWrong] = useState<string | null>(null);
  const found = useMemo(() => {
    const words = text.trim().toLowerCase().split(/\s+/);
    return items.filter(({ title }) => words.every((word) => title.toLowerCase().includes(word))).slice(0, most);
  }, [items, text]);
  const first = Math.max(
    0,
    found.findIndex(({ key }) => chosen.has(key)),
  );
  const [marked, setMarked] = useState(first);
  const list = useRef<HTMLDivElement>(null);
  const wanted = text.trim();
  const exact = items.some(({ title }) => title.toLowerCase() === wanted.toLowerCase());
  const creates = onCreate !== undefined && wanted !== '' && !exact;
  const showsClear = clear !== undefined && wanted === '';
  // One list for the keys: nothing, what was found, what would be made.
  const runs: (() => void)[] = [
    ...(showsClear ? [clear.run] : []),
    ...found.map(({ key }) => () => {
      onPick(key);
      setText('');
    }),
    ...(creates
      ? [
          () => {
            const refused = onCreate(wanted);
            setWrong(refused);
            if (refused === null) setText('');
          },
        ]
      : []),
  ];
  const offset = showsClear ? 1 : 0;
  const at = Math.min(marked, runs.length - 1);
  const mark = (next: number) => {
    setMarked(next);
    list.current?.querySelector(`[data-at="${next}"]`)?.scrollIntoView({ block: 'nearest' });
  };
  const keys = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      const step = event.key === 'ArrowDown' ? 1 : -1;
      if (runs.length > 0) mark((at + step + runs.length) % runs.length);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      event.stopPropagation();
      runs[at]?.();
    } else if (event.key === 'Tab' && onTab) {
      event.preventDefault();
      onTab(event.shiftKey);
    }
  };
  const option = (place: number, key: string, content: ReactNode, selected: boolean) => (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the combobox above has the keys
    <div
      key={key}
      id={`${id}-${place}`}
      data-at={place}
      role="option"
      tabIndex={-1}
      aria-selected={selected}
      onClick={() => runs[place]?.()}
      onPointerMove={() => setMarked(place)}
      className={cx(
        'target flex cursor-pointer items-center gap-2 rounded-control px-2 text-14',
        place === at && 'bg-accent-quiet',
      )}
    >
      {content}
      {selected && <Check size={16} aria-hidden className="ml-auto shrink-0 text-accent" />}
    </div>
  );
  return (
    <div className="flex flex-col gap-1">
      <input
        // biome-ignore lint/a11y/noAutofocus: it opens to be typed into
        autoFocus
        value={text}
        role="combobox"
        aria-label={label}
        aria-expanded
        aria-controls={`${id}-list`}
        aria-activedescendant={runs.length > 0 ? `${id}-${at}` : undefined}
        aria-invalid={wrong === null ? undefined : true}
        aria-describedby={wrong === null ? undefined : `${id}-wrong`}
        placeholder={viewStrings.pick_search}
        autoComplete="off"
        onChange={(event) => {
          setText(event.target.value);
          setWrong(null);
          setMarked(0);
        }}
        onKeyDown={keys}
        className={inputClass}
      />
      {wrong !== null && (
        <p id={`${id}-wrong`} role="alert" className="px-2 text-12 text-blocked">
          {wrong}
        </p>
      )}
      <div
        ref={list}
        id={`${id}-list`}
        role="listbox"
        aria-label={label}
        aria-multiselectable={many || undefined}
        className="max-h-64 overflow-y-auto"
      >
        {showsClear && option(0, '-', <span className="text-text-2">{clear.title}</span>, chosen.size === 0)}
        {found.map((item, place) =>
          option(
            place + offset,
            item.key,
            <>
              {item.icon}
              <span className="min-w-0 truncate">{item.title}</span>
            </>,
            chosen.has(item.key),
          ),
        )}
        {creates &&
          option(
            runs.length - 1,
            '+',
            <>
              <Plus size={16} aria-hidden className="text-text-3" />
              {viewStrings.pick_create(wanted)}
            </>,
            false,
          )}
      </div>
      {runs.length === 0 && <p className="p-3 text-center text-13 text-text-3">{viewStrings.pick_none}</p>}
    </div>
  );
}
