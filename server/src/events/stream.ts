// One live stream: where it begins, how it catches up, and when it is ended. Bounded memory: a client that reads slowly is closed.
import type { StoredEvent } from '@taylordash/core/entities';
import { topicMatcher } from '@taylordash/core/topics';
import type { StreamRow } from './stream-queries.ts';

/** Where a stream writes to: a server's HTTP response. */
export interface Sink {
  write(chunk: string): boolean;
  end(): unknown;
  destroy(): unknown;
  on(event: 'close' | 'drain', handler: () => void): unknown;
  /** The client has gone: `close` was emitted, and is not again. */
  readonly destroyed: boolean;
  readonly writableLength: number;
}

export interface StreamFilter {
  /** MQTT topic filters; null for every topic. */
  topics: readonly string[] | null;
  kinds: readonly string[] | null;
  project_id: string | null;
  /** Topic filters beyond which nothing is shown, whatever is asked for; null for no such bound. */
  visible: readonly string[] | null;
  /** The filter as the grammar has it; null for none. */
  matches: ((event: StoredEvent) => boolean) | null;
  /** Id of the user who reads, where inboxes of others are to stay theirs; null for an administrator. */
  reader_id: string | null;
}

export interface StreamOptions {
  sink: Sink;
  filter: StreamFilter;
  /** As the client gave it; null where it gave none. */
  last_event_id: string | null;
  /** The last id to be sent: the stream ends behind it. */
  until?: bigint;
  /** May this client still read? Asked each second; a no, or an error, ends the stream. */
  stillAllowed(): Promise<boolean>;
}

export interface Stream {
  /** The next events of the mirror, for a stream that has caught up. */
  offer(rows: readonly StreamRow[]): void;
  end(): void;
}

export interface StreamFeed {
  heartbeat_every: number;
  /** What live streams were handed; null while that is not known. */
  head(): bigint | null;
  newest(): Promise<bigint>;
  /** Null where there is no event. */
  oldest(): Promise<bigint | null>;
  read(after: bigint): Promise<StreamRow[]>;
  onEnd(): void;
}

/** What may lie unsent in a live stream, in bytes. */
const mostUnsent = 1024 * 1024;
/** How long a client may take to read what a catching-up stream wrote, in milliseconds. */
const drainWithin = 30_000;
const rightsEvery = 1000;

export function createStream(options: StreamOptions, feed: StreamFeed): Stream {
  const { sink, until } = options;
  const passes = filterOf(options.filter);
  let ended = false;
  let live = false;
  /** Everything up to here was written or filtered out. */
  let position: bigint | null = null;
  let told: bigint | null = null;
  let onDrain: (() => void) | null = null;

  const stop = (how: 'end' | 'destroy') => {
    if (ended) return;
    ended = true;
    clearInterval(rights);
    clearInterval(heartbeat);
    onDrain?.();
    sink[how]();
    feed.onEnd();
  };
  sink.on('close', () => stop('destroy'));
  sink.on('drain', () => onDrain?.());

  const rights = setInterval(() => {
    options.stillAllowed().then(
      (allowed) => allowed || stop('end'),
      () => stop('end'),
    );
  }, rightsEvery);
  const heartbeat = setInterval(() => {
    // A block without data is no event to an EventSource, but moves its last event id past what the filter left out.
    const moved = position !== null && position !== told;
    sink.write(moved ? `: heartbeat\nid: ${position}\n\n` : ': heartbeat\n\n');
    told = position;
  }, feed.heartbeat_every);

  /** Whether everything that was asked for is written; then the stream is over. */
  function complete(): boolean {
    if (until === undefined || position === null || position < until) return false;
    sink.write(`id: ${position}\nevent: end\ndata: ${JSON.stringify({ until: String(until) })}\n\n`);
    stop('end');
    return true;
  }

  /** Moves on to the row and returns what is to be written of it; empty where it is filtered out. */
  function frame(row: StreamRow): string {
    const beyond = until !== undefined && row.id > until;
    position = beyond ? until : row.id;
    if (beyond || !passes(row)) return '';
    told = row.id;
    return `id: ${row.id}\nevent: event\ndata: ${row.json}\n\n`;
  }

  function write(row: StreamRow): boolean {
    const text = frame(row);
    return text === '' || sink.write(text);
  }

  async function begin(): Promise<void> {
    const start = await startOf(options.last_event_id, feed);
    if (ended) return;
    // Only now: who is told so may count on what happens from here on.
    sink.write(': connected\n\n');
    position = start.position;
    told = start.position;
    const id = `id: ${start.position}\n`;
    sink.write(
      start.event === null ? `${id}\n` : `${id}event: ${start.event}\ndata: ${JSON.stringify(start.data)}\n\n`,
    );
    while (!ended && !complete()) {
      const head = feed.head();
      // From here on offer() has the next one: both run on one thread, and nothing is awaited in between.
      if (head !== null && position >= head) {
        live = true;
        return;
      }
      const rows = await feed.read(position);
      if (rows.length === 0 && head === null) await new Promise((resolve) => setTimeout(resolve, 20));
      for (const row of rows) {
        if (ended) return;
        if (!write(row) && !(await drained())) return;
        if (complete()) return;
      }
    }
  }

  async function drained(): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      onDrain = resolve;
      timer = setTimeout(() => stop('destroy'), drainWithin);
    });
    clearTimeout(timer);
    onDrain = null;
    return !ended;
  }

  begin().catch(() => stop('end'));

  return {
    offer(rows) {
      if (!live || ended) return;
      // One write for all of them: two hundred streams would else be two hundred writes an event.
      let text = '';
      for (const row of rows) if (position === null || row.id > position) text += frame(row);
      if (text !== '') sink.write(text);
      if (!complete() && sink.writableLength > mostUnsent) stop('destroy');
    },
    end: () => stop('end'),
  };
}

/** Prepared once: it is asked of every event, by every stream. */
function filterOf(filter: StreamFilter): (row: StreamRow) => boolean {
  const isVisible = filter.visible === null ? null : topicMatcher(filter.visible);
  const isAsked = filter.topics === null ? null : topicMatcher(filter.topics);
  return (row) =>
    (isVisible === null || isVisible(row.topic)) &&
    (filter.reader_id === null || row.inbox_owner === null || row.inbox_owner === filter.reader_id) &&
    (isAsked === null || isAsked(row.topic)) &&
    (filter.kinds === null || filter.kinds.includes(row.kind)) &&
    (filter.project_id === null || filter.project_id === row.project_id) &&
    (filter.matches === null || filter.matches(eventOf(row)));
}

const read = new WeakMap<StreamRow, StoredEvent>();
/** Parsed once for all streams that look into it. */
function eventOf(row: StreamRow): StoredEvent {
  const known = read.get(row);
  if (known) return known;
  const event: StoredEvent = JSON.parse(row.json);
  read.set(row, event);
  return event;
}

interface Start {
  position: bigint;
  event: 'gap' | 'reset' | null;
  data: Record<string, string>;
}

/**
 * Without an id: from now on. With one: after it. `gap` where what followed it is kept no longer (goes on with the oldest
 * kept), `reset` where no such id was ever given out (goes on with what comes now).
 */
async function startOf(lastEventId: string | null, feed: StreamFeed): Promise<Start> {
  const newest = feed.head() ?? (await feed.newest());
  if (lastEventId === null || lastEventId === '') return { position: newest, event: null, data: {} };
  const reset = (reason: string): Start => ({
    position: newest,
    event: 'reset',
    data: { reason, latest: String(newest) },
  });
  if (!/^\d{1,19}$/.test(lastEventId)) return reset('The last event id is not a number that this stream gave out.');
  const asked = BigInt(lastEventId);
  // Another reader may be ahead of the hub by a moment.
  if (asked > newest && asked > (await feed.newest())) return reset('The last event id is beyond the newest event.');
  const oldest = await feed.oldest();
  if (oldest !== null && asked < oldest - 1n) {
    const data = { after: lastEventId, oldest: String(oldest) };
    return { position: oldest - 1n, event: 'gap', data };
  }
  return { position: asked, event: null, data: {} };
}
