// A TCP proxy that does to connections what networks do: late, slow, in single bytes, cut off, reset, silent, away.
import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** What happens to everything that passes, both ways. */
export interface Toxics {
  /** Milliseconds that it comes late. */
  latency?: number;
  /** Bytes a second. */
  bandwidth?: number;
  /** In pieces of so many bytes, each on its own. */
  slice?: number;
  /** A connection ends after so many bytes, wherever that is. */
  limit_data?: number;
  /** The chance that a connection is reset at a piece. */
  reset?: number;
}

export interface ToxicProxy {
  /** The same address by way of the proxy. */
  through(url: string): string;
  /** For connections that are open and those to come, until told otherwise. */
  become(toxics: Toxics): void;
  /** Resets what is open and refuses what comes, until `back`. */
  away(): Promise<void>;
  back(): Promise<void>;
  /** What is open goes silent for ever, and no side is told: a router forgot it. New connections are not touched. */
  forget(): void;
  /** The same, and for connections to come too, until `heal`; what was cut stays dead until its ends give up. */
  cut(): void;
  heal(): void;
  /** Does this local port, as the other side sees it, belong to a connection through here? */
  owns(port: number): boolean;
  /** Connections that a side holds still, though they were forgotten. */
  stuck(): number;
  /** How many connections were made in all. */
  connections(): number;
  close(): Promise<void>;
}

/** What waits in the proxy, each way of a connection, before the sender is held up. */
const mostWaiting = 256 * 1024;

interface Link {
  sides: readonly [Socket, Socket];
  silent: boolean;
  passed: number;
}

export async function toxicProxy(to: string): Promise<ToxicProxy> {
  const { hostname, port: far } = new URL(to);
  const links = new Set<Link>();
  let toxics: Toxics = {};
  let made = 0;
  let dead = false;

  const server = createServer({ allowHalfOpen: true, noDelay: true }, (near) => {
    const other = connect({ port: Number(far), host: hostname, allowHalfOpen: true, noDelay: true });
    const link: Link = { sides: [near, other], silent: dead, passed: 0 };
    made++;
    links.add(link);
    pump(link, near, other);
    pump(link, other, near);
  });

  function reset(link: Link): void {
    for (const side of link.sides) side.resetAndDestroy();
  }

  function pump(link: Link, from: Socket, onward: Socket): void {
    const queue: { due: number; bytes: Buffer }[] = [];
    let waiting = 0;
    let ended = false;
    let running = false;
    from.on('error', () => undefined);
    from.on('data', (bytes: Buffer) => {
      if (link.silent) return;
      queue.push({ due: performance.now() + (toxics.latency ?? 0), bytes });
      waiting += bytes.length;
      if (waiting > mostWaiting) from.pause();
      void run();
    });
    from.on('end', () => {
      ended = true;
      // Of a forgotten connection this side is told nothing, and lets go by itself.
      if (link.silent) from.destroy();
      else void run();
    });
    from.on('close', (broken) => {
      if (!link.silent && broken) reset(link);
      if (link.sides.every((side) => side.destroyed)) links.delete(link);
    });

    async function run(): Promise<void> {
      if (running) return;
      running = true;
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        const late = next.due - performance.now();
        if (late > 0) await pause(late);
        for (let at = 0; at < next.bytes.length && !onward.destroyed && !link.silent; ) {
          const { slice, bandwidth, limit_data, reset: chance = 0 } = toxics;
          const size = slice ?? (bandwidth === undefined ? next.bytes.length : Math.max(1, Math.round(bandwidth / 20)));
          const piece = next.bytes.subarray(
            at,
            at + Math.min(size, (limit_data ?? Number.POSITIVE_INFINITY) - link.passed),
          );
          if (bandwidth !== undefined) await pause((piece.length / bandwidth) * 1000);
          if (Math.random() < chance) return reset(link);
          if (piece.length > 0) await new Promise((resolve) => onward.write(piece, resolve));
          at += piece.length;
          link.passed += piece.length;
          if (limit_data !== undefined && link.passed >= limit_data) {
            for (const side of link.sides) side.destroy();
            return;
          }
        }
        waiting -= next.bytes.length;
        if (waiting < mostWaiting) from.resume();
      }
      running = false;
      if (ended && !link.silent) onward.end();
    }
  }

  const listen = (port: number) =>
    new Promise<number>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', () => {
        const address = server.address();
        resolve(typeof address === 'object' && address !== null ? address.port : port);
      });
    });
  const port = await listen(0);
  const away = async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const link of links) reset(link);
    await closed;
  };
  const forget = () => {
    for (const link of links) link.silent = true;
  };
  return {
    through(url) {
      const changed = new URL(url);
      changed.hostname = '127.0.0.1';
      changed.port = String(port);
      return changed.href;
    },
    become(these) {
      toxics = these;
    },
    away,
    async back() {
      await listen(port);
    },
    forget,
    cut() {
      dead = true;
      forget();
    },
    heal() {
      dead = false;
    },
    owns: (its) => [...links].some(({ sides: [, other] }) => other.localPort === its),
    stuck: () => [...links].filter((link) => link.silent && link.sides.some((side) => !side.destroyed)).length,
    connections: () => made,
    async close() {
      if (server.listening) await away();
    },
  };
}
