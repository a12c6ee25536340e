// What was understood, in words: where the task goes, when it is due, who does it. Each can go back to plain words.
import type { QuickAdd, QuickAddToken } from '@taylordash/core/quick-add';
import { CalendarDays, Flag, Inbox, LayoutGrid, Repeat, Timer, UserRound, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { strings } from '../strings.ts';
import { cx } from '../ui/cx.ts';
import { type Dates, sayDay } from '../ui/dates.ts';
import type { Here } from './names.ts';
import type { Meaning } from './reading.ts';

const words = strings.quick_add;

interface Chip {
  key: string;
  icon: ReactNode;
  text: string;
  tokens: readonly QuickAddToken[];
  unknown?: boolean;
}

interface Props {
  text: string;
  read: QuickAdd;
  meaning: Meaning;
  here: Here;
  creates: boolean;
  dates: Dates;
  onTakeBack: (token: QuickAddToken) => void;
}

export function sayDue(due: NonNullable<QuickAdd['due']>, dates: Dates): string {
  const day = due.due_is_date ? due.due_date.slice(0, 10) : dates.dayOf(due.due_date);
  const said = sayDay(day, dates.today());
  return due.due_is_date ? said : `${said}, ${dates.clock(due.due_date)}`;
}

/** Where the task goes. */
function placeOf({ read, meaning, here, creates }: Pick<Props, 'read' | 'meaning' | 'here' | 'creates'>): string {
  if (read.project === null) {
    if (here.project === null) return words.inbox;
    return here.component ? `${here.project.name} › ${here.component.name}` : words.unsorted(here.project.name);
  }
  const project = meaning.project?.found?.name ?? (creates ? words.new_project(read.project) : read.project);
  const component = read.component === null ? null : (meaning.component?.found?.name ?? read.component);
  return component === null ? words.unsorted(project) : `${project} › ${component}`;
}

export function Chips({ text, read, meaning, here, creates, dates, onTakeBack }: Props) {
  const of = (...kinds: QuickAddToken['kind'][]) => read.tokens.filter(({ kind }) => kinds.includes(kind));
  const inbox = read.project === null && here.project === null;
  const chips: Chip[] = [
    {
      ...{ key: 'place', icon: inbox ? <Inbox size={14} aria-hidden /> : <LayoutGrid size={14} aria-hidden /> },
      ...{ text: placeOf({ read, meaning, here, creates }), tokens: of('project', 'component') },
      unknown: (meaning.project?.found === null && !creates) || meaning.component?.found === null,
    },
    ...(read.due === null
      ? []
      : [
          {
            key: 'due',
            icon: <CalendarDays size={14} aria-hidden />,
            text: sayDue(read.due, dates),
            tokens: of('due'),
          },
        ]),
    ...(read.repeats === null
      ? []
      : [
          {
            ...{ key: 'repeats', icon: <Repeat size={14} aria-hidden />, tokens: of('repeats') },
            text: words.repeats(read.repeats.every, read.repeats.unit),
          },
        ]),
    ...(read.person === null
      ? []
      : [
          {
            ...{ key: 'person', icon: <UserRound size={14} aria-hidden />, tokens: of('person') },
            text: meaning.person?.found?.name ?? read.person,
            unknown: meaning.person?.found === null,
          },
        ]),
    ...(read.priority === null
      ? []
      : [
          {
            ...{ key: 'priority', icon: <Flag size={14} aria-hidden />, tokens: of('priority') },
            text: words.priorities[read.priority] ?? '',
          },
        ]),
    ...(read.estimate_minutes === null
      ? []
      : [
          {
            ...{ key: 'estimate', icon: <Timer size={14} aria-hidden />, tokens: of('estimate') },
            text: words.minutes(read.estimate_minutes),
          },
        ]),
  ];
  return (
    <ul aria-label={words.understood} className="flex flex-wrap gap-1.5 px-4 pb-3">
      {chips.map((chip) => {
        const taken = chip.tokens.map(({ start, end }) => text.slice(start, end)).join(' ');
        return (
          <li
            key={chip.key}
            className={cx(
              'flex min-w-0 items-center gap-1.5 rounded-full border pl-2.5 text-13',
              chip.unknown === true ? 'border-warning border-dashed text-warning' : 'border-line text-text-2',
              chip.tokens.length === 0 && 'py-1 pr-2.5',
            )}
          >
            <span className="shrink-0 text-text-3">{chip.icon}</span>
            <span className="truncate">{chip.text}</span>
            {chip.tokens.length > 0 && (
              <button
                type="button"
                aria-label={words.take_back(taken)}
                onClick={() => {
                  for (const token of chip.tokens) onTakeBack(token);
                }}
                className="press flex size-7 shrink-0 items-center justify-center rounded-full text-text-3 hover:bg-surface-2 hover:text-text pointer-coarse:size-(--target)"
              >
                <X size={12} aria-hidden />
              </button>
            )}
          </li>
        );
      })}
    </ul>
  );
}
