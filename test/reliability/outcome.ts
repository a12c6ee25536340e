// What is in the tables after a run, as the judge of histories wants it.
import { connectSql, type TestSql } from '../harness/sql.ts';
import type { Stored } from './history.ts';
import { keyOf } from './publisher.ts';

export async function storedIn(database_url: string): Promise<Stored> {
  const sql = await connectSql(database_url);
  try {
    return await storedBy(sql);
  } finally {
    await sql.end();
  }
}

async function storedBy(sql: TestSql): Promise<Stored> {
  const mirror = await sql.rows(
    "select payload->>'idempotency_key' as key from public.events_mirror where source = 'mqtt' order by id",
  );
  const dead = await sql.rows("select encode(raw, 'base64') as raw from public.dlq_events where status = 'open'");
  return {
    mirror: mirror.map((row) => String(row.key)),
    dead: dead.map((row) => keyOf(Buffer.from(String(row.raw), 'base64'))),
  };
}
