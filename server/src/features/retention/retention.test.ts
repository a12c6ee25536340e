// Retention of events on a real server: what is dropped and when, what holds it back, and that archives bring it back.
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type TestApp, testApp } from '../../../../test/harness/app.ts';
import { eventually } from '../../../../test/harness/events.ts';
import { connectSql, type TestSql } from '../../../../test/harness/sql.ts';

let td: TestApp;
let sql: TestSql;
let project_id: string;
const first = 'events_mirror_p000000';
beforeAll(async () => {
  td = await testApp();
  sql = await connectSql(td.database_url);
  project_id = (await td.admin.call('createProject', { body: { name: 'Old’s “shed”' } })).data.id;
  const part = await td.admin.call('createComponent', {
    params: { id: project_id },
    // A separator of lines to some, plain text to JSON.
    body: { name: 'Part \u2028 with a line separator' },
  });
  await td.admin.call('createTask', { params: { id: part.data.id }, body: { name: 'Step' } });
  await appended();
  await sql.rows("select setval('public.events_mirror_id_seq', 1000000)");
  await sql.rows('select taylordash.ensure_partitions()');
  await sql.rows("update public.events_mirror set created_at = created_at - interval '40 days'");
  await publish(3);
});
afterAll(async () => {
  await sql.end();
  await td.stop();
});

const appended = () => eventually(async () => (await sql.rows('select 1 from taylordash.outbox')).length === 0);

async function publish(count: number): Promise<void> {
  for (let n = 0; n < count; n++) {
    const body = { topic: 'tracker/events/garden/watered', kind: 'watered', payload: { n } };
    await td.admin.call('publishEvent', { body });
  }
  await appended();
}

/** Every reader of the server has come to the end. */
async function readersCaughtUp(): Promise<void> {
  await eventually(async () => {
    const behind = await sql.rows(`select name from taylordash.cursors where name <> 'slow' and position < 1000000`);
    return behind.length === 0;
  });
}

const run = async () => (await td.admin.call('runRetention', {})).data;
const state = async () => (await td.admin.call('getRetention', {})).data;
const keep = (keep_days: number | null) => td.admin.call('setEventRetention', { body: { keep_days, archive: true } });
const rowsOfFirst = () =>
  sql.rows('select to_json(e)::text as line from public.events_mirror e where id < 1000000 order by id');
const archivePath = () => join(td.data_dir, 'archive', 'events', `${first}.ndjson.gz`);

it('keeps everything for ever until somebody says otherwise', async () => {
  expect((await run()).dropped).toEqual([]);
  const { events, partitions, forecast } = await state();
  expect(events).toEqual({ keep_days: null, archive: true });
  expect(partitions.map(({ name, state }) => [name, state])).toEqual([
    [first, 'kept'],
    ['events_mirror_p000001', 'in_use'],
  ]);
  expect(forecast.map(({ days }) => days)).toEqual([30, 90, 365]);
});

it('keeps what is younger than the policy', async () => {
  await readersCaughtUp();
  await keep(41);
  expect((await run()).dropped).toEqual([]);
  expect((await state()).partitions[0]?.state).toBe('kept');
});

it('R30 never drops what a reader has not read, says which one, and events go on coming', async () => {
  await keep(30);
  await sql.rows("insert into taylordash.cursors (name, position) values ('slow', 5)");
  let published = 0;
  let stop = false;
  const load = (async () => {
    while (!stop) {
      await publish(1);
      published++;
    }
  })();
  const before = await rowsOfFirst();
  for (let n = 0; n < 5; n++) {
    const { dropped, kept } = await run();
    expect(dropped).toEqual([]);
    expect(kept).toEqual([{ name: first, reason: 'slow has not read it' }]);
  }
  expect((await state()).partitions[0]).toMatchObject({ state: 'held_back', held_by: ['slow'] });
  const { data: health } = await td.admin.call('stack', {});
  expect(health.parts.find(({ name }) => name === 'retention')).toMatchObject({
    state: 'degraded',
    detail: expect.stringContaining('slow has not read it'),
  });
  // The function itself refuses too: whoever asks.
  const [answer] = await sql.rows(`select taylordash.drop_event_partition('${first}', ${before.length}, true) as why`);
  expect(answer?.why).toBe('slow has not read it');
  expect(await rowsOfFirst()).toEqual(before);
  stop = true;
  await load;
  expect(published).toBeGreaterThan(0);
  const [count] = await sql.rows("select count(*)::int as n from public.events_mirror where topic like '%watered'");
  expect(count?.n).toBe(published + 3);
});

it('archives and drops what every reader has behind it, while events are stored', async () => {
  const before = await rowsOfFirst();
  const [keys] = await sql.rows('select count(*)::int as n from taylordash.event_keys');
  await sql.rows("update taylordash.cursors set position = 1000000 where name = 'slow'");
  const writing = publish(20);
  const round = await run();
  await writing;
  expect(round.dropped).toEqual([{ name: first, events: before.length, archived: true }]);
  expect(await rowsOfFirst()).toEqual([]);
  await appended();
  const [told] = await sql.rows(
    "select payload->'payload' as payload from public.events_mirror where topic = 'tracker/events/system/retention_applied'",
  );
  expect(told?.payload).toMatchObject({ name: first, events: before.length, archived: true });
  const [after] = await sql.rows('select count(*)::int as n from taylordash.event_keys');
  expect(Number(after?.n)).toBeGreaterThanOrEqual(Number(keys?.n));
  const { data } = await td.admin.call('listArchives', {});
  expect(data.items).toMatchObject([{ name: first, events: before.length, present: false, fault: null }]);
  expect((await td.admin.call('verifyArchive', { params: { name: first } })).data.fault).toBeNull();
});

it('tells history from a snapshot once its beginning was dropped', async () => {
  await td.admin.call('updateProject', { params: { id: project_id }, body: { description: 'Later' } });
  const { data } = await td.admin.call('verifyProject', { params: { id: project_id } });
  expect(data.begins_after).not.toBeNull();
  expect(data.differences).toEqual([]);
  await sql.rows("update public.tasks set name = 'Other' where name = 'Step'");
  const broken = (await td.admin.call('verifyProject', { params: { id: project_id } })).data;
  expect(broken.differences).toMatchObject([{ entity: 'task', field: 'name', table: 'Other', rebuilt: 'Step' }]);
  await sql.rows("update public.tasks set name = 'Step' where name = 'Other'");
});

/** What the stream begins with for who comes back after an event. */
async function streamAfter(id: string): Promise<string> {
  const stop = new AbortController();
  const response = await td.raw('/api/v1/events/stream', {
    token: td.admin_token,
    headers: { 'last-event-id': id },
    signal: stop.signal,
  });
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk);
    if (text.includes('id: ')) break;
  }
  stop.abort();
  return text;
}

it('says gap to who resumes before the oldest event that is kept', async () => {
  expect(await streamAfter('2')).toContain('event: gap\ndata: {"after":"2","oldest":"100000');
  expect(await streamAfter('999998')).toContain('event: gap\ndata: {"after":"999998","oldest":"1000000"}');
  // The number 1000000 was never given out.
  for (const last of ['999999', '1000000', '1000001']) expect(await streamAfter(last)).not.toContain('event: gap');
});

it('brings an archive back as it was, tells nobody, and keeps it until it is released', async () => {
  const cursors = () => sql.rows('select name, position from taylordash.cursors order by name');
  await appended();
  await readersCaughtUp();
  const { data: listed } = await td.admin.call('listArchives', {});
  const [events] = await sql.rows('select max(id)::text as newest, count(*)::int as n from public.events_mirror');
  const before = await cursors();
  // Two tabs ask at once.
  const ask = () => td.admin.call('restoreArchive', { params: { name: first } });
  const [{ data }, other] = await Promise.all([ask(), ask()]);
  expect(other.data).toEqual(data);
  const back = await rowsOfFirst();
  expect(back).toHaveLength(data.events);
  const [after] = await sql.rows('select max(id)::text as newest, count(*)::int as n from public.events_mirror');
  expect(after).toEqual({ newest: events?.newest, n: Number(events?.n) + data.events });
  for (const { name, position } of before)
    expect(BigInt(String((await cursors()).find((one) => one.name === name)?.position))).toBeGreaterThanOrEqual(
      BigInt(String(position)),
    );
  expect(JSON.stringify(back)).toContain('Part \u2028 with');
  // Its traces are found again, by their indexes.
  const found = await td.admin.call('listEvents', { query: { entity_id: project_id, limit: 50 } });
  expect(found.data.items.some(({ id }) => BigInt(id) < 1_000_000n)).toBe(true);
  expect((await run()).dropped).toEqual([]);
  expect((await state()).partitions[0]?.state).toBe('pinned');
  const again = td.admin.call('restoreArchive', { params: { name: first } });
  await expect(again).rejects.toMatchObject({ body: { code: 'archive.not_restorable' } });
  await td.admin.call('releaseArchive', { params: { name: first } });
  await readersCaughtUp();
  expect((await run()).dropped).toMatchObject([{ name: first }]);
  // The archive that was there still stands for the same events.
  expect((await td.admin.call('listArchives', {})).data.items[0]?.written_at).toBe(listed.items[0]?.written_at);
  await td.admin.call('restoreArchive', { params: { name: first } });
  expect(await rowsOfFirst()).toEqual(back);
  await td.admin.call('releaseArchive', { params: { name: first } });
  await run();
});

it('refuses a damaged archive with what is wrong, and brings nothing back', async () => {
  const whole = await readFile(archivePath());
  const damaged = Buffer.from(whole);
  damaged[damaged.length >> 1] = (damaged[damaged.length >> 1] ?? 0) ^ 1;
  for (const [content, fault] of [
    [damaged, /checksum|cannot be read/],
    [whole.subarray(0, whole.length - 20), /cannot be read to its end/],
    [null, /cannot be read to its end/],
  ] as const) {
    if (content === null) await rm(archivePath());
    else await writeFile(archivePath(), content);
    const { data } = await td.admin.call('verifyArchive', { params: { name: first } });
    expect(data.fault).toMatch(fault);
    const restoring = td.admin.call('restoreArchive', { params: { name: first } });
    await expect(restoring).rejects.toMatchObject({ body: { code: 'archive.damaged' } });
    expect(await rowsOfFirst()).toEqual([]);
  }
  await writeFile(archivePath(), whole);
  expect((await td.admin.call('verifyArchive', { params: { name: first } })).data.fault).toBeNull();
});
