// The sockets of the embedded broker: addresses it listens on, plain or TLS, and what they refuse before it is read.
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { messageBytes } from '@taylordash/core/envelope';
import type { Log } from '../db/log.ts';
import { limitFrames } from './frame-limit.ts';

/** The port is in use; the message says what to do. */
export class PortTaken extends Error {
  override readonly name = 'PortTaken';
}

export interface TlsFiles {
  /** Certificate chain and private key, PEM. */
  cert: string;
  key: string;
}

export interface MqttListener {
  /** Listens on one more address; 0 finds a port. Returns the port. Throws PortTaken. */
  listen(host: string, port: number, tls?: TlsFiles): Promise<number>;
  /** Takes no more connections. */
  close(): void;
  destroyAll(): void;
}

/** The largest frame that is read into memory; an event may have 256 KB, a message on another topic somewhat more. */
const frameBytes = 4 * messageBytes;

export function mqttListener(log: Log, handle: (socket: Socket) => void): MqttListener {
  const sockets = new Set<Socket>();
  const servers: Server[] = [];
  const serve = (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    limitFrames(socket, frameBytes, () => {
      log.warn(`an MQTT client sent a packet of more than ${frameBytes} bytes: its connection is closed`);
    });
    handle(socket);
  };
  return {
    async listen(host, port, tls) {
      const options = { noDelay: true, highWaterMark: 256 * 1024 };
      const server = tls === undefined ? createServer(options, serve) : createTlsServer({ ...options, ...tls }, serve);
      // A handshake that fails is the client's affair.
      server.on('tlsClientError', () => undefined);
      const bound = await listening(server, host, port, tls === undefined ? 'MQTT_PORT' : 'MQTT_TLS_PORT');
      servers.push(server);
      return bound;
    },
    close() {
      for (const each of servers) each.close();
    },
    destroyAll() {
      for (const socket of sockets) socket.destroy();
    },
  };
}

function listening(server: Server, host: string, port: number, variable: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      const code = 'code' in error ? error.code : '';
      if (code === 'EADDRINUSE') {
        const message = `MQTT port ${port} on ${host} is taken by another program. Set ${variable} to a free port.`;
        reject(new PortTaken(message));
      } else if (code === 'EACCES') {
        reject(
          new PortTaken(
            `MQTT port ${port} on ${host} may not be used by this account. Set ${variable} to a port above 1023.`,
          ),
        );
      } else if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
        reject(new PortTaken(`${host} is not an address of this machine. Set MQTT_HOST to one that is.`));
      } else reject(error);
    });
    server.listen(port, host, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}
