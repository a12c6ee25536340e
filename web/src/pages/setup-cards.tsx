// The three cards of set-up after the code.

import { useNavigate } from '@tanstack/react-router';
import { ApiProblem } from '@taylordash/sdk/client';
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { keys } from '../api.ts';
import { useApp } from '../app-context.tsx';
import { PasswordStrength } from '../frame/password-strength.tsx';
import { strings } from '../strings.ts';
import { Button } from '../ui/button.tsx';
import { Choices } from '../ui/choices.tsx';
import { describeError, ErrorNotice } from '../ui/error-notice.tsx';
import { PasswordField } from '../ui/password-field.tsx';
import { TextField } from '../ui/text-field.tsx';
import { clockTime, codeProblem } from './setup-code.tsx';

interface Props {
  code: string;
  expires_at: string;
  reach_configurable: boolean;
  onCodeLost: () => void;
}

type Step = 'who' | 'reach' | 'start';
const steps: readonly Step[] = ['who', 'reach', 'start'];

export function SetupCards({ code, expires_at, reach_configurable, onCodeLost }: Props) {
  const { api, cache } = useApp();
  const navigate = useNavigate();
  const [step, setStep] = useState<Step>('who');
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const [reach, setReach] = useState<'this_machine' | 'home_network'>('this_machine');
  const [start, setStart] = useState<'greenhouse' | 'import' | 'empty'>('greenhouse');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);

  // A new code: what the old one was refused for is over.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the code alone decides
  useEffect(() => setError(null), [code]);

  const finish = async () => {
    setBusy(true);
    setError(null);
    try {
      const start_with = start === 'greenhouse' ? start : 'empty';
      const { data } = await api.call('setup', { body: { code, username, password, reach, start_with, cookie: true } });
      cache.setQueryData(keys.me, data.user);
      cache.removeQueries({ queryKey: ['setup'] });
      if (data.project_id !== undefined) await navigate({ to: '/projects/$id', params: { id: data.project_id } });
      else await navigate({ to: '/projects', search: start === 'import' ? { dialog: 'import' } : {} });
    } catch (problem) {
      setBusy(false);
      setError(problem);
      // What the first card asked for is put right on the first card.
      if (
        problem instanceof ApiProblem &&
        (problem.body.code === 'auth.weak_password' || problem.body.status === 400)
      ) {
        setStep('who');
      }
    }
  };
  const lost = codeProblem(error);
  const weak = error instanceof ApiProblem && error.body.code === 'auth.weak_password';
  const wrongName =
    error instanceof ApiProblem
      ? error.body.errors?.find(({ pointer }) => pointer.endsWith('/username'))?.detail
      : undefined;
  return (
    <>
      {step === 'who' && (
        <Card
          step={step}
          title={strings.setup.who_title}
          text={strings.setup.who_text}
          onSubmit={() => setStep('reach')}
        >
          <TextField
            label={strings.login.username}
            name="username"
            autoComplete="username"
            autoCapitalize="off"
            spellCheck={false}
            maxLength={100}
            required
            autoFocus
            value={username}
            onChange={(event) => setUsername(event.target.value)}
            error={wrongName}
          />
          <PasswordField
            label={strings.login.password}
            name="password"
            autoComplete="new-password"
            minLength={8}
            maxLength={256}
            required
            value={password}
            onChange={(event) => setPassword(event.target.value)}
            hint={<PasswordStrength password={password} />}
            error={weak ? describeError(error).why || describeError(error).what : undefined}
          />
          <Button kind="primary" type="submit">
            {strings.setup.go_on}
          </Button>
        </Card>
      )}
      {step === 'reach' && (
        <Card step={step} title={strings.setup.reach_title} onSubmit={() => setStep('start')}>
          <Choices
            label={strings.setup.reach_title}
            value={reach}
            onValue={setReach}
            disabled={reach_configurable ? undefined : strings.setup.reach_fixed}
            options={[
              { value: 'this_machine', title: strings.setup.this_machine, text: strings.setup.this_machine_text },
              { value: 'home_network', title: strings.setup.home_network, text: strings.setup.home_network_text },
            ]}
          />
          <BackAndOn onBack={() => setStep('who')} on={strings.setup.go_on} />
        </Card>
      )}
      {step === 'start' && (
        <Card step={step} title={strings.setup.start_title} onSubmit={() => void finish()}>
          <Choices
            label={strings.setup.start_title}
            value={start}
            onValue={setStart}
            options={[
              { value: 'greenhouse', title: strings.setup.greenhouse, text: strings.setup.greenhouse_text },
              { value: 'import', title: strings.setup.import, text: strings.setup.import_text },
              { value: 'empty', title: strings.setup.empty, text: strings.setup.empty_text },
            ]}
          />
          <BackAndOn onBack={() => setStep('reach')} on={strings.setup.finish} busy={busy} />
        </Card>
      )}
      {lost !== null && (
        <div role="alert" className="flex flex-col items-start gap-2 rounded-node border border-blocked p-4">
          <p>{lost}</p>
          <Button onClick={onCodeLost}>{strings.setup.code_title}</Button>
        </div>
      )}
      {error !== null && lost === null && !weak && wrongName === undefined && <ErrorNotice error={error} />}
      <p className="text-center text-12 text-text-3">{strings.setup.ends(clockTime(expires_at))}</p>
    </>
  );
}

function Card(props: { step: Step; title: string; text?: string; onSubmit: () => void; children: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    // A new card is announced, unless one of its fields took the focus.
    if (document.activeElement === document.body) heading.current?.focus();
  }, []);
  return (
    <form
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        props.onSubmit();
      }}
      className="enter-rise flex flex-col gap-4 rounded-node border border-line bg-surface-1 p-6 shadow-1"
    >
      <div className="flex flex-col gap-1">
        <p className="text-12 text-text-3">{strings.setup.step(steps.indexOf(props.step) + 1, steps.length)}</p>
        <h2 ref={heading} tabIndex={-1} className="text-16 font-semibold outline-none">
          {props.title}
        </h2>
        {props.text !== undefined && <p className="text-text-2">{props.text}</p>}
      </div>
      {props.children}
    </form>
  );
}

function BackAndOn({ onBack, on, busy = false }: { onBack: () => void; on: string; busy?: boolean }) {
  return (
    <div className="flex gap-2">
      <Button kind="plain" onClick={onBack} disabled={busy}>
        {strings.setup.back}
      </Button>
      <Button kind="primary" type="submit" busy={busy} className="flex-1">
        {on}
      </Button>
    </div>
  );
}
