// The live connection: one event stream for all tabs of a browser, merged into the query cache, with who changed what.

import type { QueryClient } from '@tanstack/react-query';
import type { StoredEvent } from '@taylordash/core/entities';
import type { Client } from '@taylordash/sdk/client';
import { type EventStream, openStream } from '@taylordash/sdk/stream';
import { useSyncExternalStore } from 'react';
import { keys } from './api.ts';
import type { Changes } from './work/changes.ts';
import { mergeEvent } from './work/merge-event.ts';

export type LiveState = 'connecting' | 'connected' | 'lost';

type Message =
  | { type: 'event'; event: StoredEvent }
  | { type: 'gap' }
  | { type: 'state'; state: 'connected' | 'lost'; last: string | null }
  | { type: 'hello' };

export interface Live {
  start: (user_id: string) => void;
  stop: () => void;
  state: () => LiveState;
  /** Who changed this entity in the last three seconds. */
  touchedBy: (entity_id: string) => string | null;
  /** Calls back on a new state and on new names. */
  watch: (listener: () => void) => () => void;
  /** Every event as it arrives. */
  onEvent: (listener: (event: StoredEvent) => void) => () => void;
}

const chipMs = 3000;
const listsMs = 2000;

export function createLive(api: Client, cache: QueryClient, changes: Changes): Live {
  const watchers = new Set<() => void>();
  const listeners = new Set<(event: StoredEvent) => void>();
  const touched = new Map<string, string>();
  let state: LiveState = 'connecting';
  let everConnected = false;
  let stopNow: (() => void) | null = null;
  let listsTimer: ReturnType<typeof setTimeout> | null = null;

  const tell = () => {
    for (const watcher of watchers) watcher();
  };

  function setState(next: LiveState): void {
    if (next === 'connected' && !everConnected) {
      everConnected = true;
      // What was read before the stream began may have missed a change in between.
      void cache.invalidateQueries({
        predicate: (query) => query.state.dataUpdatedAt > 0 && query.queryKey[0] !== 'me',
      });
    }
    if (state === next) return;
    state = next;
    // A stream that fails may do so because the session ended: asking who we are finds out.
    if (next === 'lost') void cache.invalidateQueries({ queryKey: keys.me });
    tell();
  }

  function take(event: StoredEvent, user_id: string): void {
    for (const listener of listeners) listener(event);
    const merged = mergeEvent(event, cache, changes);
    if (/^user_|^grants_|^login_success/.test(event.kind)) {
      void cache.invalidateQueries({ queryKey: keys.users });
      void cache.invalidateQueries({ queryKey: keys.me });
    }
    if (/^(component|task)_/.test(event.kind) && listsTimer === null) {
      // The counts of the project lists follow, but not for every single event of a burst.
      listsTimer = setTimeout(() => {
        listsTimer = null;
        void cache.invalidateQueries({ queryKey: keys.projects });
      }, listsMs);
    }
    if (!merged || merged.actor.id === user_id || merged.entity_ids.length > 20) return;
    for (const id of merged.entity_ids) touched.set(id, merged.actor.name);
    tell();
    setTimeout(() => {
      for (const id of merged.entity_ids) touched.delete(id);
      tell();
    }, chipMs);
  }

  function start(user_id: string): void {
    if (stopNow) return;
    const channel = new BroadcastChannel('taylordash.live');
    const handle = (message: Message) => {
      if (message.type === 'event') take(message.event, user_id);
      else if (message.type === 'gap') void cache.invalidateQueries();
      else if (message.type === 'state') setState(message.state);
    };
    let last: string | null = null;
    let stream: EventStream | null = null;
    let current: 'connected' | 'lost' | null = null;
    const lead = (share: boolean) => {
      const say = (message: Message) => {
        if (share) channel.postMessage(message);
        handle(message);
      };
      stream = openStream({
        url: (after) => api.url('streamEvents', { query: { after: after ?? undefined } }),
        open: (url) => new EventSource(url),
        after: last,
        on_event: (event) => say({ type: 'event', event }),
        on_gap: () => say({ type: 'gap' }),
        on_state: (next) => {
          current = next;
          say({ type: 'state', state: next, last: stream?.last() ?? null });
        },
      });
    };
    channel.onmessage = ({ data }: MessageEvent<Message>) => {
      if (data.type === 'hello') {
        if (stream && current)
          channel.postMessage({ type: 'state', state: current, last: stream.last() } satisfies Message);
        return;
      }
      if (stream) return;
      // Should this tab lead one day, it goes on where the leader was.
      if (data.type === 'event') last = data.event.id;
      else if (data.type === 'state' && data.last !== null) last = data.last;
      handle(data);
    };
    const ended = new AbortController();
    // Locks need HTTPS or localhost; without them every tab has a stream of its own.
    if ('locks' in navigator) {
      channel.postMessage({ type: 'hello' } satisfies Message);
      navigator.locks
        .request('taylordash.live', { signal: ended.signal }, () => {
          lead(true);
          return new Promise<void>((resolve) => ended.signal.addEventListener('abort', () => resolve()));
        })
        .catch(() => {});
    } else lead(false);
    stopNow = () => {
      ended.abort();
      stream?.close();
      channel.close();
    };
  }

  return {
    start,
    stop() {
      stopNow?.();
      stopNow = null;
      everConnected = false;
      state = 'connecting';
    },
    state: () => state,
    touchedBy: (id) => touched.get(id) ?? null,
    watch(listener) {
      watchers.add(listener);
      return () => watchers.delete(listener);
    },
    onEvent(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

export function useLiveState(live: Live): LiveState {
  return useSyncExternalStore(live.watch, live.state);
}

/** The name of who changed this entity just now. */
export function useTouchedBy(live: Live, entity_id: string): string | null {
  return useSyncExternalStore(live.watch, () => live.touchedBy(entity_id));
}
