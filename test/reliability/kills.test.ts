// Servers, databases and readers that are killed under load: nothing that was acknowledged is lost, nothing is stored twice.
import { expect, it } from 'vitest';
import { mosquittoBinary } from '../harness/mosquitto.ts';
import { nothingFound, told } from './history.ts';
import {
  duplicates,
  endLeader,
  killIngester,
  killServer,
  killWithDatabase,
  type Run,
  sleepingReader,
  stopDatabase,
} from './scenarios.ts';
import { bound, sized } from './size.ts';

const minutes = (count: number) => count * 60_000;

/** Says what a run was, and fails with what it found. */
function report(name: string, { findings, acknowledged, kills, ready_ms }: Run): void {
  const slowest = ready_ms.length === 0 ? '' : `, ready within ${Math.round(Math.max(...ready_ms))} ms`;
  console.log(`${name}: ${acknowledged} acknowledged${slowest}. ${bound(kills)}.`);
  expect(told(findings)).toEqual({});
  expect(findings).toEqual(nothingFound);
  expect(acknowledged).toBeGreaterThan(100);
}

it(
  'R01 R13 a server that is killed under load, one message in fifteen poison',
  async () => report('R01', await killServer({ kills: sized(6, 100), publishers: 3, poison_every: 15 })),
  minutes(sized(4, 30)),
);

it(
  'R02 the same on the embedded database, which is killed with it at every third time',
  async () => report('R02', await killWithDatabase({ kills: sized(3, 100) })),
  minutes(sized(4, 30)),
);

it(
  'R04 a database that stops at once under load',
  async () => report('R04', await stopDatabase({ kills: sized(2, 50) })),
  minutes(sized(4, 30)),
);

it(
  'R28 the connection that appends is ended under load',
  async () => report('R28', await endLeader({ kills: sized(4, 100) })),
  minutes(sized(4, 30)),
);

it(
  'R06 a reader with a persistent session hears everything that was acknowledged',
  async () => {
    const run = await sleepingReader({ kills: sized(4, 50) });
    report('R06', run);
    expect(run.missed).toEqual([]);
  },
  minutes(sized(4, 20)),
);

it(
  'R17 every message three times, also across kills',
  async () => report('R17', await duplicates({ kills: sized(1, 10) })),
  minutes(sized(4, 10)),
);

const mosquitto = mosquittoBinary();
it.runIf(mosquitto !== null)(
  'R03 a server that is killed while it takes events from Mosquitto',
  async () => report('R03', await killIngester({ kills: sized(4, 100) }, mosquitto ?? '')),
  minutes(sized(4, 30)),
);
