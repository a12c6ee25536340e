// Dates, times and repetition in plain English words: what a run of words says, and how many words it takes.
import { addDays, addMonths, isDay, startOfWeek, weekdayOf } from './days.ts';
import type { Repeats } from './entities.ts';
import { dayAfter } from './repetition.ts';

/** A word in lower case without the punctuation behind it. */
export interface Word {
  /** Empty where it is not to be read. */
  text: string;
  /** Punctuation stood behind it. */
  ends: boolean;
}

export interface DateFacts {
  /** The day it is where the person is. */
  today: string;
  /** Milliseconds since 1970. */
  now: number;
  /** 1 is Monday, 7 is Sunday. */
  week_start: number;
}

export interface DatePhrase {
  kind: 'date';
  /** How many words it takes. */
  words: number;
  day: string | null;
  /** The moment, where the words say one: in 2 hours. */
  at: number | null;
}

export interface TimePhrase {
  kind: 'time';
  words: number;
  /** Since midnight. */
  minutes: number;
}

export interface RepeatPhrase {
  kind: 'repeats';
  words: number;
  repeats: Repeats;
  /** The first day, where the words say one: every friday. */
  day: string | null;
  weekday: number | null;
}

export type Phrase = DatePhrase | TimePhrase | RepeatPhrase;

const weekdays: Readonly<Record<string, number>> = {
  ...{ monday: 1, tuesday: 2, wednesday: 3, thursday: 4, friday: 5, saturday: 6, sunday: 7 },
  ...{ mon: 1, tue: 2, tues: 2, wed: 3, thu: 4, thur: 4, thurs: 4, fri: 5, sat: 6, sun: 7 },
};
/** Short names that are words too: they count only where nothing but a date can stand. */
const wordsToo: ReadonlySet<string> = new Set(['sat', 'sun']);
const months: Readonly<Record<string, number>> = {
  ...{ january: 1, february: 2, march: 3, april: 4, may: 5, june: 6, july: 7, august: 8, september: 9, october: 10 },
  ...{ november: 11, december: 12, jan: 1, feb: 2, mar: 3, apr: 4, jun: 6, jul: 7, aug: 8, sep: 9, sept: 9, oct: 10 },
  ...{ nov: 11, dec: 12 },
};
const numbers: Readonly<Record<string, number>> = {
  ...{ a: 1, an: 1, one: 1, two: 2, three: 3, four: 4, five: 5, six: 6, seven: 7, eight: 8, nine: 9, ten: 10 },
  ...{ eleven: 11, twelve: 12 },
};
type Unit = Repeats['unit'] | 'hour' | 'minute';
const units: Readonly<Record<string, Unit>> = {
  ...{
    day: 'day',
    days: 'day',
    week: 'week',
    weeks: 'week',
    month: 'month',
    months: 'month',
    year: 'year',
    years: 'year',
  },
  ...{ hour: 'hour', hours: 'hour', minute: 'minute', minutes: 'minute', min: 'minute', mins: 'minute' },
};

function of<V>(table: Readonly<Record<string, V>>, word: string): V | undefined {
  return Object.hasOwn(table, word) ? table[word] : undefined;
}

function numberOf(word: string): number | undefined {
  return /^\d{1,4}$/.test(word) ? Number(word) : of(numbers, word);
}

/** What begins at word `at`; null where it is only a word. `closes` tells whether a phrase may end before that word. */
export function phraseAt(
  words: readonly Word[],
  at: number,
  facts: DateFacts,
  closes: (at: number) => boolean,
): Phrase | null {
  const text = (place: number) => words[place]?.text ?? '';
  const first = text(at);
  if (first === '') return null;
  if (first === 'every') return repeatAt(text, at, facts);
  let from = at;
  if (text(from) === 'due') from += 1;
  const link = text(from);
  if (link === 'on' || link === 'by' || link === 'at' || (link === 'starting' && from === at)) from += 1;
  if (link === 'starting' && text(from) === 'on') from += 1;
  const linked = from > at;
  const taken = from - at;
  if (link !== 'at') {
    const date = dateAt(text, from, facts, (place) => linked || (words[place - 1]?.ends ?? false) || closes(place));
    if (date) return { ...date, words: date.words + taken };
  }
  if (link === 'on' || link === 'starting') return null;
  const time = timeAt(text, from, link === 'at' && ((place) => (words[place - 1]?.ends ?? false) || closes(place)));
  return time && { ...time, words: time.words + taken };
}

type Text = (at: number) => string;

function dateAt(text: Text, at: number, facts: DateFacts, closes: (at: number) => boolean): DatePhrase | null {
  const { today, week_start } = facts;
  const day = (words: number, value: string | null): DatePhrase | null =>
    value === null || !existing(value) ? null : { kind: 'date', words, day: value, at: null };
  const first = text(at);
  if (first === 'today' || first === 'tonight') return day(1, today);
  if (first === 'tomorrow' || first === 'tmr' || first === 'tmrw') return day(1, addDays(today, 1));
  const weekday = of(weekdays, first);
  if (weekday !== undefined) return wordsToo.has(first) && !closes(at + 1) ? null : day(1, nextWeekday(today, weekday));
  if (first === 'this') {
    const named = of(weekdays, text(at + 1));
    return named === undefined ? null : day(2, nextWeekday(today, named));
  }
  if (first === 'next') {
    const nextWeek = addDays(startOfWeek(today, week_start), 7);
    const named = of(weekdays, text(at + 1));
    if (named !== undefined) return day(2, addDays(nextWeek, (named - week_start + 7) % 7));
    if (text(at + 1) === 'week') return day(2, nextWeek);
    return text(at + 1) === 'month' ? day(2, `${addMonths(today, 1).slice(0, 7)}-01`) : null;
  }
  if (first === 'in') return inAt(text, at, facts);
  if (/^\d{4}-\d\d-\d\d$/.test(first)) return day(1, first);
  const named = dayOfMonthAt(text, at, today);
  return named && day(named.words, named.day);
}

/** The next day of this name, never today. */
function nextWeekday(today: string, weekday: number): string {
  return addDays(today, ((weekday - weekdayOf(today) + 6) % 7) + 1);
}

/** `in 3 days`, `in a week`, `in 2 hours`. */
function inAt(text: Text, at: number, { today, now }: DateFacts): DatePhrase | null {
  const count = numberOf(text(at + 1));
  const unit = of(units, text(at + 2));
  if (count === undefined || unit === undefined) return null;
  const minute = 60_000;
  if (unit === 'hour' || unit === 'minute') {
    const moment = now + count * minute * (unit === 'hour' ? 60 : 1);
    return { kind: 'date', words: 3, day: null, at: Math.ceil(moment / minute) * minute };
  }
  const day = dayAfter(today, { every: count, unit });
  return existing(day) ? { kind: 'date', words: 3, day, at: null } : null;
}

/** `14 may`, `14th of may`, `may 14`, each with or without a year; without one, the next such day that there is. */
function dayOfMonthAt(text: Text, at: number, today: string): { words: number; day: string } | null {
  const dayFirst = dateOf(text(at));
  let words = 2;
  let month: number | undefined;
  let date = dayFirst;
  if (dayFirst !== null) {
    if (text(at + 1) === 'of') words += 1;
    month = of(months, text(at + words - 1));
  } else {
    month = of(months, text(at));
    date = dateOf(text(at + 1));
  }
  if (month === undefined || date === null) return null;
  const [two, year] = [`${String(month).padStart(2, '0')}-${String(date).padStart(2, '0')}`, text(at + words)];
  if (/^20\d\d$/.test(year)) {
    const day = `${year}-${two}`;
    return existing(day) ? { words: words + 1, day } : null;
  }
  // The 29th of February may be eight years away.
  for (let ahead = 0; ahead <= 8; ahead++) {
    const day = `${Number(today.slice(0, 4)) + ahead}-${two}`;
    if (day >= today && existing(day)) return { words, day };
  }
  return null;
}

function dateOf(word: string): number | null {
  const date = Number(/^(\d{1,2})(?:st|nd|rd|th)?$/.exec(word)?.[1] ?? 0);
  return date >= 1 && date <= 31 ? date : null;
}

/** A day that there is, of the years 1 to 9999. */
function existing(day: string): boolean {
  return isDay(day) && !day.startsWith('0000');
}

/** `6pm`, `6:30 pm`, `18:30`, and behind an *at* also `5` and `noon`: a bare hour is one of the day from 7 to 18. */
function timeAt(text: Text, at: number, closes: false | ((at: number) => boolean)): TimePhrase | null {
  const found = /^(\d{1,2})(?::(\d\d))?(am|pm)?$/.exec(text(at));
  if (!found) return closes && text(at) === 'noon' ? { kind: 'time', words: 1, minutes: 720 } : null;
  const [hour, minute] = [Number(found[1]), Number(found[2] ?? 0)];
  const apart = found[3] === undefined && /^(am|pm)$/.test(text(at + 1));
  const half = found[3] ?? (apart ? text(at + 1) : undefined);
  const words = apart ? 2 : 1;
  if (minute > 59 || hour > 23) return null;
  if (half !== undefined) {
    if (hour < 1 || hour > 12) return null;
    return { kind: 'time', words, minutes: ((hour % 12) + (half === 'pm' ? 12 : 0)) * 60 + minute };
  }
  if (found[2] !== undefined) return { kind: 'time', words, minutes: hour * 60 + minute };
  if (closes === false || !closes(at + 1)) return null;
  return { kind: 'time', words, minutes: (hour >= 1 && hour <= 6 ? hour + 12 : hour) * 60 };
}

/** `every day`, `every 2 weeks`, `every other month`, `every friday`, `every 14 may`. */
function repeatAt(text: Text, at: number, { today }: DateFacts): RepeatPhrase | null {
  const repeat = (words: number, every: number, unit: Repeats['unit'], day: string | null, weekday: number | null) =>
    every < 1 || every > 365
      ? null
      : ({ kind: 'repeats', words, repeats: { every, unit }, day, weekday } satisfies RepeatPhrase);
  const yearly = dayOfMonthAt(text, at + 1, today);
  if (yearly) return repeat(yearly.words + 1, 1, 'year', yearly.day, null);
  const counted = text(at + 1) === 'other' ? 2 : numberOf(text(at + 1));
  const words = counted === undefined ? 2 : 3;
  const what = text(at + words - 1);
  const weekday = of(weekdays, what) ?? of(weekdays, what.replace(/s$/, ''));
  if (weekday !== undefined) return repeat(words, counted ?? 1, 'week', nextWeekday(today, weekday), weekday);
  const unit = of(units, what);
  if (unit === undefined || unit === 'hour' || unit === 'minute') return null;
  return repeat(words, counted ?? 1, unit, null, null);
}
