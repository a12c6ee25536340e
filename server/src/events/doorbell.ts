// Rings other servers, and this one's listeners, by NOTIFY: there is something new. A poll stands behind it.
import { sql } from 'kysely';
import type { Database } from '../db/database.ts';

export interface Doorbell {
  ring(channel: string): void;
  stop(): Promise<void>;
}

/** Sends notifications apart from the transactions they tell of: inside, PostgreSQL would commit these one after another. */
export function doorbellOf(database: Database): Doorbell {
  const due = new Set<string>();
  let sending: Promise<void> | null = null;
  async function send(): Promise<void> {
    // A burst of doorbells is one.
    await new Promise((resolve) => setTimeout(resolve, 10));
    const channels = [...due];
    due.clear();
    // Nobody hears it while the database is away; a poll stands behind it.
    await sql`select pg_notify(channel, '') from unnest(${channels}::text[]) as channel`
      .execute(database.app)
      .catch(() => undefined);
    sending = null;
    if (due.size > 0) sending = send();
  }
  return {
    ring(channel) {
      due.add(channel);
      sending ??= send();
    },
    async stop() {
      await sending;
    },
  };
}
