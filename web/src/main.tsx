// Starts the web app: makes its parts once and hands them to the pages.

import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { createClient } from '@taylordash/sdk/client';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createQueryClient } from './api.ts';
import { type App, AppContext } from './app-context.tsx';
import { readFirst } from './first-read.ts';
import { createCommands } from './frame/commands.ts';
import { createLive } from './live.ts';
import { createAppRouter } from './routes.tsx';
import './styles/app.css';
import { describeError } from './ui/error-notice.tsx';
import { Tips } from './ui/tips.tsx';
import { ToastProvider } from './ui/toast.tsx';
import { createWork } from './work/changes.ts';
import { createDesk } from './work/desk.ts';
import { createHeld } from './work/held.ts';
import { createHistory, type UndoAnswer, type UndoQuestion } from './work/history.ts';
import type { ConflictQuestion } from './work/send.ts';

function start(root: HTMLElement): void {
  const api = createClient({ base_url: '' });
  const cache = createQueryClient();
  const conflicts = createDesk<ConflictQuestion, ReadonlySet<string>>();
  const undo_questions = createDesk<UndoQuestion, UndoAnswer>();
  const sign_out_questions = createDesk<number, boolean>();
  const history = createHistory({
    api,
    ask: undo_questions.ask,
    storage: sessionStorage,
    onUndone() {
      // What was undone arrives by the stream; without one it is read again.
      if (live.state() !== 'connected')
        void cache.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'me' });
    },
  });
  const work = createWork({ api, cache, ask: conflicts.ask, history, reason: describeError });
  const { changes, queue } = work;
  history.connect({
    drop(key) {
      const item = queue.state().waiting.find((one) => one.key === key);
      return item && queue.drop(key) ? () => work.again(item) : null;
    },
    settled: queue.settled,
  });
  const held = createHeld();
  const live = createLive({ api, cache, work, held, nextFrame });
  window.addEventListener('online', queue.poke);
  window.addEventListener('pagehide', queue.keep);
  const commands = createCommands();
  const app: App = {
    api,
    cache,
    changes,
    queue,
    again: work.again,
    live,
    held,
    history,
    conflicts,
    undo_questions,
    sign_out_questions,
    commands,
  };
  readFirst(app, window.location);
  const router = createAppRouter(app);
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={cache}>
        <AppContext value={app}>
          <ToastProvider>
            <RouterProvider router={router} />
            <Tips />
          </ToastProvider>
        </AppContext>
      </QueryClientProvider>
    </StrictMode>,
  );
}

/** A hidden page draws no pictures, and goes on all the same. */
function nextFrame(callback: () => void): void {
  if (document.visibilityState === 'hidden') setTimeout(callback, 250);
  else requestAnimationFrame(callback);
}

/**
 * After an upgrade of the server the parts that this page would still load are gone: it starts anew, once a minute at the most.
 * Not while nobody answers: then the parts are as gone as the server, and the page would be too.
 */
function reloadAfterUpgrade(): void {
  window.addEventListener('vite:preloadError', () => {
    const last = Number(sessionStorage.getItem('td.reloaded') ?? 0);
    if (Date.now() - last < 60_000) return;
    fetch('/', { method: 'HEAD', cache: 'no-store' }).then(
      ({ ok }) => {
        if (!ok) return;
        sessionStorage.setItem('td.reloaded', String(Date.now()));
        window.location.reload();
      },
      () => {},
    );
  });
}

const root = document.getElementById('root');
if (root) {
  reloadAfterUpgrade();
  start(root);
}
