// One dedicated LISTEN connection that comes back by itself. A notification is a doorbell: one may be missed, so every
// handler is also called when the connection has come back.
import pg from 'pg';
import { clientConfig, type Target } from './connect.ts';
import type { Log } from './log.ts';

export type NotificationHandler = (payload: string) => void;

export type Listener = {
  /** Calls `handler` for each notification on `channel`, with an empty payload after a reconnect. Returns how to stop. */
  listen(channel: string, handler: NotificationHandler): Promise<() => Promise<void>>;
  close(): Promise<void>;
};

const LONGEST_PAUSE = 5_000;
/** How often it says something itself, and how long it waits for the answer, in milliseconds. */
const HEARTBEAT = 20_000;
const ANSWER_WITHIN = 5_000;

export function openListener(target: Target, log: Log): Listener {
  const handlers = new Map<string, Set<NotificationHandler>>();
  let client: pg.Client | undefined;
  let connecting: Promise<void> | undefined;
  let retry: NodeJS.Timeout | undefined;
  let pause = 100;
  let closed = false;

  async function connect(): Promise<void> {
    const fresh = new pg.Client(clientConfig(target, 'taylordash listen', ANSWER_WITHIN));
    let gone = false;
    let heartbeat: NodeJS.Timeout | undefined;
    const lose = () => {
      if (gone) return;
      gone = true;
      clearInterval(heartbeat);
      if (client === fresh) {
        client = undefined;
        if (!closed) log.warn('the connection that listens for notifications was lost: reconnecting');
      }
      schedule();
    };
    fresh.on('error', lose);
    fresh.on('end', lose);
    fresh.on('notification', (message) => {
      for (const handler of handlers.get(message.channel) ?? []) handler(message.payload ?? '');
    });
    await fresh.connect();
    const giveUp = () => void fresh.end().catch(() => undefined);
    try {
      for (const channel of handlers.keys()) await fresh.query(`LISTEN ${pg.escapeIdentifier(channel)}`);
    } catch (error) {
      giveUp();
      throw error;
    }
    if (closed) return fresh.end();
    client = fresh;
    // Else nobody would notice that the other side vanished without a word.
    heartbeat = setInterval(() => void fresh.query('SELECT').catch(giveUp), HEARTBEAT);
    pause = 100;
  }

  function schedule(): void {
    if (closed || retry !== undefined) return;
    retry = setTimeout(() => {
      retry = undefined;
      connecting = connect().then(
        () => {
          for (const each of handlers.values()) for (const handler of each) handler('');
        },
        () => schedule(),
      );
    }, pause);
    pause = Math.min(pause * 2, LONGEST_PAUSE);
  }

  return {
    async listen(channel, handler) {
      const known = handlers.get(channel);
      if (known === undefined) handlers.set(channel, new Set([handler]));
      else known.add(handler);
      if (client === undefined) {
        connecting ??= connect();
        await connecting;
      }
      // Again for a channel that came while connecting; LISTEN twice is LISTEN once.
      if (known === undefined) await client?.query(`LISTEN ${pg.escapeIdentifier(channel)}`);
      return async () => {
        handlers.get(channel)?.delete(handler);
        if (handlers.get(channel)?.size === 0) {
          handlers.delete(channel);
          await client?.query(`UNLISTEN ${pg.escapeIdentifier(channel)}`);
        }
      };
    },
    async close() {
      closed = true;
      clearTimeout(retry);
      await connecting?.catch(() => undefined);
      await client?.end();
    },
  };
}
