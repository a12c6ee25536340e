// Two servers on one database: one appends at a time, and where it goes, in whatever way, the other takes over soon.
import { expect, it } from 'vitest';
import { readTarget } from '../../server/src/db/connect.ts';
import { openLeaderConnection } from '../../server/src/db/leader.ts';
import { type Leader, startLeader } from '../../server/src/events/leader.ts';
import { mosquittoBinary } from '../harness/mosquitto.ts';
import { type Blow, failovers } from './failover.ts';
import { nothingFound, told } from './history.ts';
import { until, withDatabase } from './load.ts';
import { bound, long, sized } from './size.ts';
import { toxicProxy } from './toxic-proxy.ts';

const mosquitto = mosquittoBinary();
const short: readonly Blow[] = ['kill', 'cut'];
const blows: readonly Blow[] = long
  ? Array.from({ length: 50 }, (_, n) => (n % 5 === 1 ? 'freeze' : n % 5 === 3 ? 'cut' : 'kill'))
  : short;

it.runIf(mosquitto !== null)(
  'R36 of two servers the leading one is killed, frozen or cut off from the database',
  async () => {
    const run = await failovers({ blows }, mosquitto ?? '');
    const slowest = (blow: Blow) =>
      Math.round(Math.max(0, ...run.takeovers.filter((one) => one.blow === blow).map(({ took_ms }) => took_ms)));
    console.log(
      `R36: ${run.acknowledged} acknowledged; taken over within ${slowest('kill')} ms of a kill, ${slowest('freeze')} of a freeze, ${slowest('cut')} of a cut. ${bound(run.kills)}.`,
    );
    expect(run.usurped).toEqual([]);
    expect(told(run.findings)).toEqual({});
    expect(run.findings).toEqual(nothingFound);
    expect(run.acknowledged).toBeGreaterThan(100);
    expect(run.takeovers.filter(({ arrivals }) => arrivals > 1)).toEqual([]);
    const allowed = sized(15_000, 5_000);
    expect(run.takeovers.filter(({ took_ms }) => took_ms > allowed)).toEqual([]);
  },
  sized(4, 30) * 60_000,
);

it('R36 a connection on which nothing is answered any more is lost, and not asked for ever', () =>
  withDatabase(async ({ url }) => {
    const proxy = await toxicProxy(url);
    const connection = await openLeaderConnection(readTarget(proxy.through(url)), 400);
    const lost = new Promise((resolve) => connection.onLost(resolve));
    expect(await connection.query('select 1 as one')).toEqual([{ one: 1 }]);
    proxy.cut();
    await expect(connection.query('select 1')).rejects.toThrow();
    await lost;
    await proxy.close();
  }));

it(
  'R36 who led or waited to, and was cut off, is a candidate again soon after the network is back',
  () =>
    withDatabase(async ({ url }) => {
      const proxy = await toxicProxy(url);
      const asking: NodeJS.Timeout[] = [];
      const member = (through: string): Leader =>
        startLeader({
          database: { leaderConnection: () => openLeaderConnection(readTarget(through)) },
          log: { info: () => undefined, warn: () => undefined },
          // As the appender does.
          onLead: (connection) =>
            asking.push(setInterval(() => connection.query('select 1').catch(() => undefined), 1000)),
          onLost: () => clearInterval(asking.pop()),
        });
      const state = (one: Leader, wanted: string) => until(() => one.state() === wanted, 20_000);
      const first = member(proxy.through(url));
      expect(await state(first, 'leading')).toBe(true);
      const waiting = member(proxy.through(url));
      expect(await state(waiting, 'waiting')).toBe(true);
      proxy.cut();
      const other = member(url);
      expect(await state(other, 'leading')).toBe(true);
      proxy.heal();
      // A statement that is not answered is given up after a minute: neither waits for that.
      expect(await state(first, 'waiting')).toBe(true);
      await Promise.all([other.stop(), first.stop()]);
      expect(await state(waiting, 'leading')).toBe(true);
      await waiting.stop();
      for (const timer of asking) clearInterval(timer);
      await proxy.close();
    }),
  90_000,
);
