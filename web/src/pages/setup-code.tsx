// The first card: the one-time code that the server printed.
import { ApiProblem } from '@taylordash/sdk/client';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useApp } from '../app-context.tsx';
import { strings } from '../strings.ts';
import { Button } from '../ui/button.tsx';
import { describeError } from '../ui/error-notice.tsx';
import { TextField } from '../ui/text-field.tsx';

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });

/** 14:32, here. */
export function clockTime(at: string): string {
  return clock.format(new Date(at));
}

/** What to say about a problem with the code; null where it is about something else. */
export function codeProblem(error: unknown): string | null {
  if (!(error instanceof ApiProblem)) return null;
  if (error.body.code === 'setup.wrong_code') return strings.setup.wrong_code;
  if (error.body.code !== 'setup.code_ended') return null;
  const at = error.body.expired_at;
  return strings.setup.ended(typeof at === 'string' ? clockTime(at) : null);
}

interface Props {
  offered: string;
  onAccepted: (accepted: { code: string; expires_at: string }) => void;
}

export function CodeCard({ offered, onAccepted }: Props) {
  const { api } = useApp();
  const [code, setCode] = useState(offered);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | undefined>();
  const tried = useRef(false);

  const attempt = async (value: string) => {
    setBusy(true);
    setError(undefined);
    try {
      const { data } = await api.call('checkSetupCode', { body: { code: value } });
      onAccepted({ code: value, expires_at: data.expires_at });
    } catch (problem) {
      const { what, why } = describeError(problem);
      setError(codeProblem(problem) ?? (why === '' ? what : why));
      setBusy(false);
    }
  };
  useEffect(() => {
    // A code in the address is tried at once, and only once: every try counts.
    if (offered === '' || tried.current) return;
    tried.current = true;
    void attempt(offered);
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void attempt(code.trim());
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-4 rounded-node border border-line bg-surface-1 p-6 shadow-1">
      <div className="flex flex-col gap-1">
        <h2 className="text-16 font-semibold">{strings.setup.code_title}</h2>
        <p className="text-text-2">{strings.setup.code_text}</p>
      </div>
      <TextField
        label={strings.setup.code}
        hint={strings.setup.code_hint}
        value={code}
        onChange={(event) => setCode(event.target.value.toUpperCase())}
        error={error}
        autoComplete="one-time-code"
        autoCapitalize="characters"
        spellCheck={false}
        maxLength={40}
        required
        autoFocus
        className="font-mono tracking-widest"
      />
      <Button kind="primary" type="submit" busy={busy}>
        {strings.setup.go_on}
      </Button>
    </form>
  );
}
