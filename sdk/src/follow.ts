// The live stream for programs: fetch instead of EventSource, so that a Bearer token can be sent; goes on after the last event.
import type { StoredEvent } from '@taylordash/core/entities';
import { ApiProblem, type Client } from './client.ts';
import { readServerSentEvents } from './server-sent-events.ts';

export type FollowStep =
  | { type: 'connected' }
  | { type: 'event'; event: StoredEvent }
  /** What followed the last event is kept no longer, or its id was never given out. */
  | { type: 'gap' }
  /** The last event that was asked for is behind us. */
  | { type: 'end' }
  | { type: 'lost'; reason: string };

export interface FollowOptions {
  topics?: readonly string[];
  kinds?: readonly string[];
  project_id?: string;
  /** The filter of events, as the grammar has it. */
  filter?: string;
  /** Id of the last event that is wanted; without it, what comes is followed for ever. */
  until?: string;
  /** Id of the event to go on after; null for what comes from now on. */
  after: string | null;
  signal: AbortSignal;
}

const slowestRetryMs = 15_000;
/** The server writes something every 15 seconds: silence for so long is a connection that died unnoticed. */
const silenceMs = 45_000;

/** Ends behind `until`, or when the signal is given. Throws ApiProblem where the server refuses for good (the session ended, a bad filter). */
export async function* followEvents(client: Client, options: FollowOptions): AsyncGenerator<FollowStep> {
  const { topics, kinds, project_id, filter, until, signal } = options;
  let last = options.after;
  let tries = 0;
  while (!signal.aborted) {
    const silence = new AbortController();
    let timer = setTimeout(() => silence.abort(), silenceMs);
    try {
      const response = await client.raw('streamEvents', {
        query: {
          ...(topics === undefined ? {} : { topics: topics.join(',') }),
          ...(kinds === undefined ? {} : { kinds: kinds.join(',') }),
          ...(project_id === undefined ? {} : { project_id }),
          ...(filter === undefined ? {} : { filter }),
          ...(until === undefined ? {} : { until }),
          ...(last === null ? {} : { after: last }),
        },
        signal: AbortSignal.any([signal, silence.signal]),
      });
      tries = 0;
      yield { type: 'connected' };
      for await (const block of readServerSentEvents(response)) {
        clearTimeout(timer);
        timer = setTimeout(() => silence.abort(), silenceMs);
        if (block.id !== null) last = block.id;
        if (block.event === 'gap' || block.event === 'reset') yield { type: 'gap' };
        if (block.event === 'end') {
          yield { type: 'end' };
          return;
        }
        if (block.event === 'event') yield { type: 'event', event: JSON.parse(block.data) };
      }
      yield { type: 'lost', reason: 'the server closed it' };
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof ApiProblem && error.body.status < 500 && error.body.status !== 429) throw error;
      yield { type: 'lost', reason: error instanceof Error ? error.message : String(error) };
    } finally {
      clearTimeout(timer);
    }
    tries += 1;
    await pause(Math.min(slowestRetryMs, 250 * 2 ** tries) * (0.75 + Math.random() / 2), signal);
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}
