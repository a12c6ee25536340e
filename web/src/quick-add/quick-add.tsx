// Quick add: one field for a task in plain words, or for several, a line each.
import { resolveName } from '@taylordash/core/resolve-name';
import { Box, LayoutGrid, Plus, UserRound, X } from 'lucide-react';
import { Dialog } from 'radix-ui';
import { type RefObject, useEffect, useId, useRef, useState } from 'react';
import { useMay, useMe } from '../app-context.tsx';
import { strings } from '../strings.ts';
import { Button } from '../ui/button.tsx';
import { useDates } from '../ui/dates.ts';
import { sayError } from '../ui/error-notice.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { Kbd } from '../ui/kbd.tsx';
import { keepForNotices } from '../ui/toast.tsx';
import { Chips } from './chips.tsx';
import { type Asked, fitting, isWhole, written } from './completions.ts';
import { keepDraft, noDraft, readDraft } from './draft.ts';
import { personMeant, projectMeant, useComponentNames, useHere, usePeopleNames, useProjectNames } from './names.ts';
import { movedParts } from './plain-parts.ts';
import { type Completion, type FieldHandle, QuickField } from './quick-field.tsx';
import { type Meaning, marksOf, refusalOf, useLines } from './reading.ts';
import { unknownIn, useAdd } from './use-add.ts';

const words = strings.quick_add;
const most = 6;

interface Props {
  /** Before it was there. */
  typed: string;
  onClose: () => void;
}

export function QuickAdd({ typed, onClose }: Props) {
  const me = useMe();
  const field = useRef<FieldHandle>(null);
  return (
    <Dialog.Root open onOpenChange={onClose}>
      <Dialog.Portal>
        <Dialog.Overlay data-modal className="enter-fade fixed inset-0 z-40 bg-scrim" />
        <Dialog.Content
          onInteractOutside={keepForNotices}
          aria-describedby={undefined}
          onOpenAutoFocus={(event) => {
            event.preventDefault();
            field.current?.focus();
          }}
          className="enter-rise fixed inset-x-0 top-0 z-40 mx-auto flex max-h-[100dvh] flex-col rounded-b-dialog border border-line bg-surface-3 pt-[env(safe-area-inset-top)] shadow-2 outline-none sm:inset-x-4 sm:top-[14vh] sm:max-w-[640px] sm:rounded-dialog"
        >
          <div className="flex items-center pt-2 pr-2 pl-4">
            <Dialog.Title className="flex-1 text-13 font-medium text-text-2">{words.title}</Dialog.Title>
            <Dialog.Close asChild>
              <IconButton label={strings.close} shortcut="Esc">
                <X size={18} aria-hidden />
              </IconButton>
            </Dialog.Close>
          </div>
          {me && <Body user_id={me.id} {...{ typed, field, onClose }} />}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

interface BodyProps extends Props {
  user_id: string;
  field: RefObject<FieldHandle | null>;
}

function Body({ user_id, typed, field, onClose }: BodyProps) {
  const me = useMe();
  const may = useMay();
  const dates = useDates();
  const errorId = useId();
  const { send, open } = useAdd(dates);
  const [draft, setDraft] = useState(() => {
    const kept = readDraft(user_id);
    return { ...kept, text: kept.text + typed };
  });
  const [creates, setCreates] = useState<string | null>(null);
  const [errors, setErrors] = useState<readonly string[]>([]);
  const [busy, setBusy] = useState(false);
  const { text, plain } = draft;
  /** The place that was left standing for the next task: nobody typed it, so it is no draft. */
  const [left, setLeft] = useState('');
  useEffect(() => keepDraft(user_id, draft.text === left ? noDraft : draft), [user_id, draft, left]);

  const here = useHere();
  const projects = useProjectNames();
  const people = usePeopleNames();
  const lines = useLines(text, plain, dates);
  const [only] = lines.length === 1 ? lines : [];
  const project = projectMeant(projects, only?.read.project ?? null);
  const components = useComponentNames(project?.found?.id ?? null);
  const hereComponents = useComponentNames(here.project?.id ?? null);
  const self = me && { id: me.id, name: me.username };
  const creating = only !== undefined && creates !== null && only.read.project === creates;
  const meaning: Meaning = {
    project,
    component:
      only?.read.component == null || components === null ? null : resolveName(components, only.read.component),
    person: personMeant(people, self, only?.read.person ?? null),
  };
  const mayCreate = may('write:projects', null);

  const change = (next: string) => {
    setErrors([]);
    setDraft((old) => ({ text: next, plain: movedParts(old.plain, old.text, next) }));
  };
  const takeBack = ({ start, end }: { start: number; end: number }) => {
    setErrors([]);
    setDraft((old) => ({ ...old, plain: [...old.plain, [start, end]] }));
    field.current?.focus(end);
  };

  const completionsOf = (asked: Asked): readonly Completion[] => {
    if (asked.kind === 'person') {
      const found = fitting(self ? [...people, { id: self.id, name: 'me' }] : people, asked.text, most);
      if (found.some((one) => isWhole(one, asked.text))) return [];
      return found.map(({ id, name }) => ({
        ...{
          key: `${id} ${name}`,
          title: name === 'me' && self ? `${name} (${self.name})` : name,
          aside: words.person,
        },
        ...{ icon: <UserRound size={16} aria-hidden />, put: `@${written(name)}` },
      }));
    }
    if (asked.kind === 'component') {
      const found = fitting(components ?? [], asked.text, most);
      if (found.some((one) => isWhole(one, asked.text))) return [];
      return found.map(({ id, name }) => ({
        ...{ key: id, title: name, aside: project?.found?.name ?? words.component },
        ...{ icon: <Box size={16} aria-hidden />, put: written(name) },
      }));
    }
    const found = fitting(projects.active, asked.text, most);
    if (found.some((one) => isWhole(one, asked.text))) return [];
    const wanted = asked.text.trim();
    const parts = here.project && wanted !== '' ? fitting(hereComponents ?? [], wanted, most - found.length) : [];
    return [
      ...found.map(({ id, name }) => ({
        ...{ key: id, title: name, aside: words.project },
        ...{ icon: <LayoutGrid size={16} aria-hidden />, put: `#${written(name)}` },
      })),
      ...parts.map(({ id, name }) => ({
        ...{ key: id, title: name, aside: here.project?.name ?? '', icon: <Box size={16} aria-hidden /> },
        put: `#${written(here.project?.name ?? '')}/${written(name)}`,
      })),
      ...(mayCreate && wanted !== '' && creates !== wanted && found.length === 0
        ? [
            {
              ...{
                key: 'create',
                title: words.create_project(wanted),
                aside: '',
                icon: <Plus size={16} aria-hidden />,
              },
              ...{ put: `#${written(wanted)}`, run: () => setCreates(wanted) },
            },
          ]
        : []),
    ];
  };

  const add = async (opens: boolean) => {
    if (lines.length === 0 || busy) return;
    const refused = only && refusalOf(only.read, meaning, creating);
    if (refused) return setErrors([refused]);
    if (lines.some(({ read }) => read.name === '')) return setErrors([words.name_missing]);
    setBusy(true);
    setErrors([]);
    // The next task goes to the same place, unless it says otherwise.
    const kept = only?.read.tokens.find(({ kind }) => kind === 'project');
    const component = only?.read.tokens.find(({ kind }) => kind === 'component');
    const place =
      only && kept ? text.slice(only.start + kept.start, only.start + Math.max(kept.end, component?.end ?? 0)) : '';
    try {
      const tasks = await send({ text, plain, here, create_project: creating });
      const next = place === '' ? noDraft : { text: `${place} `, plain: [] };
      setDraft(next);
      setLeft(next.text);
      setCreates(null);
      const [first] = tasks;
      if (opens && first) {
        onClose();
        open(first);
      } else requestAnimationFrame(() => field.current?.focus(next.text.length));
    } catch (error) {
      const unknown = unknownIn(error, lines.length);
      setErrors(unknown.length > 0 ? unknown : [sayError(error)]);
    } finally {
      setBusy(false);
    }
  };

  const unknownProject = only && project?.found === null && !project.ambiguous && !creating ? only.read.project : null;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void add(false);
      }}
      className="flex min-h-0 flex-col overflow-y-auto"
    >
      <QuickField
        handle={field}
        text={text}
        marks={marksOf(lines, only ? meaning : null)}
        describedBy={errors.length > 0 ? errorId : undefined}
        invalid={errors.length > 0}
        onText={change}
        onTakeBack={takeBack}
        onSubmit={(opens) => void add(opens)}
        completionsOf={completionsOf}
      />
      {only && (
        <Chips
          text={text.slice(only.start)}
          read={only.read}
          meaning={meaning}
          here={here}
          creates={creating}
          dates={dates}
          onTakeBack={({ start, end }) => takeBack({ start: only.start + start, end: only.start + end })}
        />
      )}
      {errors.length > 0 && (
        <div id={errorId} role="alert" className="flex flex-col gap-1 px-4 pb-3 text-13 text-blocked">
          {errors.map((error) => (
            <p key={error}>{error}</p>
          ))}
        </div>
      )}
      {unknownProject !== null && mayCreate && (
        <div className="px-4 pb-3">
          <Button
            onClick={() => {
              setCreates(unknownProject);
              setErrors([]);
              field.current?.focus();
            }}
          >
            <Plus size={16} aria-hidden />
            {words.create_project(unknownProject)}
          </Button>
        </div>
      )}
      {lines.length === 0 && <Hint />}
      <div className="flex items-center gap-4 border-line border-t px-4 py-2">
        <p
          aria-hidden
          className="flex flex-1 items-center gap-4 text-12 text-text-3 max-sm:invisible pointer-coarse:invisible"
        >
          <span className="flex items-center gap-1.5">
            <Kbd keys="Mod+Enter" /> {words.keys.open}
          </span>
          <span className="flex items-center gap-1.5">
            <Kbd keys="Shift+Enter" /> {words.keys.line}
          </span>
        </p>
        <Button kind="primary" type="submit" busy={busy} disabled={lines.length === 0}>
          {lines.length > 1 ? words.add_many(lines.length) : words.add}
        </Button>
      </div>
    </form>
  );
}

/** What can be written: it teaches by example, while there is nothing else to show. */
function Hint() {
  return (
    <ul aria-label={words.hint_label} className="flex flex-wrap gap-x-4 gap-y-1 px-4 pb-4 text-13 text-text-3">
      {words.hint.map(([example, says]) => (
        <li key={example}>
          <code className="rounded-chip bg-accent-quiet px-1 py-0.5 font-sans text-text-2">{example}</code> {says}
        </li>
      ))}
    </ul>
  );
}
