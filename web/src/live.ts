// The live connection: one event stream for all tabs of a browser, merged into the query cache, with who changed what.

import type { QueryClient } from '@tanstack/react-query';
import type { StoredEvent } from '@taylordash/core/entities';
import type { Client } from '@taylordash/sdk/client';
import { type EventStream, openStream } from '@taylordash/sdk/stream';
import { useSyncExternalStore } from 'react';
import { keys } from './api.ts';
import type { Burst } from './work/bursts.ts';
import type { Work } from './work/changes.ts';
import type { Held } from './work/held.ts';
import { createMerger } from './work/merger.ts';

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
  /** What somebody else did in one go, once it is over. */
  onBurst: (listener: (burst: Burst) => void) => () => void;
}

export interface LiveOptions {
  api: Client;
  cache: QueryClient;
  work: Work;
  held: Held;
  nextFrame: (callback: () => void) => void;
}

const chipMs = 3000;

export function createLive({ api, cache, work, held, nextFrame }: LiveOptions): Live {
  const watchers = new Set<() => void>();
  const listeners = new Set<(event: StoredEvent) => void>();
  const bursts = new Set<(burst: Burst) => void>();
  /** Whose name it is, and the timer that takes it away: a later one's stays. */
  const touched = new Map<string, { name: string; timer: ReturnType<typeof setTimeout> }>();
  let state: LiveState = 'connecting';
  let everConnected = false;
  let stopNow: (() => void) | null = null;
  let me: string | null = null;
  const merger = () =>
    createMerger({
      cache,
      work,
      held,
      nextFrame,
      me: () => me,
      now: Date.now,
      onTouched: touch,
      onBurst(burst) {
        for (const listener of bursts) listener(burst);
      },
    });

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
    if (next === 'connected') work.queue.poke();
    if (state === next) return;
    state = next;
    // A stream that fails may do so because the session ended: asking who we are finds out.
    if (next === 'lost') void cache.invalidateQueries({ queryKey: keys.me });
    tell();
  }

  function touch(name: string, entity_ids: readonly string[]): void {
    const timer = setTimeout(() => {
      for (const id of entity_ids) if (touched.get(id)?.timer === timer) touched.delete(id);
      tell();
    }, chipMs);
    for (const id of entity_ids) touched.set(id, { name, timer });
    tell();
  }

  function start(user_id: string): void {
    if (stopNow) return;
    me = user_id;
    const merge = merger();
    const channel = new BroadcastChannel('taylordash.live');
    const handle = (message: Message) => {
      if (message.type === 'event') {
        for (const listener of listeners) listener(message.event);
        merge.take(message.event);
      } else if (message.type === 'gap') merge.missed();
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
      merge.stop();
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
    touchedBy: (id) => touched.get(id)?.name ?? null,
    watch(listener) {
      watchers.add(listener);
      return () => watchers.delete(listener);
    },
    onEvent(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onBurst(listener) {
      bursts.add(listener);
      return () => bursts.delete(listener);
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
