// Names what of an address is no text: the parameter of the endpoint that it was meant for, else the path.
import { apiBase, endpoints } from '@taylordash/core/endpoints/all';
import { Problem, sayFaults } from '../kernel/problem.ts';

const detail = 'has a % that begins no character of UTF-8; a percent sign itself is written %25';

export function badAddress(path: string): Problem {
  const errors = [{ pointer: pointerOf(path), detail }];
  return new Problem('request.invalid', { detail: sayFaults(errors), errors });
}

function pointerOf(path: string): string {
  const steps = path.split('/');
  const bad = steps.findIndex((step) => !isText(step));
  for (const { path: template } of Object.values(endpoints)) {
    const wanted = `${apiBase}${template}`.split('/');
    const parameter = /^\{(\w+)\}$/.exec(wanted[bad] ?? '')?.[1];
    const meant = wanted.length === steps.length && wanted.every((step, at) => step === steps[at] || step[0] === '{');
    if (parameter !== undefined && meant) return `#/params/${parameter}`;
  }
  return '#/path';
}

function isText(step: string): boolean {
  try {
    decodeURIComponent(step);
    return true;
  } catch {
    return false;
  }
}
