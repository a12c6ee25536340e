// Bindings: what the value of a signal drives. Reading a value, a progress from a range, a status that is held: pure rules.
import type { BindingTarget } from './device-entities.ts';

/** What a target lacks or has too much of: where, and what would be right. Null where it is whole. */
export function targetFault(target: BindingTarget): { pointer: string; detail: string } | null {
  const needs = {
    metric: ['service', 'metric'],
    progress: ['component_id', 'from', 'to'],
    status: ['component_id', 'map'],
  } as const;
  const takes = { metric: ['unit'], progress: ['step'], status: ['hold'] } as const;
  const { kind } = target;
  const missing = needs[kind].find((field) => target[field] === undefined);
  if (missing) return { pointer: `/${missing}`, detail: `is needed for ${kind}` };
  const known: readonly string[] = ['kind', ...needs[kind], ...takes[kind]];
  const extra = Object.keys(target).find((field) => !known.includes(field));
  if (extra !== undefined) return { pointer: `/${extra}`, detail: `is not for ${kind}` };
  if (kind === 'progress' && target.from === target.to) {
    return { pointer: '/to', detail: 'must differ from what 0 % is' };
  }
  const values = Object.keys(target.map ?? {}).length;
  if (kind === 'status' && (values === 0 || values > 50)) {
    return { pointer: '/map', detail: 'must name 1 to 50 values' };
  }
  return null;
}

/** `a.b[0]` as its steps; null where it is none. Empty: no step. */
export function pathSteps(path: string): readonly (string | number)[] | null {
  if (path === '') return [];
  const steps: (string | number)[] = [];
  const step = /(?:^|\.)([^.[\]]+)|\[(\d{1,6})\]/gy;
  let at = 0;
  for (let match = step.exec(path); match !== null; match = step.exec(path)) {
    steps.push(match[1] ?? Number(match[2]));
    at = step.lastIndex;
  }
  return at === path.length ? steps : null;
}

export type Scalar = string | number | boolean;
export type ValueRead = { ok: true; value: Scalar } | { ok: false; reason: string };

const unread = (reason: string): ValueRead => ({ ok: false, reason });

/** The value of a message. Without a path it is the message itself, JSON or plain text; `21.5` is a number. */
export function readValue(text: string, path: string): ValueRead {
  const steps = pathSteps(path);
  if (steps === null) return unread(`“${path}” is no path such as state.temperature or values[0]`);
  const parsed = parse(text);
  if (steps.length === 0) {
    if (parsed === undefined)
      return text.trim() === '' ? unread('the message is empty') : { ok: true, value: text.trim() };
    return isScalar(parsed)
      ? { ok: true, value: parsed }
      : unread('the message is JSON with fields: a path must name one');
  }
  if (parsed === undefined) return unread(`the message is not JSON, so it has no ${path}`);
  let value: unknown = parsed;
  for (const step of steps) {
    // Names of the object's own alone: `constructor` is no field.
    const container: unknown = value;
    value =
      typeof container === 'object' && container !== null && Object.hasOwn(container, step)
        ? (container as Record<string | number, unknown>)[step]
        : undefined;
  }
  if (value === undefined) return unread(`the message has no ${path}`);
  return isScalar(value) ? { ok: true, value } : unread(`${path} is ${value === null ? 'null' : 'not a single value'}`);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isScalar(value: unknown): value is Scalar {
  return (
    typeof value === 'string' || typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))
  );
}

/** A value as a number, or null: text that is one counts, true and false do not. */
export function asNumber(value: Scalar): number | null {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean' || !/^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?\s*$/i.test(value)) return null;
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
}

/** 0 to 100 for a value between what 0 % and what 100 % is; beyond them it stays there. `from` may be the larger. */
export function progressOf(value: number, { from, to }: { from: number; to: number }): number {
  const share = (value - from) / (to - from);
  return Math.round(Math.min(1, Math.max(0, share)) * 100);
}

/** Milliseconds between two changes that one binding makes to a progress, at the least. */
export const progressEvery = 10_000;

export interface ProgressState {
  /** What was set last; null before the first. */
  set: number | null;
  /** When, in milliseconds. */
  at: number;
  /** What is to be set as soon as it may. */
  due: number | null;
}

/** Takes a progress that was read: it is due where it is `step` away from what was set last, or reaches an end. */
export function takeProgress(state: ProgressState, progress: number, step: number): ProgressState {
  const end = progress === 0 || progress === 100;
  const far = state.set === null || Math.abs(progress - state.set) >= step || (end && progress !== state.set);
  return { ...state, due: far ? progress : null };
}

/** When what is due may be set, in milliseconds; null where nothing is. */
export function progressDueAt(state: ProgressState): number | null {
  if (state.due === null) return null;
  return state.set === null ? 0 : state.at + progressEvery;
}

export interface StatusState {
  set: string | null;
  /** What was read last, and since when it holds, in milliseconds. */
  held: string | null;
  since: number;
}

/** Takes a status that was read. */
export function takeStatus(state: StatusState, status: string, now: number): StatusState {
  return status === state.held ? state : { ...state, held: status, since: now };
}

/** When the held status counts, in milliseconds; null where it is the one that was set. */
export function statusDueAt(state: StatusState, hold: number): number | null {
  return state.held === null || state.held === state.set ? null : state.since + hold * 1000;
}

/** The single values of a JSON message and the paths to them, in their order; of anything else nothing. */
export function scalarPaths(text: string, most = 40): { path: string; value: Scalar }[] {
  const found: { path: string; value: Scalar }[] = [];
  const walk = (value: unknown, path: string): void => {
    if (found.length >= most) return;
    if (isScalar(value)) {
      if (path !== '') found.push({ path, value });
      return;
    }
    if (typeof value !== 'object' || value === null) return;
    for (const [name, inner] of Object.entries(value)) {
      if (!Array.isArray(value) && /[.[\]]/.test(name)) continue;
      walk(inner, Array.isArray(value) ? `${path}[${name}]` : path === '' ? name : `${path}.${name}`);
    }
  };
  walk(parse(text), '');
  return found;
}
