// First run: the code, then who you are, who reaches TaylorDash, and what to begin with.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { setupQuery } from '../api.ts';
import { useApp } from '../app-context.tsx';
import { PlainHttpBar } from '../frame/plain-http-bar.tsx';
import { Logo } from '../frame/rail.tsx';
import { strings } from '../strings.ts';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { SkeletonRows } from '../ui/skeleton.tsx';
import { useTitle } from './page-header.tsx';
import { SetupCards } from './setup-cards.tsx';
import { CodeCard } from './setup-code.tsx';

/** The code of the address's fragment, taken out of the address so that no history keeps it. */
function takeCode(): string {
  const code = new URLSearchParams(window.location.hash.slice(1)).get('code');
  return code ?? '';
}

export function SetupPage() {
  useTitle(strings.setup.title);
  const { api } = useApp();
  const status = useQuery(setupQuery(api));
  const [offered, setOffered] = useState(takeCode);
  const [accepted, setAccepted] = useState<{ code: string; expires_at: string } | null>(null);
  /** The accepted code ended meanwhile: a new one is asked for, while the cards keep what was typed. */
  const [lost, setLost] = useState(false);
  useEffect(() => {
    const take = () => {
      if (window.location.hash === '') return;
      setOffered(takeCode());
      window.history.replaceState(window.history.state, '', window.location.pathname);
    };
    take();
    // A new link opened in the same tab changes the fragment alone.
    window.addEventListener('hashchange', take);
    return () => window.removeEventListener('hashchange', take);
  }, []);
  return (
    <div className="flex min-h-full flex-col">
      <PlainHttpBar />
      <main className="flex flex-1 justify-center p-4 sm:items-center">
        <div className="enter-fade flex w-full max-w-[520px] flex-col gap-6 py-6">
          <div className="flex flex-col items-center gap-3">
            <Logo size={44} />
            <h1 className="text-24 font-semibold">{strings.setup.title}</h1>
          </div>
          {status.isPending && <SkeletonRows rows={3} />}
          {status.isError && <ErrorNotice error={status.error} retry={() => void status.refetch()} />}
          {status.data?.needed === false && accepted === null && <Done />}
          {status.data?.needed === true && (accepted === null || lost) && (
            <CodeCard
              key={offered}
              offered={offered}
              onAccepted={(next) => {
                setAccepted(next);
                setLost(false);
              }}
            />
          )}
          {accepted !== null && (
            <div hidden={lost} className="flex flex-col gap-6">
              <SetupCards
                code={accepted.code}
                expires_at={accepted.expires_at}
                reach_configurable={status.data?.reach_configurable ?? false}
                onCodeLost={() => {
                  setOffered('');
                  setLost(true);
                }}
              />
            </div>
          )}
        </div>
      </main>
    </div>
  );
}

function Done() {
  return (
    <section className="flex flex-col items-center gap-3 rounded-node border border-line bg-surface-1 p-6 text-center shadow-1">
      <h2 className="text-16 font-semibold">{strings.setup.done_title}</h2>
      <p className="text-text-2">{strings.setup.done_text}</p>
      <Link
        to="/login"
        className="press target inline-flex items-center rounded-control bg-accent px-4 font-medium text-on-accent hover:bg-accent-hover"
      >
        {strings.login.title}
      </Link>
    </section>
  );
}
