// The scenarios that find faults in a build of the server, each as what it found.
import { mosquittoBinary } from '../harness/mosquitto.ts';
import { commandsUnderKills } from './commands.ts';
import { failovers } from './failover.ts';
import { told } from './history.ts';
import type { LoadOptions } from './load.ts';
import { databaseAway } from './outages.ts';
import { refused } from './refusals.ts';
import { replayUnderKills } from './replays.ts';
import { duplicates, endLeader, killIngester, killServer, type Run, sleepingReader } from './scenarios.ts';
import { sized } from './size.ts';
import { strangers } from './strangers.ts';

/** What was found, by name; empty where nothing was. */
type Found = Record<string, unknown>;
export type Scenario = (root: string) => Promise<Found>;

const kills = sized(3, 6);
const binary = mosquittoBinary() ?? '';

/** The findings of a run, and whatever else it lists. */
async function found(run: Promise<Run>): Promise<Found> {
  const { findings, ready_ms: _times, ...more } = await run;
  const lists = Object.entries(more).filter(([, value]: [string, unknown]) => Array.isArray(value) && value.length > 0);
  return { ...told(findings), ...Object.fromEntries(lists) };
}

export const killed: Scenario = (root) => found(killServer({ root, kills, publishers: 2, poison_every: 15 }));
/** One message at a time, one after the other: the database is at work on one alone when it goes away. */
export const away: Scenario = async (root) => {
  const { findings } = await databaseAway({ root, publishers: 1, away: 1000, pace: 0, in_flight: 1 });
  return told(findings);
};
export const refusing =
  (load?: LoadOptions): Scenario =>
  async (root) => {
    const { stayed, findings } = await refused({ root, each: 2000, rounds: 1, ...(load && { load }) });
    return { ...told(findings), ...(stayed.length > 0 ? { stayed } : {}) };
  };
export const ended: Scenario = (root) => found(endLeader({ root, kills }));
export const repeated: Scenario = (root) => found(duplicates({ root, kills: 1 }));
export const read: Scenario = (root) => found(sleepingReader({ root, kills: sized(3, 12) }));
export const ingester: Scenario = (root) => found(killIngester({ root, kills, pace: 5 }, binary));
export const commanded: Scenario = (root) => found(commandsUnderKills({ root, kills }));
export const apart: Scenario = async (root) => {
  const wrong = await strangers({ root });
  return wrong.length === 0 ? {} : { wrong };
};
export const replayed: Scenario = async (root) => {
  const { rates: _rates, ...run } = await replayUnderKills({
    ...{ root, letters: sized(2000, 5000), kills: sized(3, 10), rate: 500 },
  });
  return { ...(await found(Promise.resolve(run))), ...(run.left > 0 ? { left: run.left } : {}) };
};
export const beside: Scenario = (root) => {
  const run = failovers({ root, blows: [] }, binary);
  return found(run.then(({ takeovers: _none, ...more }) => more));
};
export const two: Scenario = async (root) => {
  const { takeovers, ...run } = await failovers({ root, blows: ['freeze'] }, binary);
  const late = takeovers.filter(({ took_ms }) => took_ms > 15_000);
  return { ...(await found(Promise.resolve(run))), ...(late.length > 0 ? { late } : {}) };
};
