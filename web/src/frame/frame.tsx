// The frame of every signed-in page: rail or bottom bar, notices over the whole page, what lies over any page, and the page itself.
import { Outlet } from '@tanstack/react-router';
import { Suspense, useEffect, useState, useSyncExternalStore } from 'react';
import { useApp, useMe } from '../app-context.tsx';
import { strings } from '../strings.ts';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { loadDialogs } from '../ui/dialog.tsx';
import { lazyPart } from '../ui/lazy-part.ts';
import { loadMenus } from '../ui/menu.tsx';
import { BurstNotices } from '../work/burst-notices.tsx';
import { browserQueueStore } from '../work/queue-store.ts';
import { loadAhead } from './ahead.ts';
import { loadQueueDialog, OfflineBar } from './offline-bar.tsx';
import { type Overlay, OverlayContext } from './overlays.ts';
import { PlainHttpBar } from './plain-http-bar.tsx';
import { applyPreferences, preferencesOf } from './preferences.ts';
import { BottomBar, Rail } from './rail.tsx';
import { useRecent } from './recent.ts';
import { useSessionEnd } from './session-end.ts';
import { TypeAhead } from './type-ahead.tsx';
import { useFrameKeys } from './use-frame-keys.ts';
import { settleIn } from './use-profile.ts';

const ConflictDialog = lazyPart(async () => (await import('../work/conflict-dialog.tsx')).ConflictDialog);
const UndoDialog = lazyPart(async () => (await import('../work/undo-dialog.tsx')).UndoDialog);
const Palette = lazyPart(async () => (await import('./palette.tsx')).Palette);
const QuickAdd = lazyPart(async () => (await import('../quick-add/quick-add.tsx')).QuickAdd);
const KeysOverview = lazyPart(async () => (await import('./keys-overview.tsx')).KeysOverview);
const MoreSheet = lazyPart(async () => (await import('./more-sheet.tsx')).MoreSheet);

/** In the order in which they are likely to be wanted. */
const ahead = [loadDialogs, Palette.load, QuickAdd.load, loadMenus, loadQueueDialog];

export function Frame() {
  const { live, queue, history } = useApp();
  const me = useMe();
  const id = me?.id;
  const [overlay, setOverlay] = useState<Overlay | null>(null);
  useSessionEnd();
  useSettled();
  useRecent();
  useEffect(() => {
    if (id === undefined) return;
    history.belongTo(id);
    live.start(id);
    queue.start(browserQueueStore(id));
    return () => {
      live.stop();
      queue.stop();
    };
  }, [live, queue, history, id]);
  useEffect(() => loadAhead(ahead), []);
  return (
    <OverlayContext value={setOverlay}>
      <Keys />
      <div className="flex h-full flex-col">
        <a
          href="#content"
          className="sr-only z-50 rounded-control bg-surface-3 px-3 py-2 focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
        >
          {strings.skip}
        </a>
        <PlainHttpBar />
        <OfflineBar />
        <div className="flex min-h-0 flex-1">
          <Rail />
          {/* Relative: hidden labels are placed in what scrolls, and do not make the document longer than the screen. */}
          <main
            id="content"
            tabIndex={-1}
            className="relative flex min-w-0 flex-1 flex-col overflow-y-auto outline-none"
          >
            <Outlet />
          </main>
        </div>
        <BottomBar />
        <Questions />
        <BurstNotices />
        <Over key={overlay} overlay={overlay} onClose={() => setOverlay(null)} />
      </div>
    </OverlayContext>
  );
}

/** A part of its own, so that a new shortcut renders nothing else. */
function Keys() {
  useFrameKeys();
  return null;
}

/** What lies over the page just now. */
function Over({ overlay, onClose }: { overlay: Overlay | null; onClose: () => void }) {
  const [typed, setTyped] = useState('');
  const fielded = overlay === 'palette' || overlay === 'quick_add';
  return (
    <Suspense fallback={fielded && <TypeAhead onTyped={setTyped} onClose={onClose} />}>
      {overlay === 'palette' && <Palette typed={typed} onClose={onClose} />}
      {overlay === 'quick_add' && <QuickAdd typed={typed} onClose={onClose} />}
      {overlay === 'keys' && <KeysOverview onClose={onClose} />}
      {overlay === 'more' && <MoreSheet onClose={onClose} />}
    </Suspense>
  );
}

/** Takes over what the person chose elsewhere, as soon as it is known here. */
function useSettled(): void {
  const app = useApp();
  const me = useMe();
  const chosen = me ? JSON.stringify(preferencesOf(me)) : null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: who signs in settles in once
  useEffect(() => {
    // What could not be saved is tried again at the next visit.
    if (me) settleIn(app, me).catch(() => {});
  }, [me?.id]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the text stands for what it says
  useEffect(() => {
    const preferences = me && preferencesOf(me);
    if (preferences) applyPreferences(preferences);
  }, [chosen]);
}

/** What has to be asked before a change goes on. */
function Questions() {
  const { conflicts, undo_questions, sign_out_questions } = useApp();
  const conflict = useSyncExternalStore(conflicts.watch, conflicts.current);
  const undo = useSyncExternalStore(undo_questions.watch, undo_questions.current);
  const leaving = useSyncExternalStore(sign_out_questions.watch, sign_out_questions.current);
  return (
    <Suspense>
      {conflict && <ConflictDialog key={conflict.question.name} open={conflict} />}
      {undo && <UndoDialog open={undo} />}
      {leaving && (
        <ConfirmDialog
          open
          onOpenChange={() => leaving.answer(false)}
          title={strings.queue.sign_out_title(leaving.question)}
          description={strings.queue.sign_out_text}
          confirm={strings.queue.sign_out}
          onConfirm={() => leaving.answer(true)}
        />
      )}
    </Suspense>
  );
}
