// Networks that misbehave, between all pairs: nothing is lost or doubled, and nobody waits for ever for who is gone.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { mosquittoBinary } from '../harness/mosquitto.ts';
import { type BrokenBuild, brokenBuild } from './broken-build.ts';
import { nothingFound, told } from './history.ts';
import { type NetworkOptions, type NetworkRun, toDatabase, toMosquitto, toPublishers } from './network.ts';
import { long, sized } from './size.ts';
import type { Toxics } from './toxic-proxy.ts';

const minute = 60_000;

const toxics: readonly Toxics[] = [
  { latency: sized(100, 5000) },
  { bandwidth: sized(4000, 1000) },
  { slice: 1 },
  { limit_data: sized(6000, 20_000) },
  { reset: 0.01, slice: 200 },
];

/** Waits of the server for who does not answer, which are too long for a short run. */
const shorter = [
  ['pool', 'db/database.ts', 'STATEMENT_TIMEOUT = 30_000', 'STATEMENT_TIMEOUT = 3_000'],
  ['leader', 'db/leader.ts', 'STATEMENT_TIMEOUT = 60_000', 'STATEMENT_TIMEOUT = 3_000'],
  ['pool at rest', 'db/pool.ts', 'idleTimeoutMillis: 30_000', 'idleTimeoutMillis: 3_000'],
  ['heartbeat', 'db/listen.ts', 'HEARTBEAT = 20_000', 'HEARTBEAT = 3_000'],
  ['answer', 'db/listen.ts', 'ANSWER_WITHIN = 5_000', 'ANSWER_WITHIN = 3_000'],
  ['spare', 'db/connect.ts', 'SPARE = 5_000', 'SPARE = 1_000'],
  ['silence', 'db/connect.ts', 'LONGEST_SILENCE = 60_000', 'LONGEST_SILENCE = 8_000'],
  ['signals', 'events/signal-client.ts', 'keepalive: 30,', 'keepalive: 2,'],
  ['broker', 'events/external-broker.ts', 'keepalive: 30,', 'keepalive: 2,'],
].map(([name = '', file = '', from = '', to = '']) => ({ name, file, from, to }));

let quick: BrokenBuild | null = null;
beforeAll(async () => {
  if (!long) quick = await brokenBuild(...shorter);
});
afterAll(() => quick?.remove());

const options = (): NetworkOptions => ({
  ...(quick === null ? {} : { root: quick.root }),
  ...{ toxics, each: sized(700, 60_000), keep_alive: sized(2, 30) },
  given_up_within: sized(30_000, 2 * minute),
});

function report(pair: string, { findings, ...run }: NetworkRun): void {
  console.log(`R27 ${pair}: ${run.acknowledged} acknowledged over ${run.connections} connections`);
  expect(told(findings)).toEqual({});
  expect(findings).toEqual(nothingFound);
  expect(run).toMatchObject({ stuck: 0, healthy: true });
  expect(run.acknowledged).toBeGreaterThan(50);
}

const within = sized(2, 20) * minute;
it('R27 a bad network to publishers', async () => report('publishers', await toPublishers(options())), within);
it('R27 a bad network to PostgreSQL', async () => report('PostgreSQL', await toDatabase(options())), within);

const mosquitto = mosquittoBinary();
it.runIf(mosquitto !== null)(
  'R27 a bad network to Mosquitto',
  async () => report('Mosquitto', await toMosquitto(options(), mosquitto ?? '')),
  within,
);
