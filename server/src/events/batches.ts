// The batches under way: the one that the database works on, and the one sent behind it, so that the database need not wait for us.
import type { IngestQueue, Waiting } from './ingest-queue.ts';
import type { Found, StoreBatch } from './mirror.ts';
import { isDataError } from './sqlstate.ts';

export interface BatchesOptions {
  queue: IngestQueue;
  store: StoreBatch;
  onStored(batch: readonly Waiting[], found: ReadonlyMap<number, Found>): void;
  /** The database cannot hold this message. */
  onRefused(message: Waiting, error: unknown): void;
  /** Nothing else waits for its turn. */
  mayGoAhead(): boolean;
  /** Resolves when there is something new in the queue. */
  rings(): Promise<void>;
}

export interface Batches {
  /** Stores the next batch; false where there is none. Throws what is no message's fault: all is back in the queue then, in order. */
  storeNext(): Promise<boolean>;
  /** Waits for what was sent; what fails is back in the queue. */
  settled(): Promise<void>;
  /** How many messages are under way. */
  count(): number;
}

interface Sent {
  batch: Waiting[];
  found: Promise<Map<number, Found>>;
}

export function batchesUnderWay(options: BatchesOptions): Batches {
  const { queue, store, onStored } = options;
  let ahead: Sent | null = null;
  let count = 0;

  function send(): Sent | null {
    const batch = queue.take();
    if (batch.length === 0) return null;
    count += batch.length;
    const found = store(batch);
    // Looked at when it is its turn.
    found.catch(() => undefined);
    return { batch, found };
  }

  /** Sends the next batch as soon as it is as large as the one under way. Null where that one was answered before. */
  async function sendBehind({ batch, found }: Sent): Promise<Sent | null> {
    let answered = false;
    const answer = found.then(
      () => undefined,
      () => undefined,
    );
    void answer.then(() => {
      answered = true;
    });
    while (!answered) {
      const next = options.mayGoAhead() && queue.size().messages >= batch.length ? send() : null;
      if (next !== null) return next;
      await Promise.race([answer, options.rings()]);
    }
    return null;
  }

  async function finish({ batch, found }: Sent, behind: Sent | null): Promise<void> {
    try {
      onStored(batch, await found);
      ahead = behind;
    } catch (error) {
      if (behind !== null) await giveBack(behind);
      if (!isDataError(error)) {
        queue.giveBack(batch);
        throw error;
      }
      await storeHalves(batch, error);
    } finally {
      count -= batch.length;
    }
  }

  /** What was sent behind a batch that failed has failed with it. */
  async function giveBack({ batch, found }: Sent): Promise<void> {
    await found.catch(() => undefined);
    count -= batch.length;
    queue.giveBack(batch);
  }

  /** Halves a batch that fails on its data until the message at fault is alone; the order stays. */
  async function storeHalves(batch: Waiting[], cause: unknown): Promise<void> {
    const segments: Waiting[][] = [];
    const divide = (segment: Waiting[], error: unknown) => {
      const middle = segment.length >> 1;
      if (middle > 0) segments.unshift(segment.slice(0, middle), segment.slice(middle));
      else for (const message of segment) options.onRefused(message, error);
    };
    divide(batch, cause);
    for (let segment = segments.shift(); segment !== undefined; segment = segments.shift()) {
      try {
        onStored(segment, await store(segment));
      } catch (error) {
        if (!isDataError(error)) {
          queue.giveBack([segment, ...segments].flat());
          throw error;
        }
        divide(segment, error);
      }
    }
  }

  return {
    async storeNext() {
      const sent = ahead ?? send();
      ahead = null;
      if (sent === null) return false;
      await finish(sent, await sendBehind(sent));
      return true;
    },
    async settled() {
      const sent = ahead;
      ahead = null;
      if (sent !== null) await finish(sent, null).catch(() => undefined);
    },
    count: () => count,
  };
}
