// Every statement fails once, the first, the second, and so on until a run is through without coming to it: what is promised holds each time.
import { connectAsync, type MqttClient } from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { adminName, type TestApp, testApp, testPassword } from '../harness/app.ts';
import { envelope, eventually } from '../harness/events.ts';
import { connectSql, type TestSql } from '../harness/sql.ts';
import { type FailAt, failAt, type Moment } from './fail-at.ts';
import { long } from './size.ts';

let td: TestApp;
let sql: TestSql;
let client: MqttClient;
let failing: FailAt;
beforeAll(async () => {
  failing = failAt();
  td = await testApp();
  sql = await connectSql(td.database_url);
  client = await connectAsync(`mqtt://127.0.0.1:${td.app.mqtt_port}`, { reconnectPeriod: 50 });
});
afterAll(async () => {
  failing.remove();
  await client.endAsync(true);
  await sql.end();
  await td.stop();
});

interface Sweep {
  /** More statements than that, and something does not end. */
  most: number;
  /** Whose statements, as in FailAt; all in a long run. */
  application?: string;
  /** How many are passed over at a time in a short run. */
  stride?: number;
}

/**
 * Calls `run` for every N until none fails any more. `run` arms where it begins what is to fail, and calms where that is over.
 * Returns how many failed.
 */
async function sweep(
  { most, application, stride = 1 }: Sweep,
  run: (name: string, arm: () => void, calm: () => void) => Promise<void>,
): Promise<number> {
  let statements = 0;
  for (const moment of ['before', 'after'] as const satisfies readonly Moment[]) {
    // What is passed over before the statement is hit after it.
    const first = long || moment === 'before' ? 1 : 1 + (stride >> 1);
    for (let n = first; ; n += long ? 1 : stride) {
      if (n > most) throw new Error(`more than ${most} statements`);
      let reached = false;
      const calm = () => {
        reached = failing.disarm() || reached;
      };
      await run(`${moment} ${n}`, () => failing.arm(n, moment, long ? undefined : application), calm);
      calm();
      if (!reached) break;
      statements++;
      // Not while it comes back: the next is to fail in a server that is well.
      await eventually(() => td.app.events.leads(), 20_000);
    }
  }
  return statements;
}

describe('R26 every statement fails once', () => {
  it('while messages are taken in: each once, in order, acknowledged in the end', async () => {
    const good = 8;
    const failed = await sweep({ most: 60, application: 'taylordash leader' }, async (name, arm) => {
      const topic = `tracker/events/sweep/${name.replace(' ', '_')}`;
      const texts = Array.from({ length: good }, (_, n) =>
        envelope({ idempotency_key: `${name} ${n}`, payload: { n } }),
      );
      const poison = [
        'no JSON',
        envelope({ idempotency_key: `${name} huge` }).replace('"litres":2', '"litres":1e-20000'),
      ];
      arm();
      const send = (text: string) => client.publishAsync(topic, text, { qos: 1 });
      await Promise.all(
        [...texts.slice(0, 5), poison[0] ?? '', ...texts.slice(5), poison[1] ?? '', ...texts.slice(0, 2)].map(send),
      );
      const rows = await sql.rows(
        "select (payload->'payload'->>'n')::int as n from public.events_mirror where topic = $1 order by id",
        [topic],
      );
      expect([name, rows.map((row) => row.n)]).toEqual([name, texts.map((_, n) => n)]);
      const dead = await sql.rows('select from public.dlq_events where original_topic = $1', [topic]);
      expect([name, dead.length]).toEqual([name, 2]);
    });
    console.log(`R26 ingest: ${failed} statements failed.`);
    expect(failed).toBeGreaterThan(2);
  }, 600_000);

  it('while somebody signs in: a session has its event and its line in the audit log, or there is none', async () => {
    const own = (await sql.rows('select id from public.user_sessions')).map((row) => row.id);
    const counts = async () => ({
      sessions: await sql.count('select count(*) from public.user_sessions where id <> all ($1::uuid[])', [own]),
      audited: await sql.count("select count(*) from public.auth_audit_log where event_type = 'login_success'"),
      told: await sql.count(`select (select count(*) from taylordash.outbox where payload->>'kind' = 'login_success')
        + (select count(*) from public.events_mirror where payload->>'kind' = 'login_success')`),
    });
    const login = () => td.anonymous.call('login', { body: { username: adminName, password: testPassword } });
    const failed = await sweep({ most: 60, stride: 2 }, async (name, arm, calm) => {
      await sql.rows('delete from public.user_sessions where id <> all ($1::uuid[])', [own]);
      const before = await counts();
      arm();
      const answered = await login().then(
        () => true,
        () => false,
      );
      calm();
      const { sessions, audited, told } = await counts();
      expect([name, audited - before.audited, told - before.told]).toEqual([name, sessions, sessions]);
      if (answered) expect([name, sessions]).toEqual([name, 1]);
      await login();
    });
    console.log(`R26 sign-in: ${failed} statements failed.`);
    expect(failed).toBeGreaterThan(1);
  }, 300_000);

  it('while dead letters are replayed: each becomes one event, in order', async () => {
    const edit = [{ op: 'wrap' as const, kind: 'said', into: 'text' }];
    const failed = await sweep({ most: 80, stride: 6 }, async (name, arm) => {
      const topic = `tracker/events/sweep/replay_${name.replace(' ', '_')}`;
      const texts = Array.from({ length: 20 }, (_, n) => `${name} ${n}`);
      for (const text of texts) await client.publishAsync(topic, text, { qos: 1 });
      const selection = { topic };
      await td.admin.call('dryRunDeadLetters', { body: { selection, edit } });
      const { id } = (await td.admin.call('startReplay', { body: { selection, edit, rate: 500 } })).data;
      arm();
      await eventually(
        async () =>
          (await sql.rows("select from taylordash.dead_letter_replays where id = $1 and status = 'finished'", [id]))
            .length > 0,
        30_000,
      );
      const rows = await sql.rows(
        "select payload->'payload'->>'text' as text from public.events_mirror where topic = $1 order by id",
        [topic],
      );
      expect([name, rows.map((row) => row.text)]).toEqual([name, texts]);
      const left = await sql.rows("select from public.dlq_events where original_topic = $1 and status <> 'replayed'", [
        topic,
      ]);
      expect([name, left.length]).toEqual([name, 0]);
    });
    console.log(`R26 replay: ${failed} statements failed.`);
    expect(failed).toBeGreaterThan(2);
  }, 900_000);
});
