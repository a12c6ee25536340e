// What went wrong, why, what to do next, and the trace id to hand on.
import { ApiProblem, Unreachable } from '@taylordash/sdk/client';
import { Copy, TriangleAlert } from 'lucide-react';
import { strings } from '../strings.ts';
import { Button } from './button.tsx';
import { useCopy } from './copy-text.ts';

export interface ErrorText {
  what: string;
  why: string;
  trace_id: string | null;
}

/** Any error in plain words. */
export function describeError(error: unknown): ErrorText {
  if (error instanceof ApiProblem) {
    const { title, detail, trace_id } = error.body;
    return { what: title, why: detail ?? strings.errors.next[error.body.code] ?? '', trace_id };
  }
  if (error instanceof Unreachable)
    return { what: strings.errors.unreachable, why: strings.errors.unreachable_why, trace_id: null };
  return { what: strings.errors.bug, why: strings.errors.bug_why, trace_id: null };
}

/** An error in one or two sentences: what, why, and the next step. */
export function sayError(error: unknown): string {
  const { what, why } = describeError(error);
  const next = error instanceof ApiProblem ? (strings.errors.next[error.body.code] ?? '') : '';
  const parts = [...new Set([what, why, next])].filter((part) => part !== '');
  return parts.map((part) => (/[.!?…]$/.test(part) ? part : `${part}.`)).join(' ');
}

export function ErrorNotice({ error, retry }: { error: unknown; retry?: () => void }) {
  const { what, why, trace_id } = describeError(error);
  const next = error instanceof ApiProblem ? (strings.errors.next[error.body.code] ?? '') : '';
  return (
    <div
      role="alert"
      className="mx-auto my-8 flex w-full max-w-[520px] gap-3 rounded-node border border-blocked bg-surface-1 p-4"
    >
      <TriangleAlert size={20} className="mt-0.5 shrink-0 text-blocked" aria-hidden />
      <div className="flex min-w-0 flex-1 flex-col gap-2">
        <p className="font-semibold">{what}</p>
        {why !== '' && <p className="text-text-2">{why}</p>}
        {next !== '' && next !== why && <p className="text-text-2">{next}</p>}
        {trace_id !== null && <TraceId id={trace_id} />}
        {retry !== undefined && (
          <div className="pt-1">
            <Button onClick={retry}>{strings.retry}</Button>
          </div>
        )}
      </div>
    </div>
  );
}

function TraceId({ id }: { id: string }) {
  const { outcome, copy } = useCopy(id);
  return (
    <p className="flex flex-wrap items-center gap-2 text-12 text-text-3">
      {strings.trace}
      <code className="select-all break-all font-mono">{id}</code>
      <button
        type="button"
        className="press target inline-flex items-center gap-1 rounded-control px-2 text-accent hover:bg-surface-2"
        onClick={copy}
      >
        <Copy size={14} aria-hidden />
        {outcome ?? strings.copy}
      </button>
    </p>
  );
}
