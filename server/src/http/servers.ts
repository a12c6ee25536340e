// Makes the HTTP servers, one for each address that is listened on, all with the same limits and answers, and ends them in bounded time.
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Socket } from 'node:net';
import { answerClientError } from './client-error.ts';
import { securityHeaders } from './security-headers.ts';

/** What begun requests get for their end once the server stops, in milliseconds. */
const grace = 2_000;

export interface Servers {
  make(handle: RequestListener): Server;
  /**
   * Ends what no request came on at once: a browser opens connections ahead, and Node does not count them as idle. Ends the
   * others when they are done, or after the grace: one who sends or reads slowly must not keep the server.
   */
  end(): Promise<void>;
}

/** `tls` null for plain HTTP. Throws where Node cannot use the certificate or the key. */
export function httpServers(tls: { cert: string; key: string } | null): Servers {
  const headers = securityHeaders(tls !== null);
  const sockets = new Set<Socket>();
  const unused = new Set<Socket>();
  const track = (set: Set<Socket>) => (socket: Socket) => {
    set.add(socket);
    socket.once('close', () => set.delete(socket));
  };
  return {
    make(handle) {
      const serve: RequestListener = (request, response) => {
        if (request.headers.host === undefined && request.httpVersion !== '1.0')
          answerClientError(new Error('no Host'), request.socket, headers);
        else handle(request, response);
      };
      // Node's own answer to a missing Host would lack the headers.
      const limits = { requestTimeout: 60_000, keepAliveTimeout: 65_000, requireHostHeader: false };
      const server = tls ? createTlsServer({ ...tls, ...limits }, serve) : createServer(limits, serve);
      // Likewise to an expectation that it does not know, which may be passed over.
      server.on('checkExpectation', serve);
      server.on('connection', track(sockets));
      server.on(tls ? 'secureConnection' : 'connection', track(unused));
      server.on('request', ({ socket }) => unused.delete(socket));
      server.on('clientError', (error, socket) => {
        // Node hands over a stream; over TCP and TLS it is a socket.
        answerClientError(error, socket as Socket, headers);
      });
      return server;
    },
    async end() {
      for (const socket of unused) socket.destroy();
      const deadline = performance.now() + grace;
      while (sockets.size > 0 && performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 10));
      for (const socket of sockets) socket.destroy();
    },
  };
}
