// Types a node's name in its place: Enter keeps it, Esc gives it up, leaving keeps what there is.
import { useEffect, useRef, useState } from 'react';
import { strings } from '../strings.ts';

interface Props {
  name: string;
  /** Null where it was given up. */
  onDone: (name: string | null) => void;
}

export function NameInput({ name, onDone }: Props) {
  const [text, setText] = useState(name);
  const input = useRef<HTMLInputElement>(null);
  const done = useRef(false);
  useEffect(() => {
    // React Flow takes the focus for its pane after the click that led here.
    const timer = setTimeout(() => {
      input.current?.focus();
      input.current?.select();
    }, 0);
    return () => clearTimeout(timer);
  }, []);
  const finish = (result: string | null) => {
    if (done.current) return;
    done.current = true;
    const trimmed = result?.trim() ?? '';
    onDone(trimmed === '' ? null : trimmed);
  };
  return (
    <input
      ref={input}
      value={text}
      maxLength={255}
      aria-label={strings.canvas.name}
      placeholder={strings.canvas.name_placeholder}
      onChange={(event) => setText(event.target.value)}
      onBlur={() => finish(text)}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === 'Enter') finish(text);
        if (event.key === 'Escape') finish(null);
      }}
      className="nodrag nopan min-w-0 flex-1 rounded-chip bg-surface-0 px-1 font-medium text-text"
    />
  );
}
