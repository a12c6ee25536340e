// Wrong values made from a schema: one valid object in, many objects out that each break it in one place.

export interface Mutation {
  /** Where the fault is. */
  pointer: string;
  value: Record<string, unknown>;
  why: string;
}

/** The parts of a JSON schema that are looked at. */
interface Schema {
  type?: string | readonly string[];
  format?: string;
  pattern?: string;
  enum?: readonly unknown[];
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  minItems?: number;
  maxItems?: number;
  uniqueItems?: boolean;
  properties?: Record<string, Schema>;
  required?: readonly string[];
  additionalProperties?: boolean;
  anyOf?: readonly Schema[];
}

/** `texts`: everything arrives as text (paths and queries), so that a number written out is no wrong type. */
export function mutationsOf(schema: Schema, valid: Record<string, unknown>, texts: boolean): Mutation[] {
  const out: Mutation[] = [];
  for (const [field, of] of Object.entries(schema.properties ?? {})) {
    const pointer = `/${field}`;
    for (const [wrong, why] of wrongValues(of, texts)) {
      out.push({ pointer, value: { ...valid, [field]: wrong }, why: `${field}: ${why}` });
    }
    const nested = valid[field];
    if (!texts && of.properties && typeof nested === 'object' && nested !== null && !Array.isArray(nested)) {
      for (const inner of mutationsOf(of, { ...nested }, texts)) {
        out.push({ pointer: pointer + inner.pointer, value: { ...valid, [field]: inner.value }, why: inner.why });
      }
    }
    if (!texts && (schema.required ?? []).includes(field)) {
      const { [field]: _left, ...rest } = valid;
      out.push({ pointer, value: rest, why: `${field}: missing` });
    }
  }
  if (schema.additionalProperties === false && !texts) {
    for (const field of ['nonsense', 'a/b~c', 'constructor', 'toString', 'hasOwnProperty']) {
      const pointer = `/${field.replaceAll('~', '~0').replaceAll('/', '~1')}`;
      out.push({ pointer, value: { ...valid, [field]: 1 }, why: `${field}: unknown` });
    }
  }
  return out;
}

function* wrongValues(schema: Schema, texts: boolean): Generator<[unknown, string]> {
  const types = typeof schema.type === 'string' ? [schema.type] : (schema.type ?? []);
  const typed = types.length > 0 || schema.enum !== undefined;
  const strings = types.includes('string') || (schema.enum ?? []).some((value) => typeof value === 'string');
  if (typed && !texts) {
    if (!strings) yield ['text', 'text'];
    if (!types.includes('number') && !types.includes('integer')) yield [7, 'a number'];
    if (!types.includes('boolean')) yield [true, 'a boolean'];
    if (!types.includes('array')) yield [[], 'a list'];
    if (!types.includes('object')) yield [{}, 'an object'];
    if (!types.includes('null') && !(schema.enum ?? []).includes(null)) yield [null, 'null'];
    if (types.includes('integer')) yield [1.5, 'a fraction'];
  }
  if (schema.enum) yield ['no such thing', 'not in the list'];
  if (schema.minLength) yield ['', 'empty'];
  if (schema.maxLength !== undefined) yield ['x'.repeat(schema.maxLength + 1), 'too long'];
  if (schema.pattern === '\\S') yield [' \t ', 'blank'];
  else if (schema.pattern !== undefined) yield ['~ no match é', 'does not match'];
  const low = schema.minimum;
  const high = schema.maximum;
  if (low !== undefined) for (const value of [low - 1, -1e15]) yield [texts ? String(value) : value, `${value}`];
  if (high !== undefined) for (const value of [high + 1, 1e300]) yield [texts ? String(value) : value, `${value}`];
  if (texts && (types.includes('integer') || types.includes('boolean'))) {
    for (const value of ['', 'abc', '1.5', 'NaN', 'null']) yield [value, value];
  }
  if (schema.minItems) yield [[], 'an empty list'];
  if (schema.maxItems !== undefined && schema.maxItems <= 7) yield [Array(schema.maxItems + 1).fill(1), 'a long list'];
  const formats = schema.format === undefined ? (schema.anyOf ?? []).map(({ format }) => format) : [schema.format];
  if (formats.includes('uuid')) {
    yield ['x', 'no UUID'];
    yield ['urn:uuid:00000000-0000-4000-8000-000000000000', 'a UUID with a prefix'];
    yield ['00000000-0000-4000-8000-00000000000', 'a short UUID'];
    yield ['{00000000-0000-4000-8000-000000000000}', 'a UUID in braces'];
  }
  if (formats.includes('date') || formats.includes('date-time')) {
    for (const text of ['0000-01-01', '2026-02-30', '99999-01-01', 'infinity', 'now', '2026-13-01', '2026-1-1']) {
      yield [text, text];
      yield [`${text}T00:00:00Z`, `${text} as a moment`];
    }
  }
}
