// Runs replays on the leader: oldest letter first, at their rate, through the ingest like any message; a kill at any moment loses nothing.
import { classify } from '../../db/errors.ts';
import type { Handle } from '../../db/transaction.ts';
import type { Settlement } from '../../events/appender.ts';
import type { Publication } from '../../events/broker.ts';
import { storable } from '../../events/dead-letters.ts';
import type { Incoming } from '../../events/message.ts';
import { type LeaderJobs, leaderJobs, pacer } from '../../kernel/leader-jobs.ts';
import type { Log } from '../../kernel/log.ts';
import { Problem } from '../../kernel/problem.ts';
import { type Prepared, prepare, type ReplayFailure } from './prepare.ts';
import type { LetterRow, RunningReplay } from './replay-queries.ts';
import * as queries from './replay-queries.ts';
import { afterFailure, afterStep, type ReplayState, watched } from './replay-state.ts';

/** Carries out again what failed in a subscriber, by the id of its event. Throws the problem that it meets. */
export type Redo = (event_id: string) => Promise<void>;

export interface RunnerOptions {
  db: Handle;
  log: Log;
  /** As Appender.ingest. */
  ingest(message: Incoming, settlement: Settlement): boolean;
  publish(message: Publication): Promise<void>;
  /** The broker is our own: what died never reached its subscribers. */
  embedded: boolean;
  /** By stage. */
  redo: Readonly<Record<string, Redo>>;
  /** Ends a replay and tells of it, in one transaction. */
  end(id: string, status: 'stopped' | 'finished', stop_reason: string | null): Promise<void>;
}

type Outcome = 'stored' | 'duplicate' | 'redone' | ReplayFailure;

/** Letters are sent at once for so many seconds: few, so that a replay that fails stops early. */
const atOnceFor = 0.05;

export function startReplayRunner(options: RunnerOptions): LeaderJobs {
  const { db, log, redo } = options;
  let complained = false;

  function complain(error: unknown): void {
    if (!complained) log.warn({ err: error }, 'a replay of dead letters cannot go on, it is tried again');
    complained = true;
  }

  async function run(replay: RunningReplay, signal: AbortSignal): Promise<void> {
    const recent = await queries.recentFailures(db, replay, watched);
    let state: ReplayState = { status: 'running', stop_reason: null, recent };
    const atOnce = Math.max(1, Math.floor(replay.rate * atOnceFor));
    const keepPace = pacer(replay.rate);
    let last = '0';
    while (!signal.aborted) {
      const letters = await queries.nextLetters(db, replay.id, last, atOnce);
      const newest = letters.at(-1)?.id;
      if (newest === undefined) {
        if (last === '0') {
          // None is left, or somebody stopped it: then this changes nothing.
          await options.end(replay.id, 'finished', null);
          return;
        }
        // Once more from the beginning: none may be left behind.
        last = '0';
        continue;
      }
      last = newest;
      const outcomes = await send(replay, letters, signal);
      if (outcomes === null) return;
      const failed = letters.flatMap((letter, index) => {
        const outcome = outcomes[index];
        if (typeof outcome !== 'object') return [];
        const { reason_code, failure_reason } = outcome;
        const failure = storable(failure_reason);
        return [{ id: letter.id, reason_code, failure, ...afterFailure(letter.hops) }];
      });
      if (failed.length > 0) await queries.recordFailures(db, failed);
      complained = false;
      for (const outcome of outcomes) {
        state = afterStep(state, { type: 'settled', failed: typeof outcome === 'object' });
      }
      if (state.status === 'stopped') {
        await options.end(replay.id, 'stopped', state.stop_reason);
        return;
      }
      await keepPace(letters.length, signal);
    }
  }

  /** What became of each letter; null where this server does not lead any more. */
  async function send(
    replay: RunningReplay,
    letters: readonly LetterRow[],
    signal: AbortSignal,
  ): Promise<Outcome[] | null> {
    const under_way: Promise<Outcome>[] = [];
    for (const letter of letters) {
      const prepared = prepare(letter, replay.edit, replay.seed);
      if (prepared.kind === 'redo') {
        // In its turn: what was sent before it is settled first.
        if ((await orAborted(Promise.all(under_way), signal)) === null) return null;
        under_way.push(Promise.resolve(await carryOutAgain(letter, prepared)));
      } else if (prepared.kind === 'failed') under_way.push(Promise.resolve(prepared));
      else under_way.push(offer(prepared, signal));
    }
    return orAborted(Promise.all(under_way), signal);
  }

  async function offer(prepared: Extract<Prepared, { kind: 'message' }>, signal: AbortSignal): Promise<Outcome> {
    const { message, text, edited } = prepared;
    const outcome = await new Promise<Outcome>((resolve) => {
      const settlement: Settlement = {
        settle: (found) => resolve(found === 'stored' ? 'stored' : 'duplicate'),
        abandoned: () => signal.aborted,
        failed: resolve,
      };
      const give = () => {
        if (!signal.aborted && !options.ingest(message, settlement)) setTimeout(give, 50);
      };
      give();
    });
    if (outcome === 'stored' && (options.embedded || edited)) {
      await options.publish({ topic: message.topic, payload: text }).catch(complain);
    }
    return outcome;
  }

  async function carryOutAgain(
    letter: LetterRow,
    { stage, event_id }: Extract<Prepared, { kind: 'redo' }>,
  ): Promise<Outcome> {
    const again = redo[stage];
    if (again === undefined) {
      return { reason_code: 'not_redoable', failure_reason: `Nothing can carry out again what failed at ${stage}.` };
    }
    try {
      await again(event_id);
    } catch (error) {
      const { kind } = classify(error);
      if (kind === 'unavailable' || kind === 'retry') throw error;
      return { reason_code: error instanceof Problem ? error.code : 'server.error', failure_reason: messageOf(error) };
    }
    await queries.recordRedone(db, letter.id);
    return 'redone';
  }

  return leaderJobs({
    async jobs(at_work) {
      await queries.releaseStopped(db, at_work);
      return queries.runningReplays(db);
    },
    run,
    complain,
  });
}

/** What the work gives, or null once it is given up. */
function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T | null> {
  return new Promise((resolve, reject) => {
    const giveUp = () => resolve(null);
    signal.addEventListener('abort', giveUp, { once: true });
    if (signal.aborted) giveUp();
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', giveUp));
  });
}

function messageOf(error: unknown): string {
  return error instanceof Problem ? error.message : 'It failed by a bug of TaylorDash; the log has more.';
}
