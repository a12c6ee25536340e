// Strict JSON: what JSON.parse lets through and PostgreSQL's jsonb, or a careful reader, does not. Says where and why.

export type JsonFault =
  | 'syntax'
  | 'duplicate_key'
  | 'too_deep'
  | 'nul_character'
  | 'lone_surrogate'
  | 'number_out_of_range'
  | 'reserved_key';

export type JsonResult =
  | { ok: true; value: unknown }
  | { ok: false; fault: JsonFault; pointer: string; offset: number; detail: string };

class Fault extends Error {
  readonly fault: JsonFault;
  readonly offset: number;
  readonly path: readonly (string | number)[];
  constructor(fault: JsonFault, offset: number, path: readonly (string | number)[], detail: string) {
    super(detail);
    this.fault = fault;
    this.offset = offset;
    this.path = path;
  }
}

/** `['a', 0, 'b/c']` as `/a/0/b~1c` (RFC 6901). */
export function jsonPointer(path: readonly (string | number)[]): string {
  return path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

export interface StrictJsonOptions {
  /** Deepest nesting of arrays and objects taken. */
  max_depth?: number;
  /** Refuse the key `__proto__`; for bodies whose objects are merged later. */
  refuse_proto?: boolean;
}

/**
 * Parses JSON text, refusing duplicate keys, depth beyond `max_depth` (64), NUL characters, lone surrogates and numbers that
 * overflow. The grammar is left to JSON.parse; one scan over the tokens finds the rest.
 */
export function parseStrictJson(text: string, options: StrictJsonOptions = {}): JsonResult {
  const { max_depth = 64, refuse_proto = false } = options;
  try {
    // Most texts: all there is to find out is found out from the value.
    if (isPlain(text) && !(refuse_proto && text.includes('__proto__'))) {
      const value: unknown = JSON.parse(text);
      const strings = { left: stringsOf(text) };
      if (isStrict(value, max_depth, strings) && strings.left === 0) return { ok: true, value };
    }
    scan(text, max_depth, refuse_proto);
    return { ok: true, value: JSON.parse(text) };
  } catch (error) {
    if (error instanceof Fault) {
      const { fault, offset, path, message } = error;
      // Text that is no JSON has no numbers: a UUID with 3e87718 in it is not one that is too large.
      const wrong = fault === 'number_out_of_range' ? syntaxFault(text) : null;
      if (wrong !== null) return wrong;
      return { ok: false, fault, offset, pointer: jsonPointer(path), detail: message };
    }
    return syntaxResult(error);
  }
}

function syntaxFault(text: string): JsonResult | null {
  try {
    JSON.parse(text);
    return null;
  } catch (error) {
    return syntaxResult(error);
  }
}

function syntaxResult(error: unknown): JsonResult {
  return { ok: false, fault: 'syntax', pointer: '', offset: 0, detail: syntaxDetail(error) };
}

/** JSON.parse quotes the text it failed on; keep the reason, drop the quote. */
function syntaxDetail(error: unknown): string {
  const message = error instanceof Error ? error.message : 'is not JSON';
  return message.replace(/, (\.\.\.)?".*"(\.\.\.)? is not valid JSON$/s, '').slice(0, 200);
}

/** No escape, no lone surrogate and no room for a number that is too long: its strings are what stands between quotes. */
function isPlain(text: string): boolean {
  return text.length <= 1000 && !text.includes('\\') && text.isWellFormed() && !/[\d.eE+-]{300}/.test(text);
}

function stringsOf(text: string): number {
  let quotes = 0;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) quotes++;
  return quotes / 2;
}

/** No depth beyond `depth` and no infinite number; takes its keys and texts off `strings`, of which a key that came twice leaves some. */
function isStrict(value: unknown, depth: number, strings: { left: number }): boolean {
  if (typeof value === 'string') {
    strings.left--;
    return true;
  }
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || value === null) return true;
  if (depth === 0) return false;
  if (Array.isArray(value)) return value.every((item) => isStrict(item, depth - 1, strings));
  for (const key in value) {
    strings.left--;
    if (!isStrict((value as Record<string, unknown>)[key], depth - 1, strings)) return false;
  }
  return true;
}

type Frame = { keys: Set<string> | null; step: string | number };

/** One pass over the tokens. Wrong grammar is passed over: JSON.parse, which runs after it, reports that. */
function scan(text: string, maxDepth: number, refuseProto: boolean): void {
  const stack: Frame[] = [];
  const fail = (fault: JsonFault, offset: number, detail: string): never => {
    throw new Fault(
      fault,
      offset,
      stack.map((frame) => frame.step).filter((step) => step !== ''),
      detail,
    );
  };
  let expectKey = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x7b || code === 0x5b) {
      if (stack.length >= maxDepth) fail('too_deep', at, `is nested deeper than ${maxDepth} levels`);
      expectKey = code === 0x7b;
      stack.push({ keys: expectKey ? new Set() : null, step: expectKey ? '' : 0 });
    } else if (code === 0x7d || code === 0x5d) {
      stack.pop();
      expectKey = false;
    } else if (code === 0x2c) {
      const top = stack.at(-1);
      if (top?.keys) expectKey = true;
      else if (top && typeof top.step === 'number') top.step++;
    } else if (code === 0x22) {
      const start = at;
      at = endOfString(text, at);
      const plain = checkString(text, start, at, fail);
      const top = stack.at(-1);
      if (expectKey && top?.keys) {
        expectKey = false;
        const key = plain ?? parseKey(text.slice(start, at + 1));
        top.step = key;
        if (top.keys.has(key)) fail('duplicate_key', start, `has the key ${JSON.stringify(key.slice(0, 100))} twice`);
        if (refuseProto && key === '__proto__') fail('reserved_key', start, 'the key "__proto__" is not taken');
        top.keys.add(key);
      }
    } else if (code === 0x2d || (code >= 0x30 && code <= 0x39)) {
      const start = at;
      while (isOfNumber(text.charCodeAt(at + 1))) at++;
      const value = Number(text.slice(start, at + 1));
      // Not a number at all, like a lone minus, is wrong grammar.
      if (!Number.isNaN(value) && (at - start > 300 || !Number.isFinite(value))) {
        fail('number_out_of_range', start, 'is a number beyond what can be kept');
      }
    }
  }
}

/** One of 0–9 . e E + - */
function isOfNumber(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || (code | 0x20) === 0x65 || code === 0x2e || code === 0x2b || code === 0x2d;
}

/** Index of the closing quote, or the end of the text where it is missing. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; ; at++) {
    at = text.indexOf('"', at);
    if (at < 0) return text.length;
    let backslashes = 0;
    while (text.charCodeAt(at - 1 - backslashes) === 0x5c) backslashes++;
    if (backslashes % 2 === 0) return at;
  }
}

/** Refuses NUL and lone surrogates; returns the string where no escape has to be undone to know it, else null. */
function checkString(
  text: string,
  start: number,
  end: number,
  fail: (fault: JsonFault, offset: number, detail: string) => never,
): string | null {
  const raw = text.slice(start + 1, end);
  if (!raw.includes('\\')) {
    if (!raw.isWellFormed()) fail('lone_surrogate', start, 'has half of a surrogate pair');
    return raw;
  }
  if (!raw.includes('\\u') && raw.isWellFormed()) return null;
  const value = parseKey(`"${raw}"`);
  if (value.includes('\0')) fail('nul_character', start, 'has a NUL character');
  if (!value.isWellFormed()) fail('lone_surrogate', start, 'has half of a surrogate pair');
  return value;
}

function parseKey(quoted: string): string {
  const value: unknown = JSON.parse(quoted);
  return typeof value === 'string' ? value : '';
}

/** An object, and neither null nor an array. */
export function isJsonObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Do two JSON values say the same? The order of keys does not count. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const left = new Map<string, unknown>(Object.entries(a));
  const right = new Map<string, unknown>(Object.entries(b));
  return (
    left.size === right.size && [...left].every(([key, value]) => right.has(key) && sameJson(value, right.get(key)))
  );
}

/** A JSON pointer as people say it, `payload.list[0]`; of a request's parts, `#/query/filter`, the last. The whole is called `whole`. */
export function placeInWords(pointer: string, whole: string): string {
  const steps = pointer
    .replace(/^#\/(query|path|headers)(?=\/)|^#/, '')
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  if (steps.length === 0) return whole;
  return steps
    .map((step, index) => (/^\d+$/.test(step) && index > 0 ? `[${step}]` : `.${step}`))
    .join('')
    .slice(1);
}
