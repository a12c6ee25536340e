// Changes on their way: sent in order, kept while the server is away, each one confirmed, refused with its reason, or taken out again.
import { ApiProblem, Unreachable } from '@taylordash/sdk/client';

export interface QueueItem<I> {
  /** Names the gesture everywhere, and makes a repeat of its request known to the server. */
  key: string;
  /** In words. */
  label: string;
  made_at: string;
  intent: I;
  /** How often it was sent. */
  attempts: number;
}

/** Why the server refused it for good. */
export interface Reason {
  what: string;
  why: string;
  trace_id: string | null;
}

export interface Refused<I> {
  item: QueueItem<I>;
  reason: Reason;
}

export type Ending = 'saved' | 'waiting' | 'dropped';

/** What an item shows while it is under way. */
export interface Showing {
  /** The server has it: what lies over the server's word is lifted. */
  done: () => void;
  putBack: () => void;
  /** Shows it over what was read anew. */
  again: () => void;
}

/** Where items are kept over a reload. */
export interface QueueStore<I> {
  /** `leaving`: this page may be about to go. False where there is no room. */
  save: (items: readonly QueueItem<I>[], refused: readonly Refused<I>[], leaving: boolean) => boolean;
  /** Hands over what tabs that are gone have left, now and later. */
  adopt: (take: (items: QueueItem<I>[], refused: Refused<I>[]) => void) => void;
  close: () => void;
}

export interface QueueState<I> {
  /** What waits for the connection. */
  waiting: readonly QueueItem<I>[];
  refused: readonly Refused<I>[];
  /** The server did not answer the last time. */
  away: boolean;
  /** What waits would survive a reload. */
  kept: boolean;
}

export interface QueueOptions<I> {
  /** Resolves once the server has confirmed it. */
  send: (item: QueueItem<I>) => Promise<void>;
  show: (item: QueueItem<I>) => Showing;
  /** Ids that it concerns: items that share one are sent one after the other. */
  touches: (intent: I) => readonly string[];
  /** Ids that it makes: what concerns them cannot stand without it. */
  makes: (intent: I) => readonly string[];
  /** It will not be sent, whatever the reason. */
  onGone?: (item: QueueItem<I>) => void;
  reason: (error: unknown) => Reason;
}

export interface Queue<I> {
  /** Shows it at once and sends it when its turn comes; rejects with what the server refuses it for, having put everything back. */
  add: (item: QueueItem<I>) => Promise<Ending>;
  /** Takes out what is not being sent, with everything that cannot stand without it. */
  drop: (key: string) => boolean;
  /** Resolves once nothing by this key is under way: true; or it waits for the connection: false. */
  settled: (key: string) => Promise<boolean>;
  /** Takes a refused one off the list. */
  discard: (key: string) => void;
  /** Takes everything out that waits or was refused. */
  discardAll: () => void;
  /** Try now: the connection is back. */
  poke: () => void;
  /** Shows everything under way again, over what was read anew. */
  showAgain: () => void;
  /** Is anything under way? */
  busy: () => boolean;
  start: (store: QueueStore<I>) => void;
  /** Nobody is signed in any more: what waits stays kept for the same person. */
  stop: () => void;
  /** Keeps everything under way: the page may be about to go. */
  keep: () => void;
  state: () => QueueState<I>;
  watch: (listener: () => void) => () => void;
}

/** Changes that may wait; more than a person makes by hand. */
export const mostWaiting = 500;
const atOnce = 4;
const slowestRetryMs = 15_000;

/** There is no room for more changes until the server answers. */
class QueueFull extends Error {
  override readonly name = 'QueueFull';
}

interface Entry<I> {
  item: QueueItem<I>;
  touches: readonly string[];
  showing: Showing;
  sending: boolean;
  /** Whoever made it was told that it waits. */
  parked: boolean;
  resolve: (ending: Ending) => void;
  reject: (error: unknown) => void;
  ending: Promise<Ending>;
}

export function createQueue<I>(options: QueueOptions<I>): Queue<I> {
  const watchers = new Set<() => void>();
  let entries: Entry<I>[] = [];
  let refused: Refused<I>[] = [];
  let store: QueueStore<I> | null = null;
  let away = false;
  let kept = true;
  let saved = false;
  let tries = 0;
  let timer: ReturnType<typeof setTimeout> | null = null;
  let state: QueueState<I> = { waiting: [], refused: [], away, kept };

  function save(everything: boolean, leaving = false): void {
    const items = entries.filter(({ parked }) => parked || everything).map(({ item }) => item);
    if (items.length === 0 && refused.length === 0 && !saved) return;
    saved = items.length > 0 || refused.length > 0;
    kept = store?.save(items, refused, leaving) ?? false;
  }

  function tell(): void {
    save(false);
    state = { waiting: entries.filter(({ parked }) => parked).map(({ item }) => item), refused, away, kept };
    for (const watcher of watchers) watcher();
  }

  function insert(item: QueueItem<I>, parked: boolean): Promise<Ending> {
    const showing = options.show(item);
    const touches = options.touches(item.intent);
    const entry = { item, touches, showing, sending: false, parked, resolve() {}, reject() {} };
    const ending = new Promise<Ending>((resolve, reject) => Object.assign(entry, { resolve, reject }));
    entries.push({ ...entry, ending });
    return ending;
  }

  function remove(entry: Entry<I>): void {
    entries = entries.filter((other) => other !== entry);
  }

  function pump(): void {
    if (away) return;
    const taken = new Set<string>();
    let sending = entries.filter((entry) => entry.sending).length;
    for (const entry of entries) {
      const free = entry.touches.every((id) => !taken.has(id));
      for (const id of entry.touches) taken.add(id);
      if (!free || entry.sending || sending >= atOnce) continue;
      sending += 1;
      start(entry);
    }
  }

  function start(entry: Entry<I>): void {
    entry.sending = true;
    options.send(entry.item).then(
      () => {
        tries = 0;
        entry.showing.done();
        remove(entry);
        entry.resolve('saved');
        tell();
        pump();
      },
      (error: unknown) => {
        entry.sending = false;
        entry.item.attempts += 1;
        const wait = awayFor(error);
        if (wait === null) refuse(entry, error);
        else goAway(wait);
        pump();
      },
    );
  }

  function goAway(waitMs: number): void {
    if (!away) {
      away = true;
      tries += 1;
      const delay = Math.min(slowestRetryMs, 500 * 2 ** tries) * (0.75 + Math.random() / 2);
      timer = setTimeout(comeBack, Math.max(waitMs, delay));
    }
    for (const entry of entries) {
      entry.parked = true;
      entry.resolve('waiting');
    }
    tell();
  }

  function comeBack(): void {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    away = false;
    pump();
    tell();
  }

  /** An item and the later ones that cannot stand without what it makes. */
  function withDependants(first: Entry<I>): Entry<I>[] {
    const made = new Set(options.makes(first.item.intent));
    const found = [first];
    for (const entry of entries.slice(entries.indexOf(first) + 1)) {
      if (!entry.touches.some((id) => made.has(id))) continue;
      found.push(entry);
      for (const id of options.makes(entry.item.intent)) made.add(id);
    }
    return found;
  }

  function refuse(first: Entry<I>, error: unknown): void {
    const reason = options.reason(error);
    for (const entry of withDependants(first).toReversed()) {
      remove(entry);
      entry.showing.putBack();
      if (entry.parked) refused = [{ item: entry.item, reason }, ...refused];
      else entry.reject(error);
      options.onGone?.(entry.item);
    }
    tell();
  }

  function drop(key: string): boolean {
    const first = entries.find(({ item }) => item.key === key);
    if (!first) return false;
    const all = withDependants(first);
    if (all.some(({ sending }) => sending)) return false;
    for (const entry of all.toReversed()) {
      remove(entry);
      entry.showing.putBack();
      entry.resolve('dropped');
      options.onGone?.(entry.item);
    }
    tell();
    return true;
  }

  function discard(key: string): void {
    refused = refused.filter(({ item }) => item.key !== key);
    tell();
  }

  return {
    add(item) {
      if (entries.length >= mostWaiting && away) return Promise.reject(new QueueFull());
      const ending = insert(item, away);
      if (away) {
        entries.at(-1)?.resolve('waiting');
        tell();
      }
      pump();
      return ending;
    },
    drop,
    async settled(key) {
      const entry = entries.find(({ item }) => item.key === key);
      if (!entry) return true;
      return (await entry.ending.catch(() => 'refused')) !== 'waiting';
    },
    discard,
    discardAll() {
      for (const { item } of entries.toReversed()) drop(item.key);
      refused = [];
      tell();
    },
    poke() {
      if (away) comeBack();
    },
    showAgain() {
      for (const { showing } of entries) showing.again();
    },
    busy: () => entries.length > 0,
    start(next) {
      store = next;
      save(true);
      next.adopt((items, left) => {
        refused = [...refused, ...left];
        // Nobody waits for what an earlier page made.
        for (const item of items) insert(item, true).catch(() => {});
        tell();
        pump();
      });
    },
    stop() {
      save(true);
      for (const { item } of entries) options.onGone?.(item);
      if (timer !== null) clearTimeout(timer);
      timer = null;
      entries = [];
      refused = [];
      away = false;
      saved = false;
      store?.close();
      store = null;
      tell();
    },
    keep: () => save(true, true),
    state: () => state,
    watch(listener) {
      watchers.add(listener);
      return () => watchers.delete(listener);
    },
  };
}

/** Milliseconds to wait at least where the server is away, busy or asks who we are; null where its answer is final. */
function awayFor(error: unknown): number | null {
  if (error instanceof Unreachable) return 0;
  if (!(error instanceof ApiProblem)) return null;
  const { status, code } = error.body;
  const passing = status === 503 || status === 429 || status === 408 || code === 'request.idempotency_key_busy';
  // Whoever signs in again goes on where they were.
  return passing || code === 'auth.required' ? (error.retry_after ?? 0) * 1000 : null;
}
