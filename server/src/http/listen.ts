// Where HTTP listens: at first as configured, later on more addresses without a restart.
import type { Server } from 'node:http';
import { networkInterfaces } from 'node:os';
import type { FastifyInstance } from 'fastify';
import type { Servers } from './servers.ts';

/** The address or the port cannot be listened on; the message says what to do. */
export class CannotListen extends Error {
  override readonly name = 'CannotListen';
}

export interface Listening {
  port: number;
  /** Listens on every address of this machine from now on; returns those of other machines' view. */
  widen(): Promise<string[]>;
  close(): Promise<void>;
}

/** Starts listening. `host` null: this machine alone, under both of its loopback addresses. */
export async function listenOn(
  app: FastifyInstance,
  servers: Servers,
  host: string | null,
  port: number,
): Promise<Listening> {
  await app.listen({ host: host ?? '127.0.0.1', port }).catch((error) => {
    throw refusal(error, host, port);
  });
  const bound = app.server.address();
  const actual = typeof bound === 'object' && bound !== null ? bound.port : port;
  const more: Server[] = [];
  const listenAlso = async (address: string) => {
    const server = servers.make((request, response) => app.routing(request, response));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(actual, address, () => resolve());
    });
    more.push(server);
  };
  if (host === null) {
    await listenAlso('::1').catch((error) => {
      // A machine without IPv6 is none the worse; another program there would be what a browser finds at localhost.
      if (isCode(error, 'EADDRINUSE')) throw refusal(error, host, actual);
    });
  }
  return {
    port: actual,
    async widen() {
      const addresses = ownAddresses();
      for (const address of addresses) {
        await listenAlso(address).catch((error) => {
          throw refusal(error, address, actual);
        });
      }
      return addresses;
    },
    async close() {
      const closing = more.map((server) => new Promise<void>((resolve) => server.close(() => resolve())));
      await Promise.all([app.close(), servers.end(), ...closing]);
    },
  };
}

function isCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}

/** What the person who started it can do about it. */
function refusal(error: unknown, host: string | null, port: number): unknown {
  if (isCode(error, 'EADDRINUSE')) {
    return new CannotListen(
      `Port ${port} is taken by another program. Set PORT to a free port, for example PORT=3001.`,
    );
  }
  if (isCode(error, 'EACCES')) {
    return new CannotListen(`Port ${port} may not be used by this account. Set PORT to a port above 1023.`);
  }
  if (isCode(error, 'EADDRNOTAVAIL', 'ENOTFOUND', 'EAI_AGAIN')) {
    return new CannotListen(`${host} is not an address of this machine. Set HOST to one that is, or leave it out.`);
  }
  return error;
}

/** IPv4 addresses under which others reach this machine. */
export function ownAddresses(): string[] {
  return Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .filter((info) => info.family === 'IPv4' && !info.internal)
    .map((info) => info.address);
}
