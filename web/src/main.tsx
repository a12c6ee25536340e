// Starts the web app: makes its parts once and hands them to the pages.

import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { createClient } from '@taylordash/sdk/client';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createQueryClient } from './api.ts';
import { type App, AppContext } from './app-context.tsx';
import { createCommands } from './frame/commands.ts';
import { createLive } from './live.ts';
import { createAppRouter } from './routes.tsx';
import './styles/app.css';
import { Tips } from './ui/tips.tsx';
import { ToastProvider } from './ui/toast.tsx';
import { type ConflictQuestion, createChanges } from './work/changes.ts';
import { createDesk } from './work/desk.ts';
import { createHistory, type UndoAnswer, type UndoQuestion } from './work/history.ts';

function start(root: HTMLElement): void {
  const api = createClient({ base_url: '' });
  const cache = createQueryClient();
  const conflicts = createDesk<ConflictQuestion, ReadonlySet<string>>();
  const undo_questions = createDesk<UndoQuestion, UndoAnswer>();
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
  const changes = createChanges({ api, cache, ask: conflicts.ask, record: history.record });
  const live = createLive(api, cache, changes);
  const commands = createCommands();
  const app: App = { api, cache, changes, live, history, conflicts, undo_questions, commands };
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

/** After an upgrade of the server the parts that this page would still load are gone: it starts anew, once a minute at the most. */
function reloadAfterUpgrade(): void {
  window.addEventListener('vite:preloadError', (event) => {
    const last = Number(sessionStorage.getItem('td.reloaded') ?? 0);
    if (Date.now() - last < 60_000) return;
    event.preventDefault();
    sessionStorage.setItem('td.reloaded', String(Date.now()));
    window.location.reload();
  });
}

const root = document.getElementById('root');
if (root) {
  reloadAfterUpgrade();
  start(root);
}
