// Reads a task from one line of plain words: wire sensor tomorrow 6pm #greenhouse/pump @sam !2 ~2h every 2 weeks.
//
// Of each kind the last one counts; an earlier one stays in the name. Whatever is not understood is a word of the name, and
// quotes keep words from being understood: "today show". Dates are in English.
import { addDays, weekdayOf } from './days.ts';
import type { Repeats } from './entities.ts';
import { type Phrase, phraseAt, type Word } from './quick-add-dates.ts';
import { closing, mostQuoted, opening, punctuation, type Said, sigilAt } from './quick-add-sigils.ts';
import { type WallClock, wallClock } from './wall-clock.ts';

export interface QuickAddOptions {
  /** Milliseconds since 1970. */
  now: number;
  /** The person's, an IANA name. */
  time_zone: string;
  /** 1 is Monday, 7 is Sunday. */
  week_start: number;
  /** Parts of the text to take as plain words, `[start, end)`: what somebody took back. */
  plain?: readonly (readonly [start: number, end: number])[];
}

export type QuickAddKind = 'project' | 'component' | 'person' | 'priority' | 'estimate' | 'due' | 'repeats';

/** A part of the text that was understood: `[start, end)` in UTF-16 units. In the order of the text; they never overlap. */
export interface QuickAddToken {
  kind: QuickAddKind;
  start: number;
  end: number;
}

export interface QuickAdd {
  /** What is left; empty where everything was understood. */
  name: string;
  /** As typed, without quotes. */
  project: string | null;
  component: string | null;
  person: string | null;
  /** 1 is urgent, 4 is low. */
  priority: number | null;
  estimate_minutes: number | null;
  /** In the form of a task's fields: a calendar day is midnight UTC of that day. */
  due: { due_date: string; due_is_date: boolean } | null;
  repeats: Repeats | null;
  tokens: QuickAddToken[];
}

/** A non-empty line of a text of several. */
export interface QuickAddLine {
  /** Counted from 1, empty ones too. */
  line: number;
  /** Where `text` begins in the whole. */
  start: number;
  /** Without the bullet or number of a list. */
  text: string;
}

/** The lines that make a task each. A bullet, and in several lines a number, is the list's and not the task's. */
export function quickAddLines(text: string): QuickAddLine[] {
  const lines: QuickAddLine[] = [];
  let start = 0;
  for (const [index, part] of text.split(/(\r\n|[\n\r\u2028\u2029])/).entries()) {
    if (index % 2 === 0) lines.push({ line: index / 2 + 1, start, text: part });
    start += part.length;
  }
  const filled = lines.filter((line) => line.text.trim() !== '');
  const mark =
    filled.length > 1 ? /^\s*(?:(?:[-*•–]|\d{1,3}[.)])\s+(?:\[[ x]?\]\s+)?)?/i : /^\s*(?:[-*•–]\s+(?:\[[ x]?\]\s+)?)?/i;
  return filled.flatMap((line) => {
    const own = line.text.replace(mark, '');
    const left = own.trim();
    return left === '' ? [] : [{ line: line.line, start: line.start + line.text.length - own.length, text: left }];
  });
}

/** Understands every line; `plain` counts in the whole text, tokens in their line. */
export function readQuickAdd(text: string, options: QuickAddOptions): (QuickAddLine & { read: QuickAdd })[] {
  const clock = wallClock(options.time_zone);
  return quickAddLines(text).map((line) => {
    const plain = (options.plain ?? []).map(([start, end]) => [start - line.start, end - line.start] as const);
    return { ...line, read: read(line.text, { ...options, plain }, clock) };
  });
}

/** Understands one line. Throws nothing, but RangeError for a time zone that does not exist. */
export function parseQuickAdd(text: string, options: QuickAddOptions): QuickAdd {
  return read(text, options, wallClock(options.time_zone));
}

/** A run of characters without white space, or a quoted part. */
interface Piece extends Word {
  start: number;
  end: number;
  /** Where a sigil begins it: what it says. */
  said: Said[];
  /** The quotes around it escape it: what stands between them is what counts. */
  inner: readonly [start: number, end: number] | null;
}

function read(text: string, options: QuickAddOptions, clock: WallClock): QuickAdd {
  const { day: today, ms } = clock.read(options.now);
  const facts = { today, now: options.now, week_start: options.week_start };
  const pieces = piecesOf(text, options.plain ?? [], (part) => understands(part, facts));
  const said = new Map<QuickAddKind, Said>();
  for (const one of pieces.flatMap((piece) => piece.said)) {
    // The component goes with its own project.
    if (one.kind === 'project') said.delete('component');
    said.set(one.kind, one);
  }
  const phrases = chosen(phrasesOf(pieces, facts));
  const due = dueOf(phrases, today, ms, clock.when);
  const tokens = joined(
    text,
    [...said.values()]
      .map(({ kind, start, end }): QuickAddToken => ({ kind, start, end }))
      .concat([...phrases.values()].map(({ phrase, start, end }) => ({ kind: tokenKind[phrase.kind], start, end })))
      .sort((a, b) => a.start - b.start),
  );
  const value = (kind: QuickAddKind) => said.get(kind)?.value;
  const words = (kind: QuickAddKind) => value(kind)?.toString() ?? null;
  const amount = (kind: QuickAddKind) => (value(kind) === undefined ? null : Number(value(kind)));
  const repeats = phrases.get('repeats')?.phrase;
  return {
    name: nameOf(text, pieces, tokens),
    ...{ project: words('project'), component: words('component'), person: words('person') },
    ...{ priority: amount('priority'), estimate_minutes: amount('estimate') },
    due,
    repeats: repeats?.kind === 'repeats' ? repeats.repeats : null,
    tokens,
  };
}

const tokenKind = { date: 'due', time: 'due', repeats: 'repeats' } as const;

/** Does a text, taken by itself, have anything in it that is understood? */
function understands(text: string, facts: Parameters<typeof phraseAt>[2]): boolean {
  const pieces = piecesOf(text, [], () => false);
  return pieces.some((piece) => piece.said.length > 0) || phrasesOf(pieces, facts).length > 0;
}

function piecesOf(
  text: string,
  plain: readonly (readonly [number, number])[],
  escapes: (part: string) => boolean,
): Piece[] {
  const isPlain = (start: number, end: number) => plain.some(([from, to]) => from < end && to > start);
  const pieces: Piece[] = [];
  const word = /\S+/g;
  for (let found = word.exec(text); found; found = word.exec(text)) {
    const start = found.index;
    const sigil = sigilAt(text, start, found[0], isPlain);
    const quoted = sigil.length === 0 ? quotedAt(text, start) : null;
    const end = sigil.at(-1)?.end ?? quoted ?? start + found[0].length;
    const inner = [start + 1, end - 1] as const;
    const escaped = quoted !== null && !isPlain(start, end) && escapes(text.slice(...inner));
    const readable = sigil.length === 0 && quoted === null && !isPlain(start, end);
    pieces.push({
      ...{ start, end, said: sigil, inner: escaped ? inner : null },
      text: readable ? found[0].replace(punctuation, '').toLowerCase() : '',
      ends: punctuation.test(found[0]),
    });
    word.lastIndex = end;
  }
  return pieces;
}

/** The end of a quoted part that begins here and stands by itself, or null. */
function quotedAt(text: string, start: number): number | null {
  if (!opening.includes(text.charAt(start))) return null;
  for (let at = start + 1; at < Math.min(text.length, start + mostQuoted); at++) {
    if (closing.includes(text.charAt(at)) && /^(?:\s|[,.;:!?]|$)/.test(text.slice(at + 1, at + 2))) return at + 1;
  }
  return null;
}

interface Placed<P extends Phrase = Phrase> {
  phrase: P;
  start: number;
  end: number;
}

function phrasesOf(pieces: readonly Piece[], facts: Parameters<typeof phraseAt>[2]): Placed[] {
  const found: Placed[] = [];
  const closes = (at: number): boolean => {
    const next = pieces[at];
    return !next || next.said.length > 0 || phraseAt(pieces, at, facts, () => false) !== null;
  };
  for (let at = 0; at < pieces.length; ) {
    const phrase = phraseAt(pieces, at, facts, closes);
    const [first, last] = [pieces[at], pieces[at + (phrase?.words ?? 1) - 1]];
    if (phrase && first && last) found.push({ phrase, start: first.start, end: last.end });
    at += phrase?.words ?? 1;
  }
  return found;
}

/** The last phrase of each kind. A day by which something repeats is its date, unless a later one says where it starts. */
function chosen(found: readonly Placed[]): Map<Phrase['kind'], Placed> {
  const last = new Map<Phrase['kind'], Placed>();
  for (const placed of found) {
    if (placed.phrase.kind === 'repeats' && placed.phrase.day !== null) last.delete('date');
    last.set(placed.phrase.kind, placed);
  }
  const date = last.get('date')?.phrase;
  // In 2 hours says the time itself.
  if (date?.kind === 'date' && date.at !== null) last.delete('time');
  return last;
}

function dueOf(
  phrases: ReadonlyMap<Phrase['kind'], Placed>,
  today: string,
  ms: number,
  when: (day: string, ms: number) => number,
): QuickAdd['due'] {
  const [date, time, repeats] = [phrases.get('date'), phrases.get('time'), phrases.get('repeats')].map(
    (placed) => placed?.phrase,
  );
  const moment = (at: number) => ({ due_date: new Date(at).toISOString(), due_is_date: false });
  if (date?.kind === 'date' && date.at !== null) return moment(date.at);
  if (!date && !time && !repeats) return null;
  const minutes = time?.kind === 'time' ? time.minutes : null;
  let day = date?.kind === 'date' ? date.day : null;
  if (repeats?.kind === 'repeats') {
    if (day === null) day = repeats.day;
    else if (repeats.weekday !== null) day = addDays(day, (repeats.weekday - weekdayOf(day) + 7) % 7);
  }
  // A time alone is the next such time.
  day ??= minutes !== null && minutes * 60_000 <= ms ? addDays(today, 1) : today;
  return minutes === null ? { due_date: `${day}T00:00:00Z`, due_is_date: true } : moment(when(day, minutes * 60_000));
}

/** Date and time side by side are one token. */
function joined(text: string, tokens: readonly QuickAddToken[]): QuickAddToken[] {
  const out: QuickAddToken[] = [];
  for (const token of tokens) {
    const before = out.at(-1);
    if (before?.kind === 'due' && token.kind === 'due' && text.slice(before.end, token.start).trim() === '') {
      out[out.length - 1] = { ...before, end: token.end };
    } else out.push(token);
  }
  return out;
}

/** What no token took, one space between words, without the quotes that escaped something. */
function nameOf(text: string, pieces: readonly Piece[], tokens: readonly QuickAddToken[]): string {
  let name = '';
  let before = -1;
  for (const piece of pieces) {
    if (tokens.some((token) => token.start <= piece.start && token.end >= piece.end)) continue;
    const [start, end] = piece.inner ?? [piece.start, piece.end];
    // A component that was taken back leaves the piece to the name, but for its project's token.
    const taken = tokens.findLast((token) => token.start >= piece.start && token.end <= piece.end);
    name += (piece.start === before ? '' : ' ') + text.slice(taken?.end ?? start, end);
    before = piece.end;
  }
  return name.replace(/\s+/g, ' ').trim();
}
