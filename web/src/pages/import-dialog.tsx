// Brings a project in from a file; where dependencies close a cycle it names them and offers to leave them out.

import { useNavigate } from '@tanstack/react-router';
import { isJsonObject } from '@taylordash/core/json';
import { ApiProblem } from '@taylordash/sdk/client';
import { FileUp, MoveRight } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { keys } from '../api.ts';
import { useApp } from '../app-context.tsx';
import { strings } from '../strings.ts';
import { Button } from '../ui/button.tsx';
import { Dialog, DialogActions } from '../ui/dialog.tsx';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { useToast } from '../ui/toast.tsx';

interface Closing {
  component: string;
  depends_on: string;
}

/** The closing dependencies that the problem names, whatever else it carries. */
function closingOf(error: unknown): Closing[] | null {
  if (!(error instanceof ApiProblem) || error.body.code !== 'project.import_cycle') return null;
  const named = Object.values(error.body).find((value) => Array.isArray(value) && value.length > 0);
  if (!Array.isArray(named)) return [];
  return named.flatMap((one: unknown) => {
    if (typeof one !== 'object' || one === null) return [];
    const { component, depends_on }: { component?: unknown; depends_on?: unknown } = one;
    return typeof component === 'string' && typeof depends_on === 'string' ? [{ component, depends_on }] : [];
  });
}

type State =
  | { at: 'choose'; problem?: 'not_json' }
  | { at: 'busy'; file_name: string }
  | { at: 'failed'; error: unknown; body: Record<string, unknown>; file_name: string };

export function ImportDialog({ file, onClose }: { file: File | null; onClose: () => void }) {
  const { api, cache } = useApp();
  const navigate = useNavigate();
  const toast = useToast();
  const [state, setState] = useState<State>({ at: 'choose' });
  const input = useRef<HTMLInputElement>(null);

  const send = async (body: Record<string, unknown>, file_name: string, skip_cycles: boolean) => {
    setState({ at: 'busy', file_name });
    try {
      const { data } = await api.call('importProject', { query: { skip_cycles }, body });
      void cache.invalidateQueries({ queryKey: keys.projects });
      toast({ text: strings.import.done(data.project.name, data.components, data.dependencies) });
      await navigate({ to: '/projects/$id', params: { id: data.project.id } });
    } catch (error) {
      setState({ at: 'failed', error, body, file_name });
    }
  };
  const read = async (chosen: File) => {
    setState({ at: 'busy', file_name: chosen.name });
    try {
      const body: unknown = JSON.parse(await chosen.text());
      if (!isJsonObject(body)) throw new SyntaxError();
      await send(body, chosen.name, false);
    } catch {
      setState({ at: 'choose', problem: 'not_json' });
    }
  };
  const taken = useRef<File | null>(null);
  useEffect(() => {
    if (!file || taken.current === file) return;
    taken.current = file;
    void read(file);
  });
  const closing = state.at === 'failed' ? closingOf(state.error) : null;
  return (
    <Dialog open onOpenChange={onClose} width="wide" title={strings.import.title} description={strings.import.text}>
      {state.at !== 'busy' && closing === null && (
        <>
          {/* biome-ignore lint/a11y/noStaticElementInteractions: the button inside does the same */}
          <div
            onDragOver={(event) => event.preventDefault()}
            onDrop={(event) => {
              event.preventDefault();
              const dropped = event.dataTransfer.files[0];
              if (dropped) void read(dropped);
            }}
            className="flex flex-col items-center gap-2 rounded-node border-2 border-control border-dashed p-8"
          >
            <FileUp size={28} className="text-text-3" aria-hidden />
            <Button kind="primary" onClick={() => input.current?.click()}>
              {strings.import.choose}
            </Button>
            <span className="text-13 text-text-3">{strings.import.drop}</span>
            <input
              ref={input}
              type="file"
              accept=".json,application/json"
              className="sr-only"
              tabIndex={-1}
              aria-label={strings.import.choose}
              onChange={(event) => {
                const chosen = event.target.files?.[0];
                event.target.value = '';
                if (chosen) void read(chosen);
              }}
            />
          </div>
          {state.at === 'choose' && state.problem === 'not_json' && (
            <p role="alert" className="text-blocked">
              {strings.import.not_json}
            </p>
          )}
          {state.at === 'failed' && <ErrorNotice error={state.error} />}
        </>
      )}
      {state.at === 'busy' && (
        <p role="status" className="py-8 text-center text-text-2">
          {strings.import.busy(state.file_name)}
        </p>
      )}
      {state.at === 'failed' && closing !== null && (
        <>
          <div role="alert">
            <p className="font-semibold">{strings.import.cycle(closing.length)}</p>
            <p className="text-text-2">{strings.import.cycle_text(closing.length)}</p>
          </div>
          <ul className="max-h-60 overflow-y-auto rounded-control border border-line">
            {closing.map(({ component, depends_on }) => (
              <li
                key={`${component} ${depends_on}`}
                className="flex flex-wrap items-center gap-2 border-line border-b px-3 py-2 last:border-b-0"
              >
                <span>{component}</span>
                <span className="inline-flex items-center gap-1 text-12 text-text-3">
                  {strings.import.waits_for}
                  <MoveRight size={14} aria-hidden />
                </span>
                <span>{depends_on}</span>
              </li>
            ))}
          </ul>
          <DialogActions>
            <Button onClick={() => setState({ at: 'choose' })}>{strings.cancel}</Button>
            <Button kind="primary" onClick={() => void send(state.body, state.file_name, true)}>
              {strings.import.without(closing.length)}
            </Button>
          </DialogActions>
        </>
      )}
    </Dialog>
  );
}
