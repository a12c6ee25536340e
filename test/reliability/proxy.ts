// A TCP proxy whose network can go dead: both ends stay open and hear nothing any more, as when a cable is pulled.
import { connect, createServer, type Socket } from 'node:net';

export interface TcpProxy {
  port: number;
  /** Does this local port, as the target sees it, belong to a connection through here? */
  owns(port: number): boolean;
  /** Nothing passes any more, on the connections there are and on new ones. */
  cut(): void;
  /** What is connected from now on passes; what was cut stays dead until its ends give up. */
  heal(): void;
  close(): Promise<void>;
}

export async function startProxy(target: URL): Promise<TcpProxy> {
  const pairs = new Set<{ near: Socket; far: Socket }>();
  const silenced = new Set<Socket>();
  let dead = false;
  const server = createServer((near) => {
    near.on('error', () => undefined);
    near.once('close', () => silenced.delete(near));
    if (dead) {
      silenced.add(near);
      return;
    }
    const far = connect(Number(target.port), target.hostname);
    const pair = { near, far };
    pairs.add(pair);
    far.on('error', () => undefined);
    near.pipe(far);
    far.pipe(near);
    const end = () => {
      pairs.delete(pair);
      near.destroy();
      far.destroy();
    };
    near.once('close', end);
    far.once('close', end);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    owns: (port) => [...pairs].some(({ far }) => far.localPort === port),
    cut() {
      dead = true;
      for (const { near, far } of pairs) {
        near.unpipe(far).pause();
        far.unpipe(near).pause();
      }
    },
    heal() {
      dead = false;
    },
    async close() {
      for (const socket of [...silenced, ...[...pairs].flatMap(({ near, far }) => [near, far])]) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
