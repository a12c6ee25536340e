// SQL of what others on the bus ask for: one function a statement.
import { sql } from 'kysely';
import type { Handle } from '../../db/transaction.ts';
import { readSetting } from '../../kernel/settings.ts';

/** The user that commands from an external broker act as, or null. */
export async function commandUser(handle: Handle): Promise<string | null> {
  const value = await readSetting(handle, 'command_user');
  return typeof value === 'string' ? value : null;
}

export interface ResponseTopic {
  response_topic: string;
  correlation: Buffer | null;
}

/** Where the answer to a command is wanted; the same again replaces it. Primary key. */
export async function noteResponseTopic(
  handle: Handle,
  key: string,
  { response_topic, correlation }: ResponseTopic,
): Promise<void> {
  await sql`
    insert into taylordash.command_responses (key, response_topic, correlation)
    values (${key}, ${response_topic}, ${correlation})
    on conflict (key) do update set response_topic = excluded.response_topic, correlation = excluded.correlation,
      created_at = now()`.execute(handle);
}

/** Primary key. */
export async function responseTopic(handle: Handle, key: string): Promise<ResponseTopic | null> {
  const { rows } = await sql<ResponseTopic>`
    select response_topic, correlation from taylordash.command_responses where key = ${key}`.execute(handle);
  return rows[0] ?? null;
}

/** Keeps what a command was answered; the last answer counts. Primary key. */
export async function keepReply(handle: Handle, event_id: string, reply: string): Promise<void> {
  await sql`
    insert into taylordash.command_replies (event_id, reply) values (${event_id}::bigint, ${reply})
    on conflict (event_id) do update set reply = excluded.reply`.execute(handle);
}

/** What the command of that publisher and key was answered; null while it was not. Indexes event_keys_pkey, command_replies_pkey. */
export async function replyTo(handle: Handle, identity: string, key: string): Promise<string | null> {
  const { rows } = await sql<{ reply: string }>`
    select r.reply from taylordash.event_keys k join taylordash.command_replies r on r.event_id = k.event_id
    where k.source = 'mqtt' and k.client_identity = ${identity} and k.key = ${key}`.execute(handle);
  return rows[0]?.reply ?? null;
}

/** Indexes idx_command_responses_created_at, idx_command_replies_created_at. */
export async function forgetAnswers(handle: Handle): Promise<void> {
  await sql`delete from taylordash.command_replies where created_at < now() - interval '1 day'`.execute(handle);
  await sql`delete from taylordash.command_responses where created_at < now() - interval '1 day'`.execute(handle);
}
