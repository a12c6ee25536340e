// Text that is edited where it stands: saved when it is left or by Enter, given up by Esc.
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { useMe } from '../app-context.tsx';
import { strings } from '../strings.ts';
import { Button } from '../ui/button.tsx';
import { cx } from '../ui/cx.ts';
import { dropTextDraft, keepTextDraft, readTextDraft } from '../work/drafts.ts';
import { FieldError } from './section.tsx';

interface Props<T> {
  label: string;
  label_shown?: boolean;
  value: string;
  placeholder?: string;
  required?: boolean;
  multiline?: boolean;
  readOnly?: boolean;
  maxLength: number;
  className?: string;
  error?: string | undefined;
  /** What the text belongs to. Saving hands back how it was when typing began, so that another's change meanwhile is noticed. */
  base: T;
  onSave: (value: string, base: T) => void;
  /** Under this name what is typed is kept until it is saved, also over a reload. */
  draft?: string;
}

export function EditText<T>(props: Props<T>) {
  const {
    label,
    label_shown = false,
    value,
    placeholder,
    required = false,
    multiline = false,
    readOnly = false,
    error,
  } = props;
  const me = useMe();
  const drafts = me === null || props.draft === undefined ? null : { user_id: me.id, key: props.draft };
  const [left] = useState(() => {
    const draft = drafts && readTextDraft<T>(localStorage, drafts.user_id, drafts.key);
    return draft && draft.text.trim() !== value ? draft : null;
  });
  const [text, setText] = useState(left?.text ?? value);
  const [focused, setFocused] = useState(false);
  const [unsaved, setUnsaved] = useState(left !== null);
  const area = useRef<HTMLTextAreaElement>(null);
  const id = useId();
  // What somebody else wrote shows, unless it would change under one's own typing.
  useEffect(() => {
    if (!focused && !unsaved) setText(value);
  }, [value, focused, unsaved]);
  const dirty = useRef(left !== null);
  const begun = useRef(left?.base ?? props.base);
  const forget = () => {
    dirty.current = false;
    setUnsaved(false);
    if (drafts) dropTextDraft(localStorage, drafts.user_id, drafts.key);
  };
  const giveUp = () => {
    forget();
    setText(value);
  };
  const save = () => {
    setFocused(false);
    const trimmed = text.trim();
    if (!dirty.current) return;
    forget();
    if (trimmed === value || (required && trimmed === '')) setText(value);
    else props.onSave(trimmed, begun.current);
  };
  const keys = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      giveUp();
      area.current?.blur();
    } else if (event.key === 'Enter' && (!multiline || event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      area.current?.blur();
    }
  };
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className={cx('text-13 font-medium text-text-3', !label_shown && 'sr-only')}>
        {label}
      </label>
      <textarea
        ref={area}
        id={id}
        rows={1}
        value={text}
        placeholder={placeholder}
        readOnly={readOnly}
        maxLength={props.maxLength}
        aria-invalid={error === undefined ? undefined : true}
        onFocus={() => setFocused(true)}
        onChange={(event) => {
          if (!dirty.current) begun.current = props.base;
          dirty.current = true;
          const typed = multiline ? event.target.value : event.target.value.replaceAll(/[\r\n]+/g, ' ');
          setText(typed);
          if (!drafts) return;
          const draft = { text: typed, base: begun.current, at: Date.now() };
          keepTextDraft(localStorage, drafts.user_id, drafts.key, draft);
        }}
        onBlur={save}
        onKeyDown={keys}
        className={cx(
          'press field-sizing-content -mx-2 min-h-9 resize-none rounded-control border border-transparent bg-transparent px-2 py-1.5 text-text',
          !readOnly && 'hover:border-control focus:border-control focus:bg-surface-2',
          props.className,
        )}
      />
      {unsaved && !focused && (
        <p className="flex items-center gap-1 text-13 text-warning">
          {strings.queue.draft}
          <Button kind="plain" onClick={save}>
            {strings.save}
          </Button>
          <Button kind="plain" onClick={giveUp}>
            {strings.queue.drop}
          </Button>
        </p>
      )}
      <FieldError text={error} />
    </div>
  );
}
