// The floor of create_project: the same inserts in one transaction, at the same concurrency, without HTTP and without our code.
import { randomUUID } from 'node:crypto';
import pg from 'pg';

const [url, connections, seconds] = process.argv.slice(2);
const pool = new pg.Pool({ connectionString: url ?? '', max: 10 });
const insertProject = {
  name: 'project',
  text: `insert into public.projects as p (name, description) values ($1, $2)
    returning taylordash.project_json(p)::text as json, p.id`,
};
const insertEvent = {
  name: 'event',
  text: `insert into taylordash.outbox (topic, payload, source, change_id, project_id, entity_id)
    values ('tracker/events/projects/created', $1::jsonb, 'server', $2, $3, $3)`,
};
const begun = performance.now();
const until = begun + Number(seconds) * 1000;
let made = 0;

async function one(): Promise<void> {
  while (performance.now() < until) {
    const client = await pool.connect();
    await client.query('begin');
    const { rows } = await client.query({ ...insertProject, values: ['A project', 'What it is for'] });
    const envelope = `{"trace_id":"${randomUUID()}","ts":"2026-01-15T10:30:00.000Z","kind":"project_created","idempotency_key":"${randomUUID()}","payload":{"actor":{"id":null,"name":"bench","type":"user"},"entity":${rows[0].json},"changed":{}}}`;
    await client.query({ ...insertEvent, values: [envelope, randomUUID(), rows[0].id] });
    await client.query('commit');
    client.release();
    made += 1;
  }
}

await Promise.all(Array.from({ length: Number(connections) }, one));
const rate = (made / (performance.now() - begun)) * 1000;
await pool.end();
process.send?.(rate, () => process.disconnect());
