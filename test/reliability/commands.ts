// What HTTP took in while the server is killed: each event is stored once, each command carried out once and told to who listens.
import { setTimeout as pause } from 'node:timers/promises';
import { connect } from 'mqtt';
import { createClient } from '../../sdk/src/client.ts';
import { connectSql } from '../harness/sql.ts';
import { judge } from './history.ts';
import { rooted, settleWithin, total, until, withDatabase } from './load.ts';
import type { Run } from './scenarios.ts';
import { account, killableServer } from './server.ts';

export interface CommandRun extends Run {
  /** Commands that were answered and not carried out, and those that were carried out more than once. */
  undone: string[];
  redone: string[];
  /** Whose task a reader with a session never heard of. */
  unheard: string[];
}

const senders = 4;
/** Commands that are answered before each kill, at the least. */
const betweenKills = 30;

export function commandsUnderKills(options: { root?: string | undefined; kills: number }): Promise<CommandRun> {
  return withDatabase(async ({ url }) => {
    const server = await killableServer({ database_url: url, ...rooted(options.root) });
    const sql = await connectSql(url);
    await server.start();
    const { data: session } = await createClient({ base_url: server.url }).call('login', { body: account });
    const admin = createClient({ base_url: server.url, token: session.token ?? '' });
    const heard = new Set<string>();
    const reader = connect(server.mqtt_url, { clientId: 'listener', clean: false, reconnectPeriod: 50 });
    reader.on('error', () => undefined);
    reader.on('message', (_topic, payload) => {
      const message: { payload: { entity?: { name: string } } } = JSON.parse(String(payload));
      heard.add(message.payload.entity?.name ?? '');
    });
    await reader.subscribeAsync('tracker/events/tasks/#', { qos: 1 });
    let on = true;
    const histories = Array.from({ length: senders }, (_, n) => ({
      ...{ publisher: `pub${n}`, keys: [] as string[], acknowledged: new Set<string>() },
    }));
    const sending = histories.map(async ({ publisher, keys, acknowledged }) => {
      for (let n = 0; on; n++) {
        const key = `${publisher}-${n}`;
        keys.push(key);
        const body = {
          topic: 'tracker/commands/tasks/create',
          kind: 'create',
          idempotency_key: key,
          payload: { name: key },
        };
        // Until it is answered, as a client does that keeps its own queue.
        while (!acknowledged.has(key)) {
          await admin.call('publishEvent', { body }).then(
            () => acknowledged.add(key),
            () => pause(20),
          );
        }
        await pause(2);
      }
    });
    try {
      for (let n = 1; n <= options.kills; n++) {
        await until(async () => total(histories) >= n * betweenKills);
        await pause(300 + Math.random() * 300);
        await server.kill();
        await server.start();
      }
      await pause(300);
      on = false;
      await Promise.race([Promise.all(sending), pause(settleWithin)]);
      const wanted = histories.flatMap(({ acknowledged }) => [...acknowledged]);
      const made = async () => (await sql.rows('select name from public.tasks')).map(({ name }) => String(name));
      await until(async () => {
        const names = new Set(await made());
        return wanted.every((key) => names.has(key) && heard.has(key));
      });
      const mirror = await sql.rows(
        "select payload->>'idempotency_key' as key from public.events_mirror where source = 'http' order by id",
      );
      const names = await made();
      const distinct = new Set(names);
      return {
        findings: judge(histories, { mirror: mirror.map((row) => String(row.key)), dead: [] }),
        ...{ acknowledged: total(histories), kills: options.kills, ready_ms: [] },
        undone: wanted.filter((key) => !distinct.has(key)),
        redone: names.filter((name, at) => names.indexOf(name) !== at),
        unheard: wanted.filter((key) => !heard.has(key)),
      };
    } finally {
      on = false;
      await reader.endAsync(true);
      await sql.end();
      await server.kill();
      await server.remove();
    }
  });
}
