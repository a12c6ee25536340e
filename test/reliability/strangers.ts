// What must be told apart: publishers that use the same key, topics that carry the same poison, a key of long ago.
import { connectAsync } from 'mqtt';
import { createClient } from '../../sdk/src/client.ts';
import { envelope } from '../harness/events.ts';
import { connectSql } from '../harness/sql.ts';
import { rooted, until, withDatabase } from './load.ts';
import { account, killableServer } from './server.ts';

/** Returns what is not as it should be, in words. */
export function strangers(options: { root?: string | undefined }): Promise<string[]> {
  return withDatabase(async ({ url }) => {
    const server = await killableServer({ database_url: url, ...rooted(options.root) });
    const sql = await connectSql(url);
    const wrong: string[] = [];
    async function expectRows(what: string, count: number, text: string): Promise<void> {
      if (!(await until(async () => (await sql.rows(text)).length >= count, 3000))) wrong.push(`too few: ${what}`);
      else if ((await sql.rows(text)).length > count) wrong.push(`too many: ${what}`);
    }
    try {
      await server.start();
      const { data: session } = await createClient({ base_url: server.url }).call('login', { body: account });
      const admin = createClient({ base_url: server.url, token: session.token ?? '' });
      const devices = await Promise.all(
        ['Pump', 'Valve'].map(async (name) => {
          const { data } = await admin.call('createDevice', { body: { name } });
          const { username } = data.device;
          return connectAsync(server.mqtt_url, { username, password: data.password, clientId: name });
        }),
      );
      for (const [n, device] of devices.entries())
        await device.publishAsync(
          'tracker/events/garden/keyed',
          envelope({ idempotency_key: 'first', payload: { n } }),
          {
            qos: 1,
          },
        );
      const [device] = devices;
      await device?.publishAsync('tracker/events/garden/a', 'the same poison', { qos: 1 });
      await device?.publishAsync('tracker/events/garden/b', 'the same poison', { qos: 1 });
      await device?.publishAsync('tracker/events/garden/c', 'poison that nobody waits for', { qos: 0 });
      await expectRows(
        'one key of two devices',
        2,
        "select from public.events_mirror where topic = 'tracker/events/garden/keyed'",
      );
      await expectRows(
        'poison on two topics',
        2,
        "select from public.dlq_events where original_topic ~ 'garden/[ab]$'",
      );
      await expectRows('poison by QoS 0', 1, "select from public.dlq_events where original_topic ~ 'garden/c$'");
      await Promise.all(devices.map((one) => one.endAsync(true)));
      // Used 80 days ago; the leader forgets old keys when it begins.
      const old = envelope({ idempotency_key: 'of long ago' });
      const again = async () => {
        const client = await connectAsync(server.mqtt_url);
        await client.publishAsync('tracker/events/garden/old', old, { qos: 1 });
        await client.endAsync(true);
      };
      await again();
      await sql.rows("update taylordash.event_keys set created_at = now() - interval '80 days'");
      await server.kill();
      await server.start();
      await until(
        async () =>
          (await sql.count('select count(*) from taylordash.event_keys where key = $1', ['of long ago'])) === 0,
        500,
      );
      await again();
      await expectRows(
        'a key of 80 days ago',
        1,
        "select from public.events_mirror where topic = 'tracker/events/garden/old'",
      );
      return wrong;
    } finally {
      await sql.end();
      await server.kill();
      await server.remove();
    }
  });
}
