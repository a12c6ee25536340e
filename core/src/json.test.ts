// Strict JSON: agrees with JSON.parse on all it takes, and finds what is planted, at its place.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonPointer, parseStrictJson, placeInWords } from './json.ts';

/** Values whose text the strict parser must take. */
const clean = fc.jsonValue({ maxDepth: 6 }).filter((value) => {
  const text = JSON.stringify(value);
  return !text.includes('\\u0000') && JSON.parse(text) !== undefined;
});
const key = fc.string({ minLength: 1, maxLength: 8 }).filter((text) => !text.includes('\0') && text.isWellFormed());
const spaces = fc.constantFrom('', ' ', '\n\t', '  ');

/** JSON.stringify with white space wherever it may stand. */
function spaced(value: unknown, space: string): string {
  if (Array.isArray(value))
    return `[${space}${value.map((item) => spaced(item, space)).join(`${space},${space}`)}${space}]`;
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value).map(
      ([name, item]) => `${JSON.stringify(name)}${space}:${space}${spaced(item, space)}`,
    );
    return `{${space}${fields.join(`${space},${space}`)}${space}}`;
  }
  return JSON.stringify(value);
}

/** Puts `text` below the path `steps`, beside harmless fields and items. */
function buried(steps: readonly (string | number)[], text: string): string {
  return steps.reduceRight<string>(
    (inner, step) =>
      typeof step === 'number'
        ? `[${'"x",'.repeat(step)}${inner},{"z":[1,2]}]`
        : `{"\\u0001before":["a",{"b":1}],${JSON.stringify(step)}:${inner},"\\u0001after":-1.5e3}`,
    text,
  );
}
const paths = fc.array(fc.oneof(key, fc.integer({ min: 0, max: 3 })), { maxLength: 6 });

describe('parseStrictJson', () => {
  it('gives what JSON.parse gives', () => {
    fc.assert(
      fc.property(clean, spaces, (value, space) => {
        const text = `${space}${spaced(value, space)}${space}`;
        expect(parseStrictJson(text)).toEqual({ ok: true, value: JSON.parse(text) });
      }),
      { numRuns: 1000 },
    );
  });

  it('never takes what JSON.parse refuses, and never throws', () => {
    const broken = fc
      .tuple(
        clean,
        fc.nat(),
        fc.constantFrom('', '"', '\\', '{', '}', '[', ']', ',', ':', '0', '-', 'e', '\u0001', 'nul'),
      )
      .map(([value, at, piece]) => {
        const text = JSON.stringify(value);
        const place = at % (text.length + 1);
        return text.slice(0, place) + piece + text.slice(place + 1);
      });
    fc.assert(
      fc.property(fc.oneof(broken, fc.string()), (text) => {
        let valid = true;
        try {
          JSON.parse(text);
        } catch {
          valid = false;
        }
        const result = parseStrictJson(text);
        if (!valid) expect(result.ok).toBe(false);
        if (result.ok) expect(result.value).toEqual(JSON.parse(text));
      }),
      { numRuns: 3000 },
    );
  });

  it('finds a planted fault and names its place', () => {
    const faults = [
      ['nul_character', '"a\\u0000b"'],
      ['lone_surrogate', '"\\ud800"'],
      ['lone_surrogate', '"\\udc00\\ud800"'],
      ['number_out_of_range', '1e999'],
      ['number_out_of_range', '-1e400'],
    ] as const;
    fc.assert(
      fc.property(paths, fc.constantFrom(...faults), (steps, [fault, text]) => {
        const result = parseStrictJson(buried(steps, text));
        expect(result).toMatchObject({ ok: false, fault, pointer: jsonPointer(steps) });
      }),
      { numRuns: 1000 },
    );
  });

  it('finds the same in a text that is looked at as a whole and in one that is gone through sign by sign', () => {
    const faulty = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom('"a"', '""', '"b:c"', '1', '-2.5', '1e999', 'null', 'true', '{}', '[]'),
        fc.array(tie('value'), { maxLength: 3 }).map((items) => `[${items.join(',')}]`),
        fc
          .array(fc.tuple(fc.constantFrom('a', 'b', 'c', '1', '__proto__'), tie('value')), { maxLength: 3 })
          .map((fields) => `{${fields.map(([name, value]) => `"${name}":${value}`).join(',')}}`),
      ),
    })).value as fc.Arbitrary<string>;
    const faults = new Set<string>();
    fc.assert(
      fc.property(faulty, fc.boolean(), (text, refuse_proto) => {
        const result = parseStrictJson(text, { max_depth: 3, refuse_proto });
        expect(result).toEqual(parseStrictJson(text + ' '.repeat(1000), { max_depth: 3, refuse_proto }));
        faults.add(result.ok ? 'none' : result.fault);
      }),
      { numRuns: 2000 },
    );
    expect([...faults].sort()).toEqual(['duplicate_key', 'none', 'number_out_of_range', 'reserved_key', 'too_deep']);
  });

  it('calls text that is no JSON wrong grammar, whatever looks like a number in it', () => {
    for (const text of ['# A title\n\nself-hosted', '- item', '[1-2]', `[${'-'.repeat(400)}]`]) {
      expect(parseStrictJson(text)).toMatchObject({ ok: false, fault: 'syntax' });
    }
    expect(parseStrictJson('temp=b27a6fd1-8443-4366-bbce-3e87718bcb58')).toMatchObject({ fault: 'syntax' });
  });

  it('says what is wrong without quoting the text', () => {
    const long = ' and more of it'.repeat(9);
    for (const text of ['# secret', `# secret${long}`, `{"a": secret${long}}`, `{"a": 1,${long} secret ${long}}`]) {
      const result = parseStrictJson(text);
      expect(result).toMatchObject({ ok: false, fault: 'syntax' });
      expect(result.ok ? '' : result.detail).not.toMatch(/secret|not valid/);
    }
  });

  it('finds a key that stands twice, however it is written', () => {
    fc.assert(
      fc.property(paths, key, fc.boolean(), (steps, name, escaped) => {
        const first = JSON.stringify(name);
        const unit = name.charCodeAt(0).toString(16).padStart(4, '0');
        const second = escaped ? `"\\u${unit}${JSON.stringify(name.slice(1)).slice(1)}` : first;
        // Cutting a pair in two would make other text of it.
        fc.pre(!escaped || name.slice(1).isWellFormed());
        const result = parseStrictJson(buried(steps, `{${first}:1,"${name.length}-other":{},${second}:2}`));
        expect(result).toMatchObject({ ok: false, fault: 'duplicate_key', pointer: jsonPointer([...steps, name]) });
      }),
      { numRuns: 1000 },
    );
  });

  it('takes depth up to the limit and not one level more', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
    for (const limit of [1, 5, 64]) {
      expect(parseStrictJson(nested(limit), { max_depth: limit }).ok).toBe(true);
      expect(parseStrictJson(nested(limit + 1), { max_depth: limit })).toMatchObject({ ok: false, fault: 'too_deep' });
    }
    // A hundred thousand levels must not exhaust the stack.
    expect(parseStrictJson('['.repeat(100_000))).toMatchObject({ ok: false, fault: 'too_deep' });
    expect(parseStrictJson('{"a":'.repeat(100_000))).toMatchObject({ ok: false, fault: 'too_deep' });
  });

  it('takes the same key in different objects, and brackets, commas and quotes within strings', () => {
    expect(parseStrictJson('[{"a":1},{"a":2},{"b":{"a":"],{\\"a\\":1"}}]').ok).toBe(true);
  });
});

it.each([
  ['', 'The body'],
  ['/payload/value', 'payload.value'],
  ['/values/0/name', 'values[0].name'],
  ['/a~1b/0', 'a/b[0]'],
  ['/0', '0'],
  ['#/query/filter', 'filter'],
  ['#/headers/if-match', 'if-match'],
])('says %j in words', (pointer, words) => {
  expect(placeInWords(pointer, 'The body')).toBe(words);
});
