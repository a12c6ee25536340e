// Compiles the schemas of core: bodies as they are, scalars of addresses from their text; all faults, bounded, in plain words.
import { isUuid } from '@taylordash/core/envelope';
import type { FieldError } from '@taylordash/core/problems';
import { Ajv, type ErrorObject } from 'ajv';
import type { FastifySchemaCompiler } from 'fastify';
import type { TSchema } from 'typebox';

const shared = {
  allErrors: true,
  removeAdditional: false,
  useDefaults: true,
  strict: false,
  unicodeRegExp: true,
} as const;
const mostErrors = 20;

function ajvWith(coerceTypes: boolean): Ajv {
  return new Ajv({ ...shared, coerceTypes, formats: { uuid: isUuid, 'date-time': isMoment, date: isDay } });
}

const momentPattern =
  /^(\d{4}-\d\d-\d\d)[Tt]([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?([Zz]|[+-](0\d|1[0-5]):?[0-5]\d)$/;

/** A day of the years 1 to 9999: what PostgreSQL keeps and writes in this same form. */
function isDay(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text) || text.startsWith('0000')) return false;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

const firstMoment = Date.parse('0001-01-01T00:00:00Z');
const endOfMoments = Date.parse('+010000-01-01T00:00:00Z');

/** An instant whose year in UTC is 1 to 9999 too, whatever its offset. */
function isMoment(text: string): boolean {
  const day = momentPattern.exec(text)?.[1];
  if (day === undefined || !isDay(day)) return false;
  const time = Date.parse(text.toUpperCase().replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));
  return time >= firstMoment && time < endOfMoments;
}

/** A compiler for Fastify: one Ajv for bodies, one that coerces for everything that arrives as text. */
export function requestValidators(): FastifySchemaCompiler<object> {
  const bodies = ajvWith(false);
  const texts = ajvWith(true);
  return ({ schema, httpPart }) => {
    if (httpPart === 'body') return bodies.compile(schema);
    const check = texts.compile(schema);
    return (data: unknown) => {
      const errors = [...(check(data) ? [] : (check.errors ?? [])), ...nulCharacters(data)];
      return errors.length === 0 ? { value: data } : { error: new BadTexts(errors) };
    };
  };
}

/** Fastify takes an Error; the error handler looks for its `validation`. */
class BadTexts extends Error {
  readonly validation: readonly Partial<ErrorObject>[];
  constructor(validation: readonly Partial<ErrorObject>[]) {
    super('wrong values in the address');
    this.validation = validation;
  }
}

/** An address can say NUL as %00; bodies are refused for it while they are parsed. */
function nulCharacters(data: unknown): Partial<ErrorObject>[] {
  return Object.entries(typeof data === 'object' && data !== null ? data : {})
    .filter(([, value]) => typeof value === 'string' && value.includes('\0'))
    .map(([name]) => ({
      ...{ keyword: 'nul', instancePath: `/${name}`, schemaPath: '', params: {} },
      message: 'must not have a NUL character in it',
    }));
}

const places: Record<string, string> = { body: '', querystring: '#/query', params: '#/params', headers: '#/headers' };

/** Ajv's findings as field errors: where, and what would be right. */
export function fieldErrors(errors: readonly ErrorObject[], part: string): FieldError[] {
  const out: FieldError[] = [];
  for (const error of errors) {
    if (error.keyword === 'if' || out.length >= mostErrors) continue;
    const pointer = `${places[part] ?? ''}${error.instancePath}${ownStep(error)}`;
    const detail = describe(error);
    if (!out.some((known) => known.pointer === pointer && known.detail === detail)) out.push({ pointer, detail });
  }
  return out;
}

/** Ajv names the object that lacks or has too much; the pointer should name the field. */
function ownStep(error: ErrorObject): string {
  const field: unknown = error.params.missingProperty ?? error.params.additionalProperty;
  return typeof field === 'string' ? `/${field.replaceAll('~', '~0').replaceAll('/', '~1').slice(0, 200)}` : '';
}

function describe(error: ErrorObject): string {
  const params: Record<string, unknown> = error.params;
  switch (error.keyword) {
    case 'additionalProperties':
      return 'is not a field that is taken here';
    case 'required':
      return 'is missing';
    case 'enum':
      return `must be one of ${list(params.allowedValues)}`;
    case 'const':
      return `must be ${JSON.stringify(params.allowedValue)}`;
    case 'type':
      return `must be ${Array.isArray(params.type) ? params.type.join(' or ') : String(params.type)}`;
    case 'minLength':
      return params.limit === 1 ? 'must not be empty' : `must have at least ${params.limit} characters`;
    case 'maxLength':
      return `must have at most ${params.limit} characters`;
    case 'minimum':
      return `must be ${params.limit} or more`;
    case 'maximum':
      return `must be ${params.limit} or less`;
    case 'minItems':
      return `must have at least ${params.limit} items`;
    case 'maxItems':
      return `must have at most ${params.limit} items`;
    case 'minProperties':
      return 'must name at least one field';
    case 'uniqueItems':
      return 'must not have the same item twice';
    case 'pattern':
      return params.pattern === '\\S' ? 'must not be blank' : `must match ${params.pattern}`;
    case 'format':
      return formats[String(params.format)] ?? `must be a ${params.format}`;
    default:
      return error.message ?? 'is wrong';
  }
}

const formats: Record<string, string> = {
  uuid: 'must be a UUID',
  'date-time': 'must be a time with a zone, such as 2026-01-15T10:30:00Z',
  date: 'must be a day, such as 2026-01-15',
};

function list(values: unknown): string {
  return Array.isArray(values) ? values.map((value) => JSON.stringify(value)).join(', ') : String(values);
}

/** A check of values against a schema, for what the endpoint's own schema leaves open. Compiled when first used. */
export function checker(schema: TSchema): (value: unknown) => FieldError[] {
  let compiled: ReturnType<Ajv['compile']> | null = null;
  return (value) => {
    compiled ??= ajvWith(false).compile(schema);
    return compiled(value) ? [] : fieldErrors(compiled.errors ?? [], 'body');
  };
}
