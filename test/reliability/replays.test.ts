// Replays of dead letters: at size, across kills, and as their dry runs say.
import fc from 'fast-check';
import { connectAsync } from 'mqtt';
import { expect, it } from 'vitest';
import { testApp } from '../harness/app.ts';
import { envelope, eventually } from '../harness/events.ts';
import { nothingFound, told } from './history.ts';
import { replayUnderKills } from './replays.ts';
import { bound, long, sized } from './size.ts';

it(
  'R23 a replay goes on across kills of the server: every letter once, in the order of its topic',
  async () => {
    const rate = 500;
    const run = await replayUnderKills({ letters: sized(2_000, 100_000), kills: sized(2, 20), rate });
    const sorted = run.rates.toSorted((a, b) => a - b);
    const median = sorted[sorted.length >> 1] ?? 0;
    console.log(
      `R23: ${run.acknowledged} letters, ${median} a second at the median of ${sorted.length} undisturbed seconds. ${bound(run.kills)}.`,
    );
    expect(told(run.findings)).toEqual({});
    expect(run.findings).toEqual(nothingFound);
    expect(run.status).toBe('finished');
    expect(run.left).toBe(0);
    // Between two kills of a short run there are no undisturbed seconds.
    if (long) expect(Math.abs(median - rate)).toBeLessThanOrEqual(rate / 10);
  },
  sized(3, 30) * 60_000,
);

it(
  'R25 a dry run says what the replay then does, for any letters, edit and filter',
  async () => {
    const td = await testApp();
    const client = await connectAsync(`mqtt://127.0.0.1:${td.app.mqtt_port}`, { clientId: 'greenhouse-esp32' });
    const publish = (topic: string, text: string) => client.publishAsync(topic, text, { qos: 1 });
    const wrap = [{ op: 'wrap' as const, kind: 'said', into: 'text' }];
    const shapes = fc.array(
      fc.record({
        text: fc.constantFrom('temp=1', '{"a":1}', '[1]', '{"kind":"k"', '\u0000', '{"a":1,"a":2}'),
        key: fc.constantFrom('a', 'b', 'c'),
        envelope: fc.boolean(),
        value: fc.constantFrom(1, 2),
        kind: fc.constantFrom('fine', 'Not Fine', null),
      }),
      { minLength: 1, maxLength: 25 },
    );
    const edits = fc.constantFrom(
      [],
      wrap,
      [{ op: 'set' as const, path: 'kind', value: 'fixed' }],
      [...wrap, { op: 'set' as const, path: 'idempotency_key', value: '{{text}}' }],
      [{ op: 'rename' as const, path: 'kid', to: 'kind' }],
      [
        { op: 'set' as const, path: 'ts', value: '{{received_at}}' },
        { op: 'set' as const, path: 'idempotency_key', value: 'shared {{topic.3}}' },
      ],
    );
    const filters = fc.constantFrom('topic', 'every place', 'reason', 'client', 'ids', 'since');
    let places = 0;
    await fc.assert(
      fc.asyncProperty(shapes, edits, filters, fc.boolean(), async (letters, edit, filter, before) => {
        const topic = `tracker/events/place${++places}/said`;
        const key = (name: string) => `${topic} ${name}`;
        if (before) await publish(topic, envelope({ kind: 'fixed', idempotency_key: key('a'), payload: { value: 1 } }));
        const bad = letters.map(({ text, key: name, value, kind, envelope: whole }) =>
          whole
            ? envelope({
                ...(kind === null ? { kid: 'late' } : { kind: `${kind}!` }),
                kind_of: 1,
                ...(kind === null ? { kind: undefined } : {}),
                idempotency_key: key(name),
                payload: { value },
              })
            : text,
        );
        for (const text of bad) await publish(topic, text);
        const count = new Set(bad).size;
        const { items } = await eventually(async () => {
          const { data } = await td.admin.call('listDeadLetters', { query: { topic, limit: 200 } });
          return data.items.length >= count && data;
        });
        const some = items.filter((_, n) => n % 2 === 0);
        const selection = {
          topic: { topic },
          'every place': { topic: 'tracker/events/+/said' },
          reason: { topic, reason_code: items[0]?.reason_code ?? '' },
          client: { topic, client: 'greenhouse-esp32' },
          ids: { ids: some.map(({ id }) => id) },
          since: { topic, from: items[items.length >> 1]?.created_at ?? '' },
        }[filter];
        const { total, ...counts } = (await td.admin.call('dryRunDeadLetters', { body: { selection, edit } })).data
          .counts;
        const { id } = (await td.admin.call('startReplay', { body: { selection, edit, rate: 500 } })).data;
        const ended = () =>
          eventually(async () => {
            const { data } = await td.admin.call('getReplay', { params: { id } });
            return data.status !== 'running' && data;
          }, 30_000);
        let done = await ended();
        while (done.status === 'stopped') {
          await td.admin.call('resumeReplay', { params: { id } });
          done = await ended();
        }
        expect(total).toBe(done.total);
        expect(done.counts).toEqual(counts);
        if (filter === 'topic' || filter === 'client') expect(total).toBe(count);
        if (filter === 'ids') expect(total).toBe(some.length);
      }),
      { numRuns: sized(25, 100) },
    );
    await client.endAsync(true);
    await td.stop();
  },
  sized(3, 10) * 60_000,
);
