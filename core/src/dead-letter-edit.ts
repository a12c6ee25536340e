// How a dead letter is edited before it is replayed: a list of steps over its JSON, with templates in values. Pure: the page shows samples by it.
import type { Edit, EditStep } from './dead-letter-entities.ts';

/** What an edit starts from. */
export interface Editable {
  topic: string;
  /** The message as text; of bytes that are no UTF-8, what they most likely say. */
  text: string;
  /** When it first failed, ISO 8601. */
  received_at: string;
  client_id: string | null;
}

export type Edited =
  | { ok: true; text: string }
  | { ok: false; reason_code: 'not_json' | 'edit_failed' | 'too_large'; reason: string };

/** Letters that templates may write into one message, in all: more is no message that would be taken. */
const mostFilled = 1024 * 1024;

class TooMuch extends Error {}

/** What `{{…}}` may name, beside `topic.1` and on: the levels of the topic. */
const templateNames: readonly string[] = ['uuid', 'received_at', 'client_id', 'text', 'number'];
const template = /\{\{\s*([a-z_]+(?:\.\d{1,3})?)\s*\}\}/g;

/** `/payload/a~1b` or `payload.list.0` as steps. */
export function pathSteps(text: string): string[] {
  if (!text.startsWith('/')) return text.split('.');
  return text
    .slice(1)
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** What is wrong with an edit beyond its schema: the step, its field, and what would be right; null where nothing is. */
export function editFault(steps: Edit): { step: number; field: string; detail: string } | null {
  for (const [step, one] of steps.entries()) {
    const paths: [string, string][] =
      one.op === 'wrap'
        ? [['into', one.into]]
        : one.op === 'rename'
          ? [
              ['path', one.path],
              ['to', one.to],
            ]
          : [['path', one.path]];
    for (const [field, text] of paths) {
      const levels = pathSteps(text);
      if (levels.includes('__proto__')) return { step, field, detail: 'must not name __proto__' };
      if (levels.some((level) => level === '')) return { step, field, detail: 'must be a path such as payload.value' };
    }
    const unknown = one.op === 'set' ? unknownTemplate(one.value) : null;
    if (unknown !== null) {
      return {
        step,
        field: 'value',
        detail: `has ${unknown}; there are uuid, received_at, client_id, text, number, topic.1`,
      };
    }
  }
  return null;
}

function unknownTemplate(value: unknown): string | null {
  if (typeof value === 'string') {
    for (const [whole, name = ''] of value.matchAll(/\{\{([^{}]*)\}\}/g)) {
      const plain = name.trim();
      if (!/^topic\.[1-9]\d{0,2}$/.test(plain) && !templateNames.includes(plain)) return whole;
    }
    return null;
  }
  if (typeof value !== 'object' || value === null) return null;
  return (
    Object.values(value)
      .map(unknownTemplate)
      .find((one) => one !== null) ?? null
  );
}

/**
 * The message after the steps, as JSON text. `uuid` gives the n-th `{{uuid}}` of this letter: the same for the same n. A field
 * to rename or remove that is not there is no fault: the letters of a group differ.
 */
export function applyEdit(letter: Editable, steps: Edit, uuid: (n: number) => string): Edited {
  const { text } = letter;
  let uuids = 0;
  let left = mostFilled;
  const values = (name: string): string | number | null => {
    const value = meant(name);
    left -= String(value).length;
    if (left < 0) throw new TooMuch();
    return value;
  };
  // Looked for once: a long text without one is searched to its end.
  let number: number | undefined;
  const meant = (name: string): string | number | null => {
    if (name === 'uuid') return uuid(uuids++);
    if (name === 'received_at') return letter.received_at;
    if (name === 'client_id') return letter.client_id ?? '';
    if (name === 'text') return text;
    if (name === 'number') {
      number ??= numberIn(text);
      return Number.isNaN(number) ? null : number;
    }
    return letter.topic.split('/')[Number(name.slice('topic.'.length)) - 1] ?? '';
  };
  const parsed = parse(text);
  let root: unknown = parsed?.value;
  let readable = parsed !== null;
  for (const [index, step] of steps.entries()) {
    if (step.op === 'wrap') {
      const content = readable ? root : text;
      root = {
        ...{ trace_id: uuid(uuids++), ts: letter.received_at, kind: step.kind, idempotency_key: uuid(uuids++) },
        payload: { [step.into]: content },
      };
      readable = true;
      continue;
    }
    if (!readable) {
      return {
        ok: false,
        reason_code: 'not_json',
        reason: `Step ${index + 1}: the message is not JSON. Wrap it first.`,
      };
    }
    let fault: string | null;
    try {
      fault = applyStep(step, root, values);
    } catch (error) {
      if (!(error instanceof TooMuch)) throw error;
      const reason = `Step ${index + 1}: its templates make the message too large.`;
      return { ok: false, reason_code: 'too_large', reason };
    }
    if (fault !== null) return { ok: false, reason_code: 'edit_failed', reason: `Step ${index + 1}: ${fault}` };
  }
  return { ok: true, text: readable ? JSON.stringify(root) : text };
}

/** The first number in the text, or NaN. */
function numberIn(text: string): number {
  return Number(/-?\d+(\.\d+)?/.exec(text)?.[0] ?? Number.NaN);
}

function parse(text: string): { value: unknown } | null {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return null;
  }
}

type Step = Exclude<EditStep, { op: 'wrap' }>;

/** Changes the tree in place; returns what stood in the way. */
function applyStep(step: Step, root: unknown, values: (name: string) => string | number | null): string | null {
  const levels = pathSteps(step.path);
  if (step.op === 'set') return put(root, levels, fill(step.value, values));
  const taken = take(root, levels);
  if (step.op === 'remove' || taken === null) return null;
  return put(root, pathSteps(step.to), taken.value);
}

/** A value with its templates filled in; a text that is nothing but `{{number}}` becomes a number. */
function fill(value: unknown, values: (name: string) => string | number | null): unknown {
  if (typeof value === 'string') {
    if (/^\{\{\s*number\s*\}\}$/.test(value)) return values('number');
    return value.replace(template, (_whole, name: string) => String(values(name) ?? ''));
  }
  if (Array.isArray(value)) return value.map((item) => fill(item, values));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fill(item, values)]));
}

type Box = Record<string, unknown> | unknown[];

function isBox(value: unknown): value is Box {
  return typeof value === 'object' && value !== null;
}

function read(box: Box, key: string): unknown {
  return Object.hasOwn(box, key) ? Reflect.get(box, key) : undefined;
}

function put(root: unknown, levels: readonly string[], value: unknown): string | null {
  let box: unknown = root;
  for (const [index, level] of levels.entries()) {
    if (!isBox(box)) return `${levels.slice(0, index).join('.') || 'the message'} is no object.`;
    if (Array.isArray(box) && !(/^\d{1,6}$/.test(level) && Number(level) <= box.length)) {
      return `${levels.slice(0, index).join('.') || 'the message'} is a list, which has no place ${level}.`;
    }
    if (index === levels.length - 1) {
      Reflect.set(box, level, value);
      return null;
    }
    const next = read(box, level);
    if (next === undefined) Reflect.set(box, level, {});
    box = read(box, level);
  }
  return null;
}

/** Takes a field out of the tree; null where there is none. */
function take(root: unknown, levels: readonly string[]): { value: unknown } | null {
  let box: unknown = root;
  for (const [index, level] of levels.entries()) {
    if (!isBox(box) || !Object.hasOwn(box, level)) return null;
    const value = read(box, level);
    if (index === levels.length - 1) {
      if (!Array.isArray(box)) Reflect.deleteProperty(box, level);
      else if (/^\d+$/.test(level)) box.splice(Number(level), 1);
      else return null;
      return { value };
    }
    box = value;
  }
  return null;
}
