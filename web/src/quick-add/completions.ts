// What is being typed after # or @, what it could be, and the text with one of them put in.
import { foldedName } from '@taylordash/core/resolve-name';

export interface Asked {
  kind: 'project' | 'component' | 'person';
  /** What is replaced: from the sigil, or for a component from behind the slash, to the caret. */
  start: number;
  end: number;
  /** As typed so far, without quotes. */
  text: string;
  /** Of a component: the project before the slash. */
  project: string | null;
}

const name = '(?:["“”„]([^"“”]*)["“”]|([^\\s"“”„/]+))';
const open = '(["“”„][^"“”]*|[^\\s"“”„/]*)';
const component = new RegExp(`(?:^|\\s)#${name}/${open}$`, 'u');
const project = new RegExp(`(?:^|\\s)#${open}$`, 'u');
const person = new RegExp(`(?:^|\\s)@${open}$`, 'u');
const bare = (typed: string) => typed.replace(/^["“”„]/, '');

/** Null where the caret stands in no such word. */
export function askedAt(text: string, caret: number): Asked | null {
  const before = text.slice(0, caret);
  const within = component.exec(before);
  if (within) {
    const typed = within[3] ?? '';
    return {
      ...{ kind: 'component', start: caret - typed.length, end: caret, text: bare(typed) },
      project: within[1] ?? within[2] ?? '',
    };
  }
  for (const [kind, pattern] of [
    ['project', project],
    ['person', person],
  ] as const) {
    const found = pattern.exec(before);
    if (!found) continue;
    const typed = found[1] ?? '';
    return { kind, start: caret - typed.length - 1, end: caret, text: bare(typed), project: null };
  }
  return null;
}

/** A name as it is written behind a sigil: in quotes where it would fall apart. */
export function written(called: string): string {
  return /^[\p{L}\p{N}_.+'-]+$/u.test(called) && !/[.,;:!?]$/.test(called)
    ? called
    : `"${called.replaceAll(/["“”„]/g, '')}"`;
}

/** The text with what is asked about replaced, and where the caret stands then: behind a blank. */
export function completed(text: string, asked: Asked, put: string): { text: string; caret: number } {
  const rest = text.slice(asked.end).replace(/^\s/, '');
  const head = `${text.slice(0, asked.start)}${put} `;
  return { text: head + rest, caret: head.length };
}

/** Those whose names have all that was typed in them; what begins so first. */
export function fitting<T extends { name: string }>(named: readonly T[], typed: string, most: number): T[] {
  const wanted = foldedName(typed);
  return named
    .map((one) => ({ one, at: foldedName(one.name).indexOf(wanted) }))
    .filter(({ at }) => at >= 0)
    .sort((a, b) => Number(a.at > 0) - Number(b.at > 0))
    .slice(0, most)
    .map(({ one }) => one);
}

/** Does a name say all that was typed, so that Enter means the task and not the name? */
export function isWhole(named: { name: string } | undefined, typed: string): boolean {
  return named !== undefined && foldedName(named.name) === foldedName(typed);
}
