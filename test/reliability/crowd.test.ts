// Clients that are many, that repeat themselves, and that send what no client would.
import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { envelope, eventsUnderTest, eventually } from '../harness/events.ts';
import { fuzz } from './fuzz.ts';
import { judge, nothingFound, told } from './history.ts';
import { close, load, total, withDatabase } from './load.ts';
import { storedIn } from './outcome.ts';
import { publishPacket, rawClient, subscribePacket } from './raw-mqtt.ts';
import { killableServer } from './server.ts';
import { long, seed, sized } from './size.ts';

const mega = 1024 * 1024;
const percentile = (values: readonly number[], part: number) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length * part)] ?? Number.NaN;

it('R14 one client that sends the same poison again and again makes one letter, and holds nobody up', async () => {
  const times = sized(2_000, 10_000);
  const test = await eventsUnderTest();
  try {
    const [stubborn, neighbour] = [await test.client(), await test.client()];
    const topic = 'tracker/events/stubborn/said';
    let left = times;
    const slot = async () => {
      while (left-- > 0) await stubborn.publishAsync(topic, 'the same as ever', { qos: 1 });
    };
    const sending = Promise.all(Array.from({ length: 100 }, slot));
    for (let n = 0; n < 20; n++) await neighbour.publishAsync('tracker/events/neighbour/said', envelope(), { qos: 1 });
    await sending;
    const rows = await eventually(async () => {
      const found = await test.rows<{ attempts: number; status: string }>(
        `select d.attempts, d.status from public.dlq_events d where d.original_topic = '${topic}'`,
      );
      return found[0]?.attempts === times && found;
    });
    expect(rows).toEqual([{ attempts: times, status: 'open' }]);
    expect(await test.rows("select from public.events_mirror e where e.topic like '%neighbour%'")).toHaveLength(20);
  } finally {
    await test.stop();
  }
}, 120_000);

it(
  'R16 a storm of clients that come and stay, and of others that send',
  () =>
    withDatabase(async ({ url }) => {
      const [idle, active, atOnce] = sized([400, 40, 50], [10_000, 1_000, 100]);
      const server = await killableServer({ database_url: url });
      try {
        await server.start();
        const arrive = async (name: string, count: number) => {
          const clients: Awaited<ReturnType<typeof rawClient>>[] = [];
          for (let n = 0; n < count; n += atOnce) {
            const some = Array.from({ length: Math.min(atOnce, count - n) }, (_, at) =>
              rawClient(server.mqtt_url, `${name}${n + at}`),
            );
            clients.push(...(await Promise.all(some)));
          }
          return clients;
        };
        // Warm, so that what is counted is the clients'.
        for (const { socket } of await arrive('early', atOnce)) socket.destroy();
        await pause(1000);
        const before = await server.memory();
        const sleepers = await arrive('idle', idle);
        await pause(1000);
        const each = ((await server.memory()) - before) / idle / 1024;
        const senders = await arrive('active', active);
        for (const [n, { socket }] of senders.entries()) {
          socket.write(subscribePacket(`tracker/replies/active${n}`, 1));
          socket.write(publishPacket('garden/signals', Buffer.from(String(n)), 2));
        }
        const { publishers, finish } = load(server.mqtt_url, 2);
        await pause(sized(1_000, 30_000));
        await finish();
        const sent = await close(publishers);
        const p99 = percentile(
          [...sleepers, ...senders].map(({ took_ms }) => took_ms),
          0.99,
        );
        console.log(
          `R16: ${idle} idle and ${active} active clients, connected within ${Math.round(p99)} ms at p99, ${each.toFixed(1)} KB for each idle one; ${total(sent)} events beside them.`,
        );
        const findings = judge(sent, await storedIn(url));
        expect(told(findings)).toEqual({});
        expect(findings).toEqual(nothingFound);
        expect([...sleepers, ...senders].filter(({ socket }) => socket.destroyed)).toEqual([]);
        if (long) {
          expect(p99).toBeLessThan(1000);
          expect(each).toBeLessThan(30);
        }
        for (const { socket } of [...sleepers, ...senders]) socket.destroy();
      } finally {
        await server.kill();
        await server.remove();
      }
    }),
  sized(3, 15) * 60_000,
);

it(
  'R15 packets that are broken in every way end no more than their own connection',
  () =>
    withDatabase(async ({ url }) => {
      const server = await killableServer({ database_url: url });
      try {
        await server.start();
        const packets = sized(4_000, 1_000_000);
        const { publishers, finish } = load(server.mqtt_url, 2, { pace: 10 });
        await fuzz({ url: server.mqtt_url, seed, packets: packets / 4 });
        const before = await server.memory();
        const answered = total(publishers.map((one) => one.history()));
        await fuzz({ url: server.mqtt_url, seed: seed + 1, packets });
        const grown = ((await server.memory()) - before) / mega;
        await finish();
        const sent = await close(publishers);
        console.log(
          `R15: ${packets} packets by seed ${seed}; memory ${grown.toFixed(1)} MB more; ${total(sent)} events of neighbours.`,
        );
        expect(server.running()).toBe(true);
        const { mirror, dead } = await storedIn(url);
        const theirs = (key: string) => key.startsWith('pub');
        const findings = judge(sent, { mirror: mirror.filter(theirs), dead: dead.filter(theirs) });
        expect(told(findings)).toEqual({});
        expect(findings).toEqual(nothingFound);
        expect(total(sent)).toBeGreaterThan(answered);
        expect(grown).toBeLessThan(sized(200, 100));
      } finally {
        await server.kill();
        await server.remove();
      }
    }),
  sized(3, 60) * 60_000,
);
