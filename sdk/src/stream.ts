// The live stream: events as they are stored, gone on after the last one seen, whatever the network does meanwhile.
import type { StoredEvent } from '@taylordash/core/entities';

/** As much of the browser's EventSource as the stream needs. */
export interface EventSourceLike {
  readonly readyState: number;
  addEventListener(type: string, listener: (event: { data?: unknown; lastEventId?: string }) => void): void;
  close(): void;
}

export interface StreamOptions {
  /** The stream's address, going on after that event (null: from now on). */
  url: (after: string | null) => string;
  open: (url: string) => EventSourceLike;
  on_event: (event: StoredEvent) => void;
  /** The server cannot go on where we were: everything known must be read again. */
  on_gap: () => void;
  on_state: (state: 'connected' | 'lost') => void;
  /** Where to go on from at first. */
  after?: string | null;
}

export interface EventStream {
  /** Id of the last event seen. */
  last(): string | null;
  close(): void;
}

const closed = 2;
const slowestRetryMs = 15_000;

/**
 * Opens the stream and keeps it open. EventSource comes back by itself after a lost connection, but not after an error answer
 * (a server that starts, a session that ended): then it is opened anew, ever more slowly.
 */
export function openStream(options: StreamOptions): EventStream {
  let last = options.after ?? null;
  let source: EventSourceLike | null = null;
  let timer: ReturnType<typeof setTimeout> | null = null;
  let tries = 0;
  let ended = false;

  function connect(): void {
    const mine = options.open(options.url(last));
    source = mine;
    mine.addEventListener('open', () => {
      tries = 0;
      options.on_state('connected');
    });
    mine.addEventListener('event', ({ data, lastEventId }) => {
      if (typeof data !== 'string') return;
      const event: StoredEvent = JSON.parse(data);
      last = lastEventId === undefined || lastEventId === '' ? event.id : lastEventId;
      options.on_event(event);
    });
    for (const name of ['gap', 'reset']) {
      mine.addEventListener(name, ({ lastEventId }) => {
        last = lastEventId === undefined || lastEventId === '' ? null : lastEventId;
        options.on_gap();
      });
    }
    mine.addEventListener('error', () => {
      if (ended || source !== mine) return;
      options.on_state('lost');
      if (mine.readyState !== closed) return;
      tries += 1;
      timer = setTimeout(connect, Math.min(slowestRetryMs, 500 * 2 ** tries) * (0.75 + Math.random() / 2));
    });
  }

  connect();
  return {
    last: () => last,
    close() {
      ended = true;
      if (timer !== null) clearTimeout(timer);
      source?.close();
    },
  };
}
