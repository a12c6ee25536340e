// What quick add understands of a text, and what of it means something that is there.
import { type QuickAdd, type QuickAddKind, readQuickAdd } from '@taylordash/core/quick-add';
import type { Resolved } from '@taylordash/core/resolve-name';
import { useMemo } from 'react';
import { strings } from '../strings.ts';
import type { Dates } from '../ui/dates.ts';
import type { Named } from './names.ts';
import type { Part } from './plain-parts.ts';
import type { Mark } from './quick-field.tsx';

const words = strings.quick_add;

export interface Line {
  /** Where it begins in the text. */
  start: number;
  read: QuickAdd;
}

/** Each line that makes a task, with what is understood of it. */
export function useLines(text: string, plain: readonly Part[], dates: Dates): readonly Line[] {
  const { time_zone, week_start } = dates;
  return useMemo(
    () => readQuickAdd(text, { now: Date.now(), time_zone, week_start, plain }),
    [text, plain, time_zone, week_start],
  );
}

/** Of one line: what its names mean. Null: nothing was named, or what there is is not known yet. */
export interface Meaning {
  project: Resolved<Named> | null;
  component: Resolved<Named> | null;
  person: Resolved<Named> | null;
}

const named = new Set<QuickAddKind>(['project', 'component', 'person']);

export function marksOf(lines: readonly Line[], meaning: Meaning | null): Mark[] {
  return lines.flatMap(({ start, read }) =>
    read.tokens.map((token) => {
      const resolved =
        meaning && named.has(token.kind) && token.kind in meaning
          ? new Map<string, Resolved<Named> | null>(Object.entries(meaning)).get(token.kind)
          : null;
      const unknown = resolved !== null && resolved !== undefined && resolved.found === null;
      return { start: start + token.start, end: start + token.end, unknown };
    }),
  );
}

/** Why a line cannot be added as it stands, in words; null where it can. */
export function refusalOf(read: QuickAdd, meaning: Meaning, creates: boolean): string | null {
  const say = (resolved: Resolved<Named> | null, text: string | null, none: (text: string) => string) =>
    resolved === null || resolved.found || text === null ? null : resolved.ambiguous ? words.several(text) : none(text);
  const project = creates && meaning.project?.found === null && !meaning.project.ambiguous;
  return (
    (project ? null : say(meaning.project, read.project, words.no_project)) ??
    say(meaning.component, read.component, (text) => words.no_component(text, meaning.project?.found?.name ?? '')) ??
    say(meaning.person, read.person, words.no_person)
  );
}
