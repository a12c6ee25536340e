// Signing in. Says nothing about which part was wrong.

import { useRouter, useSearch } from '@tanstack/react-router';
import { ApiProblem } from '@taylordash/sdk/client';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { keys } from '../api.ts';
import { useApp } from '../app-context.tsx';
import { PlainHttpBar } from '../frame/plain-http-bar.tsx';
import { Logo } from '../frame/rail.tsx';
import { strings } from '../strings.ts';
import { Button } from '../ui/button.tsx';
import { Checkbox } from '../ui/checkbox.tsx';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { PasswordField } from '../ui/password-field.tsx';
import { TextField } from '../ui/text-field.tsx';
import { useTitle } from './page-header.tsx';

export function LoginPage() {
  useTitle(strings.login.title);
  const { api, cache } = useApp();
  const router = useRouter();
  const { next } = useSearch({ from: '/login' });
  const [keep, setKeep] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [wait, setWait] = useState(0);
  const form = useRef<HTMLFormElement>(null);
  const waiting = wait > 0;
  useEffect(() => {
    if (!waiting) return;
    const timer = setInterval(() => setWait((seconds) => Math.max(0, seconds - 1)), 1000);
    return () => clearInterval(timer);
  }, [waiting]);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    // Read from the form: password managers fill fields without telling React.
    const data = new FormData(event.currentTarget);
    setBusy(true);
    setError(null);
    try {
      const { data: session } = await api.call('login', {
        body: {
          username: String(data.get('username')),
          password: String(data.get('password')),
          keep_signed_in: keep,
          cookie: true,
        },
      });
      cache.setQueryData(keys.me, session.user);
      if (next === undefined) await router.navigate({ to: '/', replace: true });
      else router.history.replace(next);
    } catch (problem) {
      setBusy(false);
      setError(problem);
      if (problem instanceof ApiProblem && problem.retry_after !== null) setWait(Math.ceil(problem.retry_after));
      const password = form.current?.elements.namedItem('password');
      if (password instanceof HTMLInputElement) {
        password.focus();
        password.select();
      }
    }
  };

  const wrong = error instanceof ApiProblem && error.body.code === 'auth.invalid_credentials';
  const message = waiting ? strings.login.wait(wait) : wrong ? strings.login.wrong : undefined;
  const limited = error instanceof ApiProblem && error.retry_after !== null && error.body.status === 429;
  return (
    <div className="flex min-h-full flex-col">
      <PlainHttpBar />
      <main className="flex flex-1 items-center justify-center p-4">
        <div className="enter-fade flex w-full max-w-[360px] flex-col gap-6">
          <div className="flex flex-col items-center gap-3">
            <Logo size={44} />
            <h1 className="text-24 font-semibold">{strings.login.title}</h1>
            {next !== undefined && <p className="text-center text-text-2">{strings.login.ended}</p>}
          </div>
          <form
            ref={form}
            onSubmit={(event) => void submit(event)}
            className="flex flex-col gap-4 rounded-node border border-line bg-surface-1 p-6 shadow-1"
          >
            <TextField
              label={strings.login.username}
              name="username"
              autoComplete="username"
              autoCapitalize="off"
              spellCheck={false}
              required
              autoFocus
            />
            <PasswordField
              label={strings.login.password}
              name="password"
              autoComplete="current-password"
              required
              error={message}
            />
            <Checkbox checked={keep} onChecked={setKeep} label={strings.login.keep} />
            <Button kind="primary" type="submit" busy={busy} disabled={waiting}>
              {strings.login.submit}
            </Button>
          </form>
          {error !== null && !wrong && !limited && <ErrorNotice error={error} />}
        </div>
      </main>
    </div>
  );
}
