// Sends replays of events, on the leader: in the order of their ids, at their rate; what a kill interrupts goes on where it was.
import type { Handle } from '../../db/transaction.ts';
import type { Publication } from '../../events/broker.ts';
import { type LeaderJobs, leaderJobs, pacer } from '../../kernel/leader-jobs.ts';
import type { Log } from '../../kernel/log.ts';
import * as queries from './replay-queries.ts';

export interface EventReplayOptions {
  db: Handle;
  log: Log;
  publish(message: Publication): Promise<void>;
  /** Ends one that is through, and tells of it. */
  finish(id: string): Promise<void>;
}

/** Events between two marks of how far it is: as many come again after a kill. */
const mostAtOnce = 50;

/** Where a client hears them. */
const replayTopic = (client_id: string, topic: string) => `tracker/replies/${client_id}/replay/${topic}`;

export function startEventReplays({ db, log, publish, finish }: EventReplayOptions): LeaderJobs {
  let complained = false;

  async function run(replay: queries.RunningReplay, signal: AbortSignal): Promise<void> {
    const atOnce = Math.max(1, Math.min(mostAtOnce, Math.floor(replay.rate / 10)));
    const keepPace = pacer(replay.rate);
    let { position } = replay;
    while (!signal.aborted) {
      const events = await queries.nextEvents(db, replay, position, atOnce);
      const last = events.at(-1);
      // None is left, or somebody cancelled it: then this changes nothing.
      if (last === undefined) return finish(replay.id);
      for (const { topic, envelope } of events) {
        if (signal.aborted) return;
        await publish({ topic: replayTopic(replay.client_id, topic), payload: envelope });
      }
      await queries.advance(db, replay.id, last.id, events.length);
      position = last.id;
      complained = false;
      await keepPace(events.length, signal);
    }
  }

  return leaderJobs({
    jobs: () => queries.runningReplays(db),
    run,
    complain(error) {
      if (!complained) log.warn({ err: error }, 'a replay of events cannot go on, it is tried again');
      complained = true;
    },
  });
}
