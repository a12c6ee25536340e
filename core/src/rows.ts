// Rows of boards and tables: filtered, sorted and grouped by a table of their fields. Pure, and quick for ten thousand.
import { addDays, addMonths, startOfWeek } from './days.ts';
import { type FilterField, type FilterTerm, type FilterValue, minutesOf } from './filters.ts';

export type RowValue = string | number | null;

/** A field of rows `R`: what a filter may say about it, and what a row has there. */
export interface RowField<R> extends FilterField {
  /** What a row has there: of choices the value, of days `2026-01-15`; null: nothing. */
  value: (row: R) => RowValue;
  /** What rows are sorted by, where it is finer than `value`. */
  order?: (row: R) => RowValue;
  /** All that a filter finds there, where that is more than `value`. */
  all?: (row: R) => readonly string[];
  /** Rows are grouped by each of `all`: one with two labels stands in two groups. */
  many?: boolean;
  /** Of a choice whose values are names: what tells apart those of one name. */
  key?: (row: R) => string | null;
  /** Keys in their order, where they are not the values; groups are there for them even where they are empty. */
  keys?: readonly string[];
  /** Order of keys alone: without a row there is no group. */
  key_order?: readonly string[];
  /** What a key is called. */
  title?: (key: string) => string;
  /** Of a day: it is past, and that matters. */
  overdue?: (row: R) => boolean;
  /** Rows can be grouped by it. */
  groups?: boolean;
  /** For order only: no filter names it. */
  order_only?: boolean;
}

export interface RowContext {
  /** The calendar day in the person's zone. */
  today: string;
  /** 1 is Monday. */
  week_start: number;
}

type Test<R> = (row: R) => boolean;

/** Fields that filters may name. */
export function filterable<R>(fields: readonly RowField<R>[]): RowField<R>[] {
  return fields.filter(({ order_only }) => order_only !== true);
}

/** Does a row meet all terms? `words` is the text in which bare words are looked for. */
export function rowFilter<R>(
  terms: readonly FilterTerm[],
  fields: readonly RowField<R>[],
  words: (row: R) => string,
  context: RowContext,
): Test<R> {
  const tests = terms.flatMap((term) => termTest(term, fields, words, context) ?? []);
  return (row) => tests.every((test) => test(row));
}

function termTest<R>(
  { field: name, negated, values }: FilterTerm,
  fields: readonly RowField<R>[],
  words: (row: R) => string,
  context: RowContext,
): Test<R> | null {
  const field = fields.find((one) => one.name === name);
  if (name !== null && !field) return null;
  const any = values.map((value) =>
    field ? valueTest(field, value, context) : contains((row: R) => [words(row)], value.text),
  );
  const [only] = any;
  const test: Test<R> = any.length === 1 && only ? only : (row) => any.some((one) => one(row));
  return negated ? (row) => !test(row) : test;
}

function contains<R>(texts: (row: R) => readonly string[], text: string): Test<R> {
  const wanted = text.toLowerCase();
  return (row) => texts(row).some((one) => one.toLowerCase().includes(wanted));
}

function valueTest<R>(field: RowField<R>, value: FilterValue, context: RowContext): Test<R> {
  const word = value.text.toLowerCase();
  const { all } = field;
  const texts = (row: R) => {
    if (all) return all(row);
    const one = field.value(row);
    return one === null ? [] : [String(one)];
  };
  if (!value.quoted && value.comparison === '=' && field.empty === true) {
    if (word === 'none') return (row) => texts(row).length === 0;
    if (word === 'any') return (row) => texts(row).length > 0;
  }
  switch (field.kind) {
    case 'text':
      return contains(texts, value.text);
    case 'choice':
      return (row) => texts(row).some((one) => one.toLowerCase() === word);
    case 'day':
      return dayTest(field, value, context);
    case 'number':
      return numberTest(field, value, Number.parseFloat(word));
    case 'minutes':
      return numberTest(field, value, minutesOf(word) ?? Number.NaN);
  }
}

function numberTest<R>(field: RowField<R>, { comparison }: FilterValue, wanted: number): Test<R> {
  const compare: Record<typeof comparison, (value: number) => boolean> = {
    '=': (value) => value === wanted,
    '<': (value) => value < wanted,
    '<=': (value) => value <= wanted,
    '>': (value) => value > wanted,
    '>=': (value) => value >= wanted,
  };
  const holds = compare[comparison];
  return (row) => {
    const value = field.value(row);
    return typeof value === 'number' && holds(value);
  };
}

function dayTest<R>(field: RowField<R>, { text, comparison }: FilterValue, context: RowContext): Test<R> {
  const word = text.toLowerCase();
  if (word === 'overdue') return field.overdue ?? ((row) => isBefore(field.value(row), context.today));
  const [from, to] = daysOf(word, context);
  const compare: Record<typeof comparison, (day: string) => boolean> = {
    '=': (day) => day >= from && day <= to,
    '<': (day) => day < from,
    '<=': (day) => day <= to,
    '>': (day) => day > to,
    '>=': (day) => day >= from,
  };
  const holds = compare[comparison];
  return (row) => {
    const day = field.value(row);
    return typeof day === 'string' && holds(day);
  };
}

const isBefore = (day: RowValue, other: string) => typeof day === 'string' && day < other;

/** The first and last day that a word means. `7d` is the day a week from now, `-2w` the one two weeks ago. */
function daysOf(word: string, { today, week_start }: RowContext): [from: string, to: string] {
  const one = (day: string): [string, string] => [day, day];
  switch (word) {
    case 'today':
      return one(today);
    case 'tomorrow':
      return one(addDays(today, 1));
    case 'yesterday':
      return one(addDays(today, -1));
    case 'week': {
      const first = startOfWeek(today, week_start);
      return [first, addDays(first, 6)];
    }
    case 'month':
      return [`${today.slice(0, 7)}-01`, addDays(addMonths(`${today.slice(0, 7)}-01`, 1), -1)];
  }
  const [, amount = '', unit = ''] = /^([+-]?\d+)([dwmy])$/.exec(word) ?? [];
  const count = Number(amount);
  if (unit === 'd') return one(addDays(today, count));
  if (unit === 'w') return one(addDays(today, count * 7));
  if (unit === 'm') return one(addMonths(today, count));
  if (unit === 'y') return one(addMonths(today, count * 12));
  return one(word);
}

/** Text to be compared letter by letter in its stead: without case and accents, numbers by value. A collator takes five times as long. */
function wordOrder(text: string): string {
  const plain = text.toLowerCase();
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the whole of ASCII
  const letters = /^[\x00-\x7f]*$/.test(plain) ? plain : plain.normalize('NFKD').replaceAll(/\p{M}/gu, '');
  return /\d/.test(letters) ? letters.replaceAll(/\d+/g, (digits) => digits.padStart(12, '0')) : letters;
}

const compare = (a: string | number, b: string | number) => (a < b ? -1 : a > b ? 1 : 0);

/** A new list in the order of a field, descending with a minus before it; rows with nothing there come last either way. Stable. */
export function sortRows<R>(rows: readonly R[], fields: readonly RowField<R>[], sort: string): R[] {
  const down = sort.startsWith('-');
  const field = fields.find(({ name }) => name === (down ? sort.slice(1) : sort));
  if (!field) return [...rows];
  const order = new Map(field.open === true ? [] : field.values?.map((value, at) => [value, at]));
  const inWords = field.order_only !== true && field.kind !== 'day';
  const keyed = rows.map((row) => {
    const value = (field.order ?? field.value)(row);
    return {
      row,
      value: typeof value !== 'string' ? value : (order.get(value) ?? (inWords ? wordOrder(value) : value)),
    };
  });
  return keyed
    .sort((a, b) => {
      if (a.value === null || b.value === null) return Number(a.value === null) - Number(b.value === null);
      return down ? compare(b.value, a.value) : compare(a.value, b.value);
    })
    .map(({ row }) => row);
}

export interface RowGroup<R> {
  /** The value they share; null where they have none. */
  key: string | null;
  rows: R[];
}

/** Days are grouped by how near they are. */
export const dayGroups = ['overdue', 'past', 'today', 'tomorrow', 'week', 'later'] as const;

function dayGroup<R>(field: RowField<R>, row: R, today: string, tomorrow: string, week: string): string | null {
  const day = field.value(row);
  if (typeof day !== 'string') return null;
  if (field.overdue?.(row) === true) return 'overdue';
  if (day < today) return 'past';
  if (day === today) return 'today';
  if (day === tomorrow) return 'tomorrow';
  return day <= week ? 'week' : 'later';
}

/**
 * Rows by what they have in a field, each group in the order of the rows. All known values of a closed choice are there, empty
 * ones too; what has none comes last, and only where there is such a row.
 */
export function groupRows<R>(rows: readonly R[], field: RowField<R>, { today }: RowContext): RowGroup<R>[] {
  const tomorrow = addDays(today, 1);
  const week = addDays(today, 7);
  const keysOf = (row: R): readonly (string | null)[] => {
    if (field.kind === 'day') return [dayGroup(field, row, today, tomorrow, week)];
    if (field.many === true && field.all) {
      const all = field.all(row);
      return all.length === 0 ? [null] : all;
    }
    const key = field.key ? field.key(row) : field.value(row);
    return [key === null ? null : String(key)];
  };
  const known = field.keys ?? (field.kind === 'choice' && field.open !== true ? (field.values ?? []) : []);
  const groups = new Map<string | null, R[]>(known.map((key) => [key, []]));
  for (const row of rows) {
    for (const key of keysOf(row)) {
      const group = groups.get(key);
      if (group) group.push(row);
      else groups.set(key, [row]);
    }
  }
  const order = new Map(
    (field.kind === 'day' ? dayGroups : (field.key_order ?? known)).map((key, at) => [key as string, at]),
  );
  const title = field.title ?? String;
  return [...groups]
    .sort(([a], [b]) => {
      if (a === null || b === null) return Number(a === null) - Number(b === null);
      const places = (order.get(a) ?? order.size) - (order.get(b) ?? order.size);
      return places === 0 ? compare(wordOrder(title(a)), wordOrder(title(b))) : places;
    })
    .map(([key, list]) => ({ key, rows: list }));
}
