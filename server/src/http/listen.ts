// Where HTTP listens: at first as configured, later on more addresses without a restart.
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { networkInterfaces } from 'node:os';
import type { FastifyInstance } from 'fastify';

/** The port is in use; the message says what to do. */
export class HttpPortTaken extends Error {
  override readonly name = 'HttpPortTaken';
}

export interface Listening {
  port: number;
  /** Listens on every address of this machine from now on; returns those of other machines' view. */
  widen(): Promise<string[]>;
  close(): Promise<void>;
}

/** How long requests that run may go on when the server stops, in milliseconds. */
const longestClose = 4000;

/** Starts listening. `host` null: this machine alone, under both of its loopback addresses. */
export async function listenOn(
  app: FastifyInstance,
  host: string | null,
  port: number,
  tls: { cert: string; key: string } | null,
): Promise<Listening> {
  const taken = (error: unknown): unknown =>
    error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
      ? new HttpPortTaken(`Port ${port} is taken by another program. Set PORT to a free port, for example PORT=3001.`)
      : error;
  await app.listen({ host: host ?? 'localhost', port }).catch((error) => {
    throw taken(error);
  });
  const bound = app.server.address();
  const actual = typeof bound === 'object' && bound !== null ? bound.port : port;
  const more: Server[] = [];
  return {
    port: actual,
    async widen() {
      const addresses = ownAddresses();
      for (const address of addresses) {
        const handle: RequestListener = (request, response) => app.routing(request, response);
        const server = tls ? createTlsServer(tls, handle) : createServer(handle);
        await new Promise<void>((resolve, reject) => {
          server.once('error', reject);
          server.listen(actual, address, () => resolve());
        }).catch((error) => {
          throw taken(error);
        });
        more.push(server);
      }
      return addresses;
    },
    async close() {
      const servers = [app.server, ...more];
      const closing = more.map((server) => new Promise<void>((resolve) => server.close(() => resolve())));
      // A connection whose last answer ends after the close stays open for the next request, which never comes.
      const idle = setInterval(() => servers.forEach((server) => void server.closeIdleConnections()), 50);
      const all = setTimeout(() => servers.forEach((server) => void server.closeAllConnections()), longestClose);
      try {
        await Promise.all([app.close(), ...closing]);
      } finally {
        clearInterval(idle);
        clearTimeout(all);
      }
    },
  };
}

/** IPv4 addresses under which others reach this machine. */
export function ownAddresses(): string[] {
  return Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .filter((info) => info.family === 'IPv4' && !info.internal)
    .map((info) => info.address);
}
