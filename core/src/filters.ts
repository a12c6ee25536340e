// The filter grammar: `status:todo,in_progress -label:later due:<7d "pump"`. Read against a table of fields, printed back.
import { isDay } from './days.ts';

export type FieldKind = 'choice' | 'text' | 'day' | 'number' | 'minutes';

/** A field that a filter may name, and what may stand after it. */
export interface FilterField {
  name: string;
  kind: FieldKind;
  /** What a choice can be; of other kinds, what to propose. */
  values?: readonly string[];
  /** Of a choice: other values are no mistake, there is just nothing that has them. */
  open?: boolean;
  /** May be empty, so that `none` and `any` are values too. */
  empty?: boolean;
  /** Of text: which is taken, and in words what that is. */
  takes?: { test: (text: string) => boolean; right: string };
}

export type Comparison = '=' | '<' | '<=' | '>' | '>=';
export interface FilterValue {
  text: string;
  /** In quotes: taken by the letter, where the same text without would be a word of the grammar. */
  quoted: boolean;
  comparison: Comparison;
}
/** Holds where one of its values does; negated, where none does. All terms of a filter must hold. */
export interface FilterTerm {
  /** Null: a word to be found in what a row is called. */
  field: string | null;
  negated: boolean;
  values: FilterValue[];
  /** Where it stands in the text. */
  start: number;
  end: number;
}
/** What is wrong at a place of the text, and what would be right. */
export interface FilterFault {
  text: string;
  start: number;
  end: number;
}
export interface ParsedFilter {
  /** Those without fault. */
  terms: FilterTerm[];
  faults: FilterFault[];
}

/** Words for days. */
const dayWords = ['overdue', 'today', 'tomorrow', 'yesterday', 'week', 'month'] as const;
const relativeDay = /^[+-]?\d{1,4}[dwmy]$/;
const emptyWords = ['none', 'any'];
const namePattern = /[a-z_]+:/iy;

/** Reads a filter. Never throws: what is wrong is in `faults`, the rest still filters. */
export function parseFilter(text: string, fields: readonly FilterField[]): ParsedFilter {
  const terms: FilterTerm[] = [];
  const faults: FilterFault[] = [];
  let at = 0;
  while (at < text.length) {
    if (/\s/.test(text.charAt(at))) {
      at += 1;
      continue;
    }
    const { term, next, unclosed } = readTerm(text, at);
    at = next;
    const fault = unclosed ? 'This quotation has no end. Close it with ".' : faultOf(term, fields);
    if (fault === null) terms.push(term);
    else faults.push({ text: fault, start: term.start, end: term.end });
  }
  return { terms, faults };
}

function readTerm(text: string, start: number): { term: FilterTerm; next: number; unclosed: boolean } {
  const negated = text[start] === '-' && /\S/.test(text.charAt(start + 1));
  let at = negated ? start + 1 : start;
  namePattern.lastIndex = at;
  const field = namePattern.exec(text)?.[0].slice(0, -1).toLowerCase() ?? null;
  const values: FilterValue[] = [];
  let unclosed = false;
  if (field === null) {
    const word = readValue(text, at, /\s/, false);
    values.push(word.value);
    at = word.next;
    unclosed = word.unclosed;
  } else {
    at += field.length + 1;
    for (;;) {
      const read = readValue(text, at, /[\s,]/, true);
      if (read.next > at) values.push(read.value);
      at = read.next;
      unclosed ||= read.unclosed;
      if (text[at] !== ',') break;
      at += 1;
    }
  }
  return { term: { field, negated, values, start, end: at }, next: at, unclosed };
}

function readValue(text: string, start: number, ends: RegExp, compares: boolean) {
  const sign = compares ? (/^[<>]=?/.exec(text.slice(start, start + 2))?.[0] ?? '') : '';
  // The pattern lets nothing else through.
  const comparison = (sign === '' ? '=' : sign) as Comparison;
  let at = start + sign.length;
  let value = '';
  if (text[at] !== '"') {
    while (at < text.length && !ends.test(text.charAt(at))) at += 1;
    value = text.slice(start + sign.length, at);
    return { value: { text: value, quoted: false, comparison }, next: at, unclosed: false };
  }
  at += 1;
  while (at < text.length && text[at] !== '"') {
    if (text[at] === '\\' && at + 1 < text.length) at += 1;
    value += text.charAt(at);
    at += 1;
  }
  const unclosed = at >= text.length;
  return { value: { text: value, quoted: true, comparison }, next: unclosed ? at : at + 1, unclosed };
}

function faultOf(term: FilterTerm, fields: readonly FilterField[]): string | null {
  if (term.field === null) return null;
  const field = fields.find(({ name }) => name === term.field);
  if (!field) {
    const names = fields.map(({ name }) => name);
    return `There is no field “${term.field}”. There are ${oneOf(names, 'and')}. Put words that hold a colon in quotes.`;
  }
  if (term.values.length === 0) return `${field.name} needs a value: ${rightFor(field)}.`;
  for (const value of term.values) {
    const fault = valueFault(field, value);
    if (fault !== null) return fault;
  }
  return null;
}

function valueFault(field: FilterField, { text, quoted, comparison }: FilterValue): string | null {
  const wrong = `${field.name} cannot be “${text}”. Right is ${rightFor(field)}.`;
  const word = text.toLowerCase();
  if (text === '') return `${field.name} needs a value: ${rightFor(field)}.`;
  if (!quoted && comparison === '=' && field.empty === true && emptyWords.includes(word)) return null;
  switch (field.kind) {
    case 'text':
      return comparison === '=' && field.takes?.test(text) !== false ? null : wrong;
    case 'choice': {
      if (comparison !== '=') return wrong;
      return field.open === true || field.values?.some((one) => one.toLowerCase() === word) === true ? null : wrong;
    }
    case 'day':
      if (isDay(text)) return null;
      if (comparison === '=') return dayWords.some((one) => one === word) ? null : wrong;
      return relativeDay.test(word) || word === 'today' || word === 'tomorrow' || word === 'yesterday' ? null : wrong;
    case 'number':
      return /^-?\d+(\.\d+)?%?$/.test(text) ? null : wrong;
    case 'minutes':
      return minutesOf(word) === null ? wrong : null;
  }
}

/** Minutes that `90`, `90m`, `1h30` or `2h` mean. */
export function minutesOf(text: string): number | null {
  const parts = /^(?:(\d+(?:\.\d+)?)h)?(?:(\d+)m?)?$/.exec(text);
  if (!parts || text === '') return null;
  return Math.round(Number(parts[1] ?? 0) * 60) + Number(parts[2] ?? 0);
}

/** What may stand after a field, in words. */
function rightFor(field: FilterField): string {
  const empty = field.empty === true ? emptyWords : [];
  switch (field.kind) {
    case 'text':
      return oneOf([field.takes?.right ?? 'text to find', ...empty]);
    case 'choice':
      return oneOf([...(field.values ?? []).slice(0, 12).map(quoteValue), ...empty]);
    case 'day':
      return oneOf([...dayWords, '<7d', '>2026-01-31', ...empty]);
    case 'number':
      return oneOf(['a number', '<5', '>=5', ...empty]);
    case 'minutes':
      return oneOf(['a time like 30m', '<2h', ...empty]);
  }
}

function oneOf(names: readonly string[], joined = 'or'): string {
  if (names.length < 2) return names[0] ?? '';
  return `${names.slice(0, -1).join(', ')} ${joined} ${names.at(-1)}`;
}

const escaped = (text: string) => `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
/** A value as a filter writes it: in quotes where it would be read as something else. */
export function quoteValue(text: string): string {
  return text === '' || /[\s,"]|^[<>]/.test(text) || emptyWords.includes(text.toLowerCase()) ? escaped(text) : text;
}

const printValue = ({ text, quoted, comparison }: FilterValue) =>
  (comparison === '=' ? '' : comparison) + (quoted ? escaped(text) : text);

/** One term as text. */
export function printTerm({ field, negated, values }: Pick<FilterTerm, 'field' | 'negated' | 'values'>): string {
  const list = values.map(printValue).join(',');
  return `${negated ? '-' : ''}${field === null ? '' : `${field}:`}${list}`;
}

/** Terms as text that reads back as the same terms. */
export function printFilter(terms: readonly Pick<FilterTerm, 'field' | 'negated' | 'values'>[]): string {
  return terms.map(printTerm).join(' ');
}

/** The text with a field's term set to these values, or without one where there are none; all else in it stays as it was typed. */
export function withTerm(
  text: string,
  fields: readonly FilterField[],
  field: string,
  values: readonly string[],
  negated = false,
): string {
  const old = parseFilter(text, fields).terms.filter((term) => term.field === field && term.negated === negated);
  const print = values.length === 0 ? '' : `${negated ? '-' : ''}${field}:${values.join(',')}`;
  let out = text;
  for (const [index, term] of [...old.entries()].reverse()) {
    const kept = index === 0 ? print : '';
    const rest = out.slice(term.end);
    out = out.slice(0, term.start) + kept + (kept === '' ? rest.replace(/^\s+/, '') : rest);
  }
  if (old.length === 0 && print !== '') out = `${out.trimEnd()} ${print}`;
  return out.trim();
}

export interface Completion {
  /** What the options stand in for. */
  start: number;
  end: number;
  options: string[];
}

/** What could stand where the caret is: names of fields, or values of the field before it. */
export function completeFilter(text: string, caret: number, fields: readonly FilterField[]): Completion {
  const before = text.slice(0, caret);
  const inQuotes = (before.replaceAll(/\\./g, '').split('"').length - 1) % 2 === 1;
  const from = inQuotes ? before.lastIndexOf('"') : caret;
  const termStart = from - (/\S+$/.exec(before.slice(0, from))?.[0].length ?? 0);
  const term = before.slice(termStart);
  const [, sign = '', name, list = ''] = /^(-?)(?:([a-z_]+):)?(.*)$/is.exec(term) ?? [];
  if (name === undefined) {
    const options = fields.map((field) => `${field.name}:`).filter((one) => one.startsWith(list.toLowerCase()));
    return { start: termStart + sign.length, end: caret, options };
  }
  const field = fields.find((one) => one.name === name.toLowerCase());
  const typed = list.slice(list.lastIndexOf(',') + 1);
  if (!field) return { start: caret, end: caret, options: [] };
  const wanted = typed.replaceAll('"', '').toLowerCase();
  const used = new Set(list.toLowerCase().split(',').slice(0, -1));
  const words = field.kind === 'day' ? [...dayWords, '<7d', '>7d'] : (field.values ?? []).map(quoteValue);
  const options = [...words, ...(field.empty === true ? emptyWords : [])].filter(
    (one) => one.replaceAll('"', '').toLowerCase().startsWith(wanted) && !used.has(one.toLowerCase()),
  );
  return { start: caret - typed.length, end: caret, options };
}
