// The expected kind of error: a code of core's list, with what is particular to this case.
import { placeInWords } from '@taylordash/core/json';
import { type FieldError, type ProblemCode, problems } from '@taylordash/core/problems';

export interface ProblemDetails {
  /** One sentence for the person who caused it: what is wrong and what would be right. */
  detail?: string;
  errors?: readonly FieldError[];
  /** Fields of their own that this code carries. */
  extensions?: Readonly<Record<string, unknown>>;
  /** Seconds after which another try makes sense. */
  retry_after?: number;
}

/** Thrown by services; one renderer turns it into `application/problem+json`. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ProblemCode;
  readonly details: ProblemDetails;
  constructor(code: ProblemCode, details: ProblemDetails = {}) {
    super(details.detail ?? problems[code][1]);
    this.code = code;
    this.details = details;
  }

  get status(): number {
    return problems[this.code][0];
  }
}

/** What is wrong with a field, in words: where it is, and the detail. */
export function sayFault({ pointer, detail }: FieldError, whole = 'The body'): string {
  return `${placeInWords(pointer, whole)} ${detail}`;
}

/** The first of them as a sentence, with how many more there are. */
export function sayFaults(errors: readonly FieldError[]): string {
  const [first] = errors;
  if (!first) return 'The request has wrong values.';
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  return `${sayFault(first)}${more}.`;
}

/** A wrong value in the body: names the field and what would be right. */
export function invalidField(pointer: string, detail: string): Problem {
  const fault = { pointer, detail };
  return new Problem('request.invalid', { detail: sayFault(fault), errors: [fault] });
}
