// One dedicated connection, for what must end with it: the leader's lock and its right to append.
import { Socket } from 'node:net';
import pg from 'pg';
import { clientConfig, type Target } from './connect.ts';
import { isSpent } from './errors.ts';

export type LeaderConnection = {
  /** Runs one statement, in a transaction of its own, after those that were asked for before. Prepared under `name` where one is given. */
  query<R>(text: string, values?: readonly unknown[], name?: string): Promise<R[]>;
  /** For how many milliseconds nothing was answered though something is asked; 0 where nothing is. */
  silent(): number;
  /** Called once, when the connection is gone, not after end(). At once where it already is. */
  onLost(handler: (error: Error | undefined) => void): void;
  end(): Promise<void>;
};

/** Statements longer than this mean that the connection is dead or something is badly wrong. */
const STATEMENT_TIMEOUT = 60_000;

export async function openLeaderConnection(target: Target, timeout = STATEMENT_TIMEOUT): Promise<LeaderConnection> {
  const socket = new Socket();
  let asked = 0;
  let heard = 0;
  const client = new pg.Client({
    ...clientConfig(target, 'taylordash leader', timeout),
    // A statement is sent while the one before it still runs.
    pipeline: true,
    stream: () => socket,
  });
  let state: 'open' | 'lost' | 'ended' = 'open';
  let cause: Error | undefined;
  const handlers: ((error: Error | undefined) => void)[] = [];
  const lose = (error?: Error) => {
    cause ??= error;
    if (state !== 'open') return;
    state = 'lost';
    for (const handler of handlers) handler(cause);
  };
  client.on('error', lose);
  client.on('end', () => lose());
  await client.connect();
  return {
    async query<R>(text: string, values: readonly unknown[] = [], name?: string): Promise<R[]> {
      if (asked === 0) heard = performance.now();
      asked++;
      try {
        const result = await client.query({ text, values: [...values], ...(name === undefined ? {} : { name }) });
        // Row edge: the shape of a row is what the statement selects, which only its author can say.
        return result.rows as R[];
      } catch (error) {
        if (isSpent(error)) socket.destroy();
        throw error;
      } finally {
        asked--;
        heard = performance.now();
      }
    },
    silent: () => (asked === 0 ? 0 : performance.now() - heard),
    onLost(handler) {
      if (state === 'lost') handler(cause);
      else handlers.push(handler);
    },
    async end() {
      state = 'ended';
      // What hangs would be waited for.
      if (asked > 0) socket.destroy();
      await client.end();
    },
  };
}
