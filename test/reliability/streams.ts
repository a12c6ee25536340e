// Readers of the live stream over HTTP that are reset, stall, and come back to where they were.
import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { createClient } from '../../sdk/src/client.ts';
import { account, type KillableServer } from './server.ts';

export async function signIn(server: KillableServer): Promise<string> {
  const { data } = await createClient({ base_url: server.url }).call('login', { body: account });
  return data.token ?? '';
}

export interface StreamReader {
  /** Ids of the events in the order in which they came. */
  ids: number[];
  /** Ends the connection at once; the reader comes back to where it was. */
  reset(): void;
  /** Comes back no more. */
  end(): void;
}

export interface StreamOptions {
  url: string;
  token: string;
  /** The id to go on after; without one, from now. */
  after?: number;
}

const path = '/api/v1/events/stream?topics=tracker/events/%23';

/** Reads as browsers do: after each end it comes back with the last id it saw. */
export function streamReader({ url, token, after }: StreamOptions): StreamReader {
  const ids: number[] = [];
  let last = after;
  let ended = false;
  let connection = new AbortController();

  async function read(): Promise<void> {
    connection = new AbortController();
    const headers: Record<string, string> = { authorization: `Bearer ${token}` };
    if (last !== undefined) headers['last-event-id'] = String(last);
    const response = await fetch(url + path, { headers, signal: connection.signal });
    if (response.status !== 200 || !response.body) throw new Error(`the stream answered ${response.status}`);
    const decoder = new TextDecoder();
    let text = '';
    for await (const chunk of response.body) {
      text += decoder.decode(chunk, { stream: true });
      const blocks = text.split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) {
        const id = /^id: (\d+)$/m.exec(block)?.[1];
        if (id === undefined) continue;
        last = Number(id);
        if (/^event: event$/m.test(block)) ids.push(last);
      }
    }
  }
  void (async () => {
    while (!ended) {
      await read().catch(() => undefined);
      if (!ended) await pause(50);
    }
  })();
  return {
    ids,
    reset: () => connection.abort(),
    end() {
      ended = true;
      connection.abort();
    },
  };
}

/** Asks for the stream and reads nothing of it. */
export function stalledReader({ url, token }: StreamOptions): Socket {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  socket.pause();
  socket.write(`GET ${path} HTTP/1.1\r\nHost: ${hostname}:${port}\r\nAuthorization: Bearer ${token}\r\n\r\n`);
  return socket;
}
