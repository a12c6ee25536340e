// The palette: finds what there is and does what can be done, from anywhere, by a few letters.

import { useNavigate } from '@tanstack/react-router';
import { Command as List } from 'cmdk';
import {
  Activity,
  ArrowRight,
  Box,
  CornerDownLeft,
  GitCommitHorizontal,
  LayoutGrid,
  Search,
  SquareCheck,
  UserRound,
  X,
} from 'lucide-react';
import { Dialog } from 'radix-ui';
import { type KeyboardEvent, type ReactNode, useRef, useState } from 'react';
import { useMe } from '../app-context.tsx';
import { strings } from '../strings.ts';
import { sayError } from '../ui/error-notice.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { Kbd } from '../ui/kbd.tsx';
import { keepForNotices, useToast } from '../ui/toast.tsx';
import { type Command, isSingle, keysOf } from './commands.ts';
import { fits, useOffers } from './palette-actions.tsx';
import { type Found, useEventNumber, useFound, useOpenFound } from './palette-search.ts';
import { singleKeys } from './preferences.ts';
import { readRecent } from './recent.ts';

const words = strings.palette;
const icons = {
  project: LayoutGrid,
  component: Box,
  task: SquareCheck,
  person: UserRound,
  trace: GitCommitHorizontal,
} as const;

interface Line {
  /** One of a kind on the list. */
  key: string;
  icon: ReactNode;
  title: string;
  /** Where it is, or what it is. */
  aside?: string | undefined;
  keys?: string | undefined;
  run: () => void;
}

interface Group {
  title: string;
  lines: readonly Line[];
}

/** A command as a line; keys that are switched off are not shown. */
function lineOf({ id, label, icon, keys, run }: Command): Line {
  const [first] = keysOf(keys);
  const shown = first !== undefined && (singleKeys() || !isSingle(first)) ? first : undefined;
  return { key: id, icon, title: label, keys: shown, run };
}

function useGroups(text: string): { groups: readonly Group[]; failed: boolean; waiting: boolean } {
  const me = useMe();
  const offers = useOffers();
  const openFound = useOpenFound();
  const toast = useToast();
  const { items, failed, waiting } = useFound(text);
  const event = useEventNumber(text);
  const navigate = useNavigate();
  const open = (target: Parameters<typeof openFound>[0]) =>
    openFound(target).catch((error: unknown) => toast({ tone: 'problem', text: sayError(error) }));
  const place = (found: Pick<Found, 'type' | 'project_name' | 'component_name'>) => {
    const path = [found.project_name, found.component_name].filter((part) => part !== null);
    if (found.type === 'task' && path.length === 0) return words.inbox;
    return path.length > 0 ? path.join(' › ') : words.types[found.type];
  };
  const lineOfFound = (found: Found): Line => {
    const Icon = icons[found.type];
    return {
      key: `${found.type}.${found.id}`,
      icon: <Icon size={16} aria-hidden />,
      title: found.type === 'trace' ? words.trace(found.id) : found.name,
      aside: place(found.type === 'component' ? { ...found, component_name: null } : found),
      run: () => void open(found),
    };
  };
  if (text.trim() === '') {
    const recent = (me ? readRecent(me.id) : []).map((one) =>
      lineOfFound({
        ...one,
        ...{ status: null, component_id: null, component_name: null },
        project_name: one.type === 'project' ? null : one.project_name,
      }),
    );
    return {
      ...{ failed, waiting },
      groups: [
        { title: words.page, lines: offers.page.map(lineOf) },
        { title: words.recent, lines: recent },
        { title: words.go, lines: offers.go.map(lineOf) },
        { title: words.do, lines: offers.do.map(lineOf) },
      ],
    };
  }
  const commands = [...offers.page, ...offers.go, ...offers.do].map((command) => ({
    line: lineOf(command),
    score: fits(command, text),
  }));
  const eventLines: Line[] =
    event === null
      ? []
      : [
          {
            ...{ key: `event.${event}`, icon: <Activity size={16} aria-hidden />, title: words.event(event) },
            run: () => void navigate({ to: '/signals/events', search: { open: event, time: 'all' } }),
          },
        ];
  const of = (score: number) => commands.filter((one) => one.score === score).map(({ line }) => line);
  return {
    ...{ failed, waiting },
    groups: [
      { title: words.do, lines: of(2) },
      { title: words.found, lines: [...eventLines, ...items.map(lineOfFound)] },
      { title: words.more, lines: of(1) },
    ],
  };
}

/** `typed`: before it was there. */
export function Palette({ typed, onClose }: { typed: string; onClose: () => void }) {
  const [text, setText] = useState(typed);
  const { groups, failed, waiting } = useGroups(text);
  const lines = groups.flatMap((group) => group.lines);
  const [chosen, setChosen] = useState<string | null>(null);
  // What was found meanwhile moves the mark only as long as nobody has moved it.
  const marked = lines.find(({ key }) => key === chosen)?.key ?? lines[0]?.key ?? '';
  const choose = (line: Line) => {
    onClose();
    line.run();
  };
  const input = useRef<HTMLInputElement>(null);
  const keys = (event: KeyboardEvent) => {
    if (event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      onClose();
    }
  };
  return (
    <Dialog.Root open onOpenChange={onClose}>
      <Dialog.Portal>
        <Dialog.Overlay data-modal className="enter-fade fixed inset-0 z-40 bg-scrim" />
        <Dialog.Content
          onInteractOutside={keepForNotices}
          aria-describedby={undefined}
          onKeyDown={keys}
          onOpenAutoFocus={(event) => {
            event.preventDefault();
            input.current?.focus();
          }}
          className="enter-rise fixed inset-0 z-40 mx-auto flex flex-col bg-surface-3 pt-[env(safe-area-inset-top)] outline-none sm:inset-x-4 sm:top-[12vh] sm:bottom-auto sm:max-h-[min(560px,76dvh)] sm:max-w-[640px] sm:rounded-dialog sm:border sm:border-line sm:shadow-2"
        >
          <Dialog.Title className="sr-only">{words.title}</Dialog.Title>
          <List
            shouldFilter={false}
            loop
            label={words.title}
            value={marked}
            onValueChange={setChosen}
            className="flex min-h-0 flex-1 flex-col"
          >
            <div className="flex shrink-0 items-center gap-3 border-line border-b pr-2 pl-4">
              <Search size={18} aria-hidden className="shrink-0 text-text-3" />
              <List.Input
                ref={input}
                value={text}
                maxLength={200}
                onValueChange={(next) => {
                  setText(next);
                  setChosen(null);
                }}
                placeholder={words.placeholder}
                className="h-14 min-w-0 flex-1 bg-transparent text-16 text-text outline-none placeholder:text-text-3 focus-visible:shadow-none focus-visible:outline-none"
              />
              <IconButton label={strings.close} shortcut="Esc" onClick={onClose}>
                <X size={18} aria-hidden />
              </IconButton>
            </div>
            <List.List label={words.title} className="min-h-0 flex-1 overflow-y-auto overscroll-contain p-2">
              {groups.map(
                (group) =>
                  group.lines.length > 0 && (
                    <List.Group
                      key={group.title}
                      heading={group.title}
                      className="pb-1 **:[[cmdk-group-heading]]:px-2 **:[[cmdk-group-heading]]:pt-2 **:[[cmdk-group-heading]]:pb-1 **:[[cmdk-group-heading]]:text-12 **:[[cmdk-group-heading]]:text-text-3"
                    >
                      {group.lines.map((line) => (
                        <Entry key={line.key} line={line} onChoose={() => choose(line)} />
                      ))}
                    </List.Group>
                  ),
              )}
            </List.List>
          </List>
          {lines.length === 0 && !waiting && !failed && <Nothing text={text.trim()} />}
          {failed && (
            <p role="alert" className="shrink-0 border-line border-t px-4 py-2 text-13 text-warning">
              {words.failed}
            </p>
          )}
          <Hints />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Entry({ line, onChoose }: { line: Line; onChoose: () => void }) {
  return (
    <List.Item
      value={line.key}
      onSelect={onChoose}
      className="target flex cursor-pointer select-none scroll-my-2 items-center gap-3 rounded-control px-2 text-14 text-text data-[selected=true]:bg-accent-quiet"
    >
      <span className="size-4 shrink-0 text-text-3">{line.icon ?? <ArrowRight size={16} aria-hidden />}</span>
      <span className="min-w-0 truncate">{line.title}</span>
      {line.aside !== undefined && (
        <span className="ml-auto min-w-0 max-w-[45%] shrink-0 truncate text-12 text-text-3">{line.aside}</span>
      )}
      {line.keys !== undefined && (
        <span className="ml-auto shrink-0 max-sm:hidden">
          <Kbd keys={line.keys} />
        </span>
      )}
    </List.Item>
  );
}

function Nothing({ text }: { text: string }) {
  return (
    <div role="status" className="flex flex-col gap-1 px-6 pb-8 text-center">
      <p>{words.none(text)}</p>
      <p className="text-13 text-text-3">{words.none_hint}</p>
    </div>
  );
}

/** For those with a keyboard: how to get about. */
function Hints() {
  return (
    <p
      aria-hidden
      className="hidden shrink-0 items-center gap-4 border-line border-t px-4 py-2 text-12 text-text-3 sm:flex pointer-coarse:hidden"
    >
      <span className="flex items-center gap-1.5">
        <Kbd keys="↑+↓" /> {words.move}
      </span>
      <span className="flex items-center gap-1.5">
        <kbd className="inline-flex min-w-5 justify-center rounded-chip border border-line bg-surface-0 px-1 text-text-2">
          <CornerDownLeft size={12} aria-hidden className="my-0.5" />
        </kbd>
        {words.open}
      </span>
      <span className="flex items-center gap-1.5">
        <Kbd keys="Esc" /> {words.leave}
      </span>
    </p>
  );
}
