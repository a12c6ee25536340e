// Live streams: resume without a gap or a repeat, gaps that are told, slow clients that are closed, and who sees what.
import { EventEmitter } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { viewerTopicFilters } from '@taylordash/core/events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EventsUnderTest, emitThroughOutbox, eventsUnderTest, eventually } from '../../../test/harness/events.ts';
import { createStream, type Sink, type StreamFilter } from './stream.ts';
import { newestId, readAfter } from './stream-queries.ts';

/** Takes what a stream writes; `stalled` is a client that does not read. */
class TestSink extends EventEmitter implements Sink {
  text = '';
  ended: 'end' | 'destroy' | null = null;
  stalled = false;
  writableLength = 0;
  destroyed = false;
  write(chunk: string): boolean {
    if (this.stalled) {
      this.writableLength += chunk.length;
      return false;
    }
    this.text += chunk;
    return true;
  }
  end(): void {
    this.ended ??= 'end';
  }
  destroy(): void {
    this.ended ??= 'destroy';
  }
  blocks(): Record<string, string>[] {
    return this.text
      .split('\n\n')
      .map((block) =>
        Object.fromEntries(
          block.split('\n').map((line) => [line.split(': ')[0], line.split(': ').slice(1).join(': ')]),
        ),
      );
  }
  ids(): number[] {
    return this.blocks().flatMap((block) => (block.event === 'event' ? [Number(block.id)] : []));
  }
  special(): Record<string, string> | undefined {
    return this.blocks().find((block) => block.event === 'gap' || block.event === 'reset');
  }
}

const everything: StreamFilter = {
  ...{ topics: null, kinds: null, project_id: null, matches: null, visible: null, reader_id: null },
};

it('says that it is connected once it knows where it begins', async () => {
  const sink = new TestSink();
  let known: (newest: bigint) => void = () => undefined;
  const newest = new Promise<bigint>((resolve) => {
    known = resolve;
  });
  const feed = { heartbeat_every: 60_000, head: () => null, newest: () => newest, oldest: async () => 1n };
  const stream = createStream(
    { sink, filter: everything, last_event_id: null, stillAllowed: async () => true },
    { ...feed, read: async () => [], onEnd: () => undefined },
  );
  await pause(20);
  expect(sink.text).toBe('');
  known(7n);
  await eventually(() => sink.text !== '');
  expect(sink.text).toBe(': connected\n\nid: 7\n\n');
  stream.end();
});

it('reads large events in small pages, and all of them', async () => {
  const test = await eventsUnderTest();
  try {
    const after = await newestId(test.database.app);
    // What compresses well takes as much once it is read.
    for (const note of [
      "repeat('x', 100000)",
      "(select string_agg(md5(n::text), '') from generate_series(1, 3000) n)",
    ]) {
      await test.rows(`insert into public.events_mirror (topic, payload, source)
        select 'tracker/events/tasks/noted', jsonb_build_object('kind', 'noted', 'payload', jsonb_build_object('n', n, 'note', ${note})), 'mqtt'
        from generate_series(1, 20) n`);
    }
    const pages: number[] = [];
    const ids: bigint[] = [];
    for (let at = after; ; ) {
      const { rows, more } = await readAfter(test.database.app, at, 500);
      pages.push(rows.reduce((bytes, { json }) => bytes + json.length, 0));
      ids.push(...rows.map(({ id }) => id));
      at = ids.at(-1) ?? at;
      expect(more).toBe(ids.length < 40);
      if (!more) break;
    }
    expect(pages.every((bytes) => bytes < 700_000)).toBe(true);
    expect(new Set(ids).size).toBe(40);
    const small = await readAfter(test.database.app, after, 3);
    expect([small.rows.length, small.more]).toEqual([3, true]);
    const none = await readAfter(test.database.app, ids.at(-1) ?? 0n, 500);
    expect(none).toEqual({ rows: [], more: false });
  } finally {
    await test.stop();
  }
});

describe('live streams', () => {
  let test: EventsUnderTest;
  beforeAll(async () => {
    test = await eventsUnderTest({ heartbeat_every: 200 });
    await emitThroughOutbox(test, 1200);
    await eventually(async () => (await test.events.health()).outbox_backlog === 0);
  });
  afterAll(() => test.stop());

  function open(last: string | null, filter: StreamFilter = everything, stillAllowed = async () => true): TestSink {
    const sink = new TestSink();
    test.events.hub.open({ sink, filter, last_event_id: last, stillAllowed });
    return sink;
  }
  function replay(last: string | null, until: number, filter: StreamFilter = everything): TestSink {
    const sink = new TestSink();
    test.events.hub.open({ sink, filter, last_event_id: last, until: BigInt(until), stillAllowed: async () => true });
    return sink;
  }
  async function newest(): Promise<number> {
    const [row] = await test.rows<{ id: string }>('select max(id)::text as id from public.events_mirror');
    return Number(row?.id);
  }

  it('beats, and sends what comes from then on', async () => {
    const sink = open(null);
    await eventually(() => sink.text.includes('id: '));
    expect(sink.text.startsWith(': connected\n\n')).toBe(true);
    const from = await newest();
    await emitThroughOutbox(test, 3);
    await eventually(() => sink.ids().length === 3);
    expect(sink.ids()).toEqual([from + 1, from + 2, from + 3]);
    await eventually(() => sink.text.includes(': heartbeat'));
    sink.emit('close');
  });

  it('goes on after the id it is given, while more is written: everything once, in order', async () => {
    const sink = open('17');
    await Promise.all([emitThroughOutbox(test, 200), pause(5).then(() => emitThroughOutbox(test, 100))]);
    await eventually(async () => (await test.events.health()).outbox_backlog === 0);
    const last = await newest();
    await eventually(() => sink.ids().at(-1) === last);
    const expected = await test.rows<{ id: string }>(
      'select e.id::text as id from public.events_mirror e where e.id > 17 order by e.id',
    );
    expect(sink.ids().join()).toBe(expected.map((row) => row.id).join());
    // A stream that is live by now and one that starts again from the middle see the same.
    const second = open(String(last - 50));
    await eventually(() => second.ids().length === 50);
    sink.emit('close');
    second.emit('close');
  });

  it('replays a range and ends behind it, with what is there and with what comes', async () => {
    const range = replay('30', 700);
    await eventually(() => range.ended);
    expect(range.ended).toBe('end');
    expect(range.ids()).toEqual(Array.from({ length: 670 }, (_, n) => 31 + n));
    expect(range.blocks().at(-2)).toEqual({ id: '700', event: 'end', data: '{"until":"700"}' });
    const nothing = replay('700', 700);
    await eventually(() => nothing.ended === 'end');
    expect([nothing.ids(), nothing.blocks().at(-2)?.event]).toEqual([[], 'end']);
    const latest = await newest();
    const coming = replay(String(latest - 1), latest + 2);
    const filtered = replay(String(latest), latest + 1, { ...everything, kinds: ['no_such_kind'] });
    await eventually(() => coming.ids().length === 1);
    expect(coming.ended).toBeNull();
    await emitThroughOutbox(test, 5);
    await eventually(() => coming.ended && filtered.ended);
    expect([coming.ids(), filtered.ids()]).toEqual([[latest, latest + 1, latest + 2], []]);
    expect(filtered.text).toContain('event: end');
    // An id that was never given out: the first one beyond it tells.
    await test.rows(`select nextval('public.events_mirror_id_seq') from generate_series(1, 3)`);
    const skipped = replay(String(latest), latest + 7);
    await emitThroughOutbox(test, 1);
    await eventually(() => skipped.ended);
    expect(skipped.ids().at(-1)).toBe(latest + 5);
    for (const bad of ['-1', 'garbage', String(2n ** 63n), "1'; drop table x --"]) {
      const sink = replay(bad, 5);
      await eventually(() => sink.ended);
      expect([sink.special()?.event, sink.ids()]).toEqual(['reset', []]);
    }
  });

  it('passes on what a filter matches', async () => {
    const sink = open(null, { ...everything, matches: ({ payload }) => payload.n === 1 });
    await eventually(() => sink.text.includes('id: '));
    await emitThroughOutbox(test, 3);
    await eventually(() => sink.ids().length > 0);
    expect(sink.ids()).toEqual([(await newest()) - 1]);
    sink.emit('close');
  });

  it('R20 tells a gap where the events after the id are gone, and resets on ids that never were', async () => {
    await test.rows('delete from public.events_mirror where id <= 100');
    const pruned = open('50');
    await eventually(() => pruned.ids().length > 0);
    expect(pruned.special()).toMatchObject({ event: 'gap', data: '{"after":"50","oldest":"101"}' });
    expect(pruned.ids()[0]).toBe(101);
    const edge = open('100');
    await eventually(() => edge.ids().length > 0);
    expect(edge.special()).toBeUndefined();
    const latest = await newest();
    for (const bad of [
      '-1',
      '9223372036854775807',
      '99999999999999999999',
      'garbage',
      "1'; drop table x --",
      String(latest + 1),
    ]) {
      const sink = open(bad);
      const special = await eventually(() => sink.special());
      expect(special.event).toBe('reset');
      expect(JSON.parse(special.data ?? '').latest).toBe(String(latest));
      expect(sink.ids()).toEqual([]);
      sink.emit('close');
    }
    pruned.emit('close');
    edge.emit('close');
  });

  it('closes a client that does not read, and serves the others', async () => {
    const slow = open(null);
    const other = open(null);
    await eventually(() => slow.text.includes('id: ') && other.text.includes('id: '));
    slow.stalled = true;
    slow.writableLength = 2_000_000;
    await emitThroughOutbox(test, 5);
    await eventually(() => slow.ended === 'destroy');
    await eventually(() => other.ids().length === 5);
    expect(other.ended).toBeNull();
    other.emit('close');
  });

  it('keeps nothing for a client that left before its stream was opened', async () => {
    const streams = test.events.hub.count();
    const sink = new TestSink();
    sink.destroyed = true;
    const asked: unknown[] = [];
    const stillAllowed = async () => asked.push('allowed') > 0;
    test.events.hub.open({ sink, filter: everything, last_event_id: null, stillAllowed });
    expect(test.events.hub.count()).toBe(streams);
    await pause(1100);
    expect([asked, sink.text]).toEqual([[], '']);
  });

  it('shows a viewer projects, components and tasks, whatever is asked for', async () => {
    const filter = { ...everything, topics: ['tracker/events/#'], visible: viewerTopicFilters };
    const viewer = open(null, filter);
    const admin = open(null, { ...everything, topics: ['tracker/events/auth/#'] });
    await eventually(() => viewer.text.includes('id: ') && admin.text.includes('id: '));
    await emitThroughOutbox(test, 2, 'tracker/events/auth/login_failed');
    await emitThroughOutbox(test, 1, 'tracker/events/tasks/created');
    await eventually(() => viewer.ids().length > 0 && admin.ids().length === 2);
    await pause(50);
    expect(viewer.text).not.toContain('login_failed');
    expect(viewer.ids()).toHaveLength(1);
    viewer.emit('close');
    admin.emit('close');
  });

  it('ends within a second or so when the right is gone', async () => {
    let allowed = true;
    const sink = open(null, everything, async () => allowed);
    await eventually(() => sink.text.includes('id: '));
    allowed = false;
    await eventually(() => sink.ended === 'end', 2000);
  });
});
