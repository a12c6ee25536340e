// What every kind of row shares when it is changed: refusals kept by cell, and gestures with a notice that undoes them.
import { useCallback, useRef, useState } from 'react';
import { useApp } from '../app-context.tsx';
import { useDone } from '../frame/use-undo.ts';
import { strings } from '../strings.ts';
import { sayError } from '../ui/error-notice.tsx';
import { useToast } from '../ui/toast.tsx';
import type { Operation } from '../work/operations.ts';
import type { Told } from './kind.ts';

const cellKey = (id: string, field: string) => `${id} ${field}`;

export function useRowChanges() {
  const { changes } = useApp();
  const toast = useToast();
  const done = useDone();
  const tellDone = useRef(done);
  tellDone.current = done;
  const [errors, setErrors] = useState<ReadonlyMap<string, string>>(new Map());
  const set = useCallback((id: string, field: string, text: string | null) => {
    setErrors((old) => {
      if (text === null && !old.has(cellKey(id, field))) return old;
      const next = new Map(old);
      if (text === null) next.delete(cellKey(id, field));
      else next.set(cellKey(id, field), text);
      return next;
    });
  }, []);
  const fail = useCallback(
    (error: unknown) => toast({ tone: 'problem', text: strings.errors.not_saved(sayError(error)) }),
    [toast],
  );
  /** Follows a change of one cell. */
  const follow = useCallback(
    (id: string, field: string, work: Promise<unknown>) => {
      set(id, field, null);
      work.catch((error: unknown) => {
        set(id, field, sayError(error));
        fail(error);
      });
    },
    [set, fail],
  );
  const apply = useCallback(
    (operations: readonly Operation[], { gesture, done: text }: Told) => {
      if (operations.length === 0) return Promise.resolve();
      return changes
        .apply({ label: gesture, operations })
        .then(({ key }) => tellDone.current(text, key))
        .catch(fail);
    },
    [changes, fail],
  );
  const errorOf = useCallback((id: string, field: string) => errors.get(cellKey(id, field)), [errors]);
  return { follow, apply, fail, errorOf };
}
