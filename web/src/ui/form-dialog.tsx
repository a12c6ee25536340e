// A dialog that is a form: its fields, what went wrong, and the two buttons at its end; and how what it changes is sent.
import type { QueryKey } from '@tanstack/react-query';
import { ApiProblem } from '@taylordash/sdk/client';
import { type FormEvent, type ReactNode, useState } from 'react';
import { useApp } from '../app-context.tsx';
import { strings } from '../strings.ts';
import { Button } from './button.tsx';
import { Dialog, DialogActions } from './dialog.tsx';
import { describeError, ErrorNotice } from './error-notice.tsx';
import { useToast } from './toast.tsx';

/** Sends something; on success closes, says so, and reads again what is stale by it. What went wrong stays with the form. */
export function useSend(onClose: () => void, ...stale: readonly QueryKey[]) {
  const { cache } = useApp();
  const toast = useToast();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const send = async (work: () => Promise<unknown>, done?: string) => {
    setBusy(true);
    setError(null);
    try {
      await work();
      onClose();
      if (done !== undefined) toast({ text: done });
      await Promise.all(stale.map((queryKey) => cache.invalidateQueries({ queryKey })));
    } catch (problem) {
      setError(problem);
    }
    setBusy(false);
  };
  return { busy, error, send };
}

/** The code of a problem that the server told; null for any other error. */
export const codeOf = (error: unknown) => (error instanceof ApiProblem ? error.body.code : null);

/** What the server says about one field of the body or the query, in its words. */
export function faultOfField(error: unknown, field: string): string | undefined {
  const faults = error instanceof ApiProblem ? (error.body.errors ?? []) : [];
  return faults.find(({ pointer }) => pointer.replace(/^#\/query/, '').split('/')[1] === field)?.detail;
}

/** An error in one sentence, for beside a field. */
export function reasonOf(error: unknown): string {
  const { what, why } = describeError(error);
  return why === '' ? what : why;
}

interface Props {
  title: string;
  description?: string;
  submit: string;
  /** What leaves it is called where there may be nothing to take back. */
  cancel?: string;
  width?: 'narrow' | 'wide';
  danger?: boolean;
  busy: boolean;
  disabled?: boolean;
  /** The form says by itself what is wrong with its fields. */
  unchecked?: boolean;
  /** What none of the fields says already. */
  error: unknown;
  onSubmit: () => void;
  onClose: () => void;
  children?: ReactNode;
}

export function FormDialog(props: Props) {
  return (
    <Dialog
      open
      onOpenChange={props.onClose}
      title={props.title}
      width={props.width ?? 'narrow'}
      {...(props.description === undefined ? {} : { description: props.description })}
    >
      <form
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          props.onSubmit();
        }}
        className="flex flex-col gap-4"
        noValidate={props.unchecked === true}
      >
        {props.children}
        {props.error !== null && <ErrorNotice error={props.error} />}
        <DialogActions>
          <Button onClick={props.onClose}>{props.cancel ?? strings.cancel}</Button>
          <Button
            kind={props.danger === true ? 'danger' : 'primary'}
            type="submit"
            busy={props.busy}
            disabled={props.disabled === true}
          >
            {props.submit}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
