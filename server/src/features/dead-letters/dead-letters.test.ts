// Dead letters over HTTP and MQTT: groups, edits, replays, discarding and restoring.
import { randomUUID } from 'node:crypto';
import { ApiProblem } from '@taylordash/sdk/client';
import { connectAsync, type MqttClient } from 'mqtt';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type TestApp, testApp } from '../../../../test/harness/app.ts';
import { envelope, eventually } from '../../../../test/harness/events.ts';
import { connectSql, type TestSql } from '../../../../test/harness/sql.ts';

let td: TestApp;
let sql: TestSql;
let client: MqttClient;

beforeAll(async () => {
  td = await testApp();
  sql = await connectSql(td.database_url);
  client = await connectAsync(`mqtt://127.0.0.1:${td.app.mqtt_port}`, { clientId: 'greenhouse-esp32' });
});
afterAll(async () => {
  await client.endAsync(true);
  await sql.end();
  await td.stop();
});

let places = 0;
const place = () => `tracker/events/place${++places}x/said`;
const publish = (topic: string, text: string) => client.publishAsync(topic, text, { qos: 1 });

async function lettersOn(topic: string, count: number) {
  return eventually(async () => {
    const { items } = (await td.admin.call('listDeadLetters', { query: { topic, limit: 200 } })).data;
    return items.length >= count && items;
  });
}

async function problemOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (error instanceof ApiProblem) return error.body.code;
    throw error;
  }
  return 'none';
}

type Body = Parameters<typeof td.admin.call<'startReplay'>>[1]['body'];

async function replay(body: Body) {
  await td.admin.call('dryRunDeadLetters', {
    body: { selection: body.selection, ...(body.edit ? { edit: body.edit } : {}) },
  });
  return settled((await td.admin.call('startReplay', { body: { rate: 500, ...body } })).data.id);
}

async function settled(id: string) {
  return eventually(async () => {
    const { data } = await td.admin.call('getReplay', { params: { id } });
    return data.status !== 'running' && data;
  }, 30_000);
}

const stored = (topic: string) =>
  sql.rows('select payload, client_id from public.events_mirror where topic = $1 order by id', [topic]);

const wrap = [{ op: 'wrap' as const, kind: 'said', into: 'text' }];

describe('groups', () => {
  it('put those together that come from clients without a client id, each of which has another one', async () => {
    const topic = place();
    for (const text of ['a', 'b']) {
      const nameless = await connectAsync(`mqtt://127.0.0.1:${td.app.mqtt_port}`, { clientId: '' });
      await nameless.publishAsync(topic, text, { qos: 1 });
      await nameless.endAsync();
    }
    const letters = await lettersOn(topic, 2);
    expect(letters.map(({ client_id }) => client_id)).toEqual([null, null]);
    expect(new Set(letters.map(({ group_id }) => group_id)).size).toBe(1);
    const { items } = (await td.admin.call('deadLetterGroups', {})).data;
    const group = items.find(({ id }) => id === letters[0]?.group_id);
    expect(group?.cause).toBe('Somebody sends text where JSON is expected');
  });

  it('put letters with one cause together, in a sentence', async () => {
    const rooms = [randomUUID(), '17', '4f6a2b1c9d'];
    for (const room of rooms) await publish(`tracker/events/rooms/${room}/warm`, `temp=${room}`);
    const group = await eventually(async () => {
      const { items } = (await td.admin.call('deadLetterGroups', {})).data;
      return items.find((one) => one.topic_pattern === 'tracker/events/rooms/+/warm' && one.letters === 3);
    });
    expect(group).toMatchObject({ reason_code: 'not_json', attempts: 3, muted: false });
    expect(group.cause).toBe('greenhouse-esp32 sends text where JSON is expected');
    expect(group.by_hour).toHaveLength(24);
    expect(group.by_hour.at(-1)).toBe(3);
    const { items } = (await td.admin.call('listDeadLetters', { query: { group: group.id } })).data;
    expect(items).toHaveLength(3);
    const some = (
      await td.admin.call('listDeadLetters', {
        query: { topic: 'tracker/events/rooms/#', client: 'greenhouse-esp32', limit: 2 },
      })
    ).data;
    expect(some.items).toHaveLength(2);
    expect(some.next_cursor).not.toBeNull();
  });
  it('can be muted: counted, and no notice any more', async () => {
    const topic = place();
    const { embedded } = td.app.events;
    if (embedded === null) throw new Error('the broker is not the embedded one');
    const said = vi.spyOn(embedded, 'publish');
    const notices = () =>
      said.mock.calls.map(([message]) => message.topic).filter((one) => one.startsWith('tracker/dlq/'));
    await publish(topic, 'one');
    await eventually(() => notices().includes(`tracker/dlq/${topic}`));
    const [letter] = await lettersOn(topic, 1);
    const id = letter?.group_id ?? '';
    await td.admin.call('muteDeadLetters', { params: { id }, body: { muted: true } });
    await publish(topic, 'two');
    const other = place();
    await publish(other, 'three');
    await eventually(() => notices().includes(`tracker/dlq/${other}`));
    expect(notices().filter((one) => one === `tracker/dlq/${topic}`)).toHaveLength(1);
    const { items } = (await td.admin.call('deadLetterGroups', {})).data;
    expect(items.find((group) => group.id === id)).toMatchObject({ muted: true, letters: 2 });
    expect(
      await problemOf(td.admin.call('muteDeadLetters', { params: { id: 'a'.repeat(32) }, body: { muted: true } })),
    ).toBe('dead_letter.no_group');
    said.mockRestore();
  });
});

describe('a replay', () => {
  it('makes events of plain text, once each, in order, and tells the bus', async () => {
    const topic = `tracker/events/tasks/${randomUUID()}`;
    const texts = Array.from({ length: 30 }, (_, n) => `temp=${n}`);
    for (const text of texts) await publish(topic, text);
    const letters = await lettersOn(topic, 30);
    const heard: string[] = [];
    const listener = await connectAsync(`mqtt://127.0.0.1:${td.app.mqtt_port}`);
    listener.on('message', (_topic, payload) => heard.push(payload.toString()));
    await listener.subscribeAsync(topic, { qos: 1 });
    const selection = { topic };
    const dry = (await td.admin.call('dryRunDeadLetters', { body: { selection, edit: wrap } })).data;
    expect(dry.counts).toEqual({ total: 30, stored: 30, duplicates: 0, redone: 0, failed: 0, reasons: {} });
    const done = await replay({ selection, edit: wrap });
    expect(done).toMatchObject({ status: 'finished', total: 30, counts: { stored: 30, failed: 0 } });
    const rows = await stored(topic);
    expect(rows.map((row) => JSON.parse(JSON.stringify(row.payload)).payload.text)).toEqual(texts);
    expect(rows[0]?.client_id).toBe('greenhouse-esp32');
    await eventually(() => heard.length === 30);
    const { data: letter } = await td.admin.call('getDeadLetter', { params: { id: letters[0]?.id ?? '' } });
    expect(letter).toMatchObject({
      status: 'replayed',
      replay_outcome: 'stored',
      replay_id: done.id,
      reason_code: 'not_json',
    });
    expect(Buffer.from(letter.raw_base64, 'base64').toString()).toBe('temp=29');
    const kinds = await eventually(async () => {
      const found = await sql.rows(
        `select payload->>'kind' as kind from public.events_mirror where entity_id = $1 order by id`,
        [done.id],
      );
      return found.length === 2 && found.map((row) => row.kind);
    });
    expect(kinds).toEqual(['dead_letters_replay_started', 'dead_letters_replay_finished']);
    await listener.endAsync(true);
  });
  it('reads bytes that are no UTF-8 as what they say', async () => {
    const topic = place();
    await client.publishAsync(topic, Buffer.from([0x32, 0x31, 0xb0, 0x43]), { qos: 1 });
    await lettersOn(topic, 1);
    await replay({ selection: { topic }, edit: wrap });
    expect(await stored(topic)).toMatchObject([{ payload: { payload: { text: '21°C' } } }]);
  });
  it('needs a dry run of the same selection and edit, under five minutes old', async () => {
    const topic = place();
    await publish(topic, 'x');
    await lettersOn(topic, 1);
    const selection = { topic };
    expect(await problemOf(td.admin.call('startReplay', { body: { selection } }))).toBe('dead_letter.no_dry_run');
    await td.admin.call('dryRunDeadLetters', { body: { selection } });
    expect(await problemOf(td.admin.call('startReplay', { body: { selection, edit: wrap } }))).toBe(
      'dead_letter.no_dry_run',
    );
    await sql.rows(
      "update taylordash.dead_letter_dry_runs set created_at = created_at - interval '5 minutes 1 second'",
    );
    expect(await problemOf(td.admin.call('startReplay', { body: { selection } }))).toBe('dead_letter.no_dry_run');
    expect(
      await problemOf(td.admin.call('dryRunDeadLetters', { body: { selection: { topic: 'tracker/no/such' } } })),
    ).toBe('dead_letter.none_selected');
    const edit = [{ op: 'set' as const, path: 'kind', value: '{{unknown}}' }];
    expect(await problemOf(td.admin.call('dryRunDeadLetters', { body: { selection, edit } }))).toBe('request.invalid');
  });
  it.each([50, 500])(
    'R24 stops itself at ten failures, by %i a second, loses nothing, and quarantines at the third',
    async (rate) => {
      const topic = place();
      for (let n = 0; n < 60; n++) await publish(topic, `broken ${n}`);
      await lettersOn(topic, 60);
      const done = await replay({ selection: { topic }, rate });
      expect(done).toMatchObject({ status: 'stopped', stop_reason: 'failures', total: 60 });
      expect(done.counts.failed).toBeLessThanOrEqual(50);
      expect(done.counts.failed).toBeGreaterThanOrEqual(10);
      const open = () =>
        sql.count(`select count(*) from public.dlq_events where original_topic = $1 and status = 'open'`, [topic]);
      await eventually(async () => (await open()) === 60);
      expect((await td.admin.call('stopReplay', { params: { id: done.id } })).data.stop_reason).toBe('failures');
      const [one] = await sql.rows('select min(id)::text as id from public.dlq_events where original_topic = $1', [
        topic,
      ]);
      const ids = [String(one?.id)];
      const states: string[] = [];
      for (let n = 0; n < 2; n++) {
        await replay({ selection: { ids } });
        states.push((await td.admin.call('getDeadLetter', { params: { id: ids[0] ?? '' } })).data.status);
      }
      expect(states).toEqual(['open', 'quarantined']);
      const restored = (await td.admin.call('restoreDeadLetters', { body: { selection: { ids } } })).data;
      expect(restored).toEqual({ restored: 1, merged: 0 });
    },
  );
  it('goes on after each kill of the leader: every letter once, in order', async () => {
    const topic = place();
    const texts = Array.from({ length: 300 }, (_, n) => `killed ${n}`);
    await Promise.all(texts.map((text) => publish(topic, text)));
    await lettersOn(topic, 200);
    await eventually(
      async () =>
        (await sql.count('select count(*) from public.dlq_events where original_topic = $1', [topic])) === 300,
    );
    const sent = (
      await sql.rows(
        'select convert_from(raw, $2) as text from public.dlq_events where original_topic = $1 order by id',
        [topic, 'UTF8'],
      )
    ).map((row) => row.text);
    const selection = { topic };
    await td.admin.call('dryRunDeadLetters', { body: { selection, edit: wrap } });
    const { id } = (await td.admin.call('startReplay', { body: { selection, edit: wrap, rate: 200 } })).data;
    const ended: number[] = [];
    for (let kill = 1; kill <= 6; kill++) {
      await eventually(async () => (await stored(topic)).length >= kill * 40);
      const gone = await sql.count(
        `select count(pg_terminate_backend(a.pid)) from pg_stat_activity a join pg_locks l on l.pid = a.pid
         where a.application_name = 'taylordash leader' and a.datname = current_database() and l.locktype = 'advisory' and l.granted`,
      );
      ended.push(gone);
      await eventually(() => td.app.events.leads());
    }
    expect(ended.some((count) => count > 0)).toBe(true);
    expect(await settled(id)).toMatchObject({
      status: 'finished',
      total: 300,
      counts: { stored: 300, duplicates: 0, failed: 0 },
    });
    const told = (await stored(topic)).map((row) => JSON.parse(JSON.stringify(row.payload)).payload.text);
    expect(told).toEqual(sent);
  }, 60_000);
  it('can be stopped and resumed by hand', async () => {
    const topic = place();
    for (let n = 0; n < 40; n++) await publish(topic, `slow ${n}`);
    await lettersOn(topic, 40);
    const selection = { topic };
    await td.admin.call('dryRunDeadLetters', { body: { selection, edit: wrap } });
    const { id } = (await td.admin.call('startReplay', { body: { selection, edit: wrap, rate: 20 } })).data;
    await eventually(async () => (await stored(topic)).length >= 3);
    await td.admin.call('stopReplay', { params: { id } });
    await eventually(
      async () =>
        (await sql.count(`select count(*) from public.dlq_events where original_topic = $1 and status = 'replaying'`, [
          topic,
        ])) === 0,
    );
    expect((await stored(topic)).length).toBeLessThan(40);
    await td.admin.call('resumeReplay', { params: { id } });
    expect(await settled(id)).toMatchObject({ status: 'finished', counts: { stored: 40, duplicates: 0 } });
    expect(await stored(topic)).toHaveLength(40);
    expect(await problemOf(td.admin.call('resumeReplay', { params: { id } }))).toBe('dead_letter.replay_state');
  });
  it('leaves no letter behind, however often it is stopped and resumed while it is at work', async () => {
    const topic = place();
    for (let n = 0; n < 60; n++) await publish(topic, `letter ${n}`);
    await lettersOn(topic, 60);
    const body = { selection: { topic }, edit: wrap, rate: 60 };
    await td.admin.call('dryRunDeadLetters', { body: { selection: body.selection, edit: wrap } });
    const { id } = (await td.admin.call('startReplay', { body })).data;
    const tab = async () => {
      for (let n = 0; n < 15; n++) {
        await td.admin.call('stopReplay', { params: { id } });
        await problemOf(td.admin.call('resumeReplay', { params: { id } }));
      }
    };
    await Promise.all([tab(), tab(), tab()]);
    const last = await settled(id);
    if (last.status === 'stopped') await td.admin.call('resumeReplay', { params: { id } });
    expect(await settled(id)).toMatchObject({ status: 'finished', counts: { stored: 60 } });
    expect(await stored(topic)).toHaveLength(60);
  }, 60_000);

  it('asks a subscriber again for what failed there', async () => {
    const { data: project } = await td.admin.call('createProject', { body: { name: 'Later' } });
    const { data: component } = await td.admin.call('createComponent', {
      params: { id: project.id },
      body: { name: 'Pump' },
    });
    const { data: user } = await td.admin.call('me', {});
    const text = envelope({ kind: 'set_progress', payload: { id: component.id, progress: 40 } });
    const topic = 'tracker/commands/components/set_progress';
    await sql.rows(`insert into public.events_mirror (topic, payload, source) values ($1, $2, 'mqtt')`, [topic, text]);
    const letter = await eventually(async () => {
      const { items } = (await td.admin.call('listDeadLetters', { query: { topic } })).data;
      return items[0];
    });
    expect(letter).toMatchObject({ stage: 'command', reason_code: 'command_failed' });
    await td.admin.call('setBusSettings', { body: { command_user_id: user.id } });
    const done = await replay({ selection: { ids: [letter.id] } });
    expect(done.counts).toMatchObject({ redone: 1, failed: 0 });
    expect((await td.admin.call('getComponent', { params: { id: component.id } })).data.progress).toBe(40);
  });
});

describe('discarding', () => {
  it('can be taken back, and is counted into what came meanwhile', async () => {
    const topic = place();
    for (const text of ['one', 'two']) await publish(topic, text);
    const letters = await lettersOn(topic, 2);
    const selection = { ids: letters.map((letter) => letter.id) };
    expect((await td.admin.call('discardDeadLetters', { body: { selection, note: 'old' } })).data).toMatchObject({
      discarded: 2,
      ids: selection.ids.toReversed(),
    });
    expect((await td.admin.call('discardDeadLetters', { body: { selection } })).data).toEqual({
      discarded: 0,
      ids: [],
    });
    await publish(topic, 'one');
    await lettersOn(topic, 3);
    expect((await td.admin.call('restoreDeadLetters', { body: { selection } })).data).toEqual({
      restored: 1,
      merged: 1,
    });
    const left = (await td.admin.call('listDeadLetters', { query: { topic, status: 'open' } })).data.items;
    expect(left.map((letter) => letter.attempts).sort()).toEqual([1, 2]);
  });
  it('says what to do where the same message comes again at that very moment', async () => {
    const topic = place();
    await publish(topic, 'racing');
    const [letter] = await lettersOn(topic, 1);
    const selection = { ids: [letter?.id ?? ''] };
    await td.admin.call('discardDeadLetters', { body: { selection } });
    // The ingest has stored it again and not committed yet: who restores does not see it, and runs into it.
    const ingest = await connectSql(td.database_url);
    await ingest.rows('begin');
    await ingest.rows(
      `insert into public.dlq_events (original_topic, failure_reason, payload, raw, reason_code, stage, fingerprint)
       select original_topic, failure_reason, payload, raw, reason_code, stage, fingerprint from public.dlq_events where id = $1`,
      [letter?.id],
    );
    const racing = problemOf(td.admin.call('restoreDeadLetters', { body: { selection } }));
    await eventually(
      async () =>
        (await sql.count('select count(*) from pg_locks where not granted and locktype = $1', ['transactionid'])) > 0,
    );
    await ingest.rows('commit');
    await ingest.end();
    expect(await racing).toBe('dead_letter.came_again');
    const { data } = await td.admin.call('restoreDeadLetters', { body: { selection } });
    expect(data).toEqual({ restored: 0, merged: 1 });
  });
  it('is final after 30 days, and open letters stay for ever', async () => {
    const topic = place();
    for (const text of ['old', 'young', 'open']) await publish(topic, text);
    const letters = await lettersOn(topic, 3);
    const [open, young, old] = letters.map((letter) => letter.id);
    await td.admin.call('discardDeadLetters', { body: { selection: { ids: [young ?? '', old ?? ''] } } });
    await sql.rows(`update public.dlq_events set resolved_at = now() - interval '31 days' where id = $1`, [old]);
    await sql.rows(`update public.dlq_events set created_at = now() - interval '1 year' where id = $1`, [open]);
    expect(
      (await td.admin.call('restoreDeadLetters', { body: { selection: { ids: [old ?? ''] } } })).data.restored,
    ).toBe(0);
    const { tidyDeadLetters } = await import('./upkeep.ts');
    await tidyDeadLetters(td.app.database.app);
    expect((await lettersOn(topic, 2)).map((letter) => letter.id)).toEqual([open, young]);
  });
});
