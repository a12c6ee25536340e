// Load on an HTTP server from a process of its own: connections that each send the next request when the last one is answered.
import { fork } from 'node:child_process';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';

export interface Load {
  port: number;
  method: 'GET' | 'POST';
  path: string;
  headers: Record<string, string>;
  body?: string;
  connections: number;
  seconds: number;
  /** Status that every answer must have. */
  status: number;
}

/** Answers a second. Rejects where an answer has another status. */
export function load(wanted: Load): Promise<number> {
  const child = fork(fileURLToPath(import.meta.url), [JSON.stringify(wanted)]);
  return new Promise((resolve, reject) => {
    child.once('message', (rate) => resolve(Number(rate)));
    child.once('error', reject);
    child.once('exit', (code) => code !== 0 && reject(new Error(`the load ended with ${code}`)));
  });
}

/** Plain sockets: a client library would take more of the cores than the server that is measured. */
async function run({ port, method, path, headers, body = '', connections, seconds, status }: Load): Promise<number> {
  const head = Object.entries({
    host: `127.0.0.1:${port}`,
    'content-length': String(Buffer.byteLength(body)),
    ...headers,
  });
  const request = `${method} ${path} HTTP/1.1\r\n${head.map(([name, value]) => `${name}: ${value}`).join('\r\n')}\r\n\r\n${body}`;
  const expected = `HTTP/1.1 ${status} `;
  const begun = performance.now();
  const until = begun + seconds * 1000;
  let answers = 0;

  const one = () =>
    new Promise<void>((resolve, reject) => {
      let parts: Buffer[] = [];
      let have = 0;
      let want: number | null = null;
      const socket = connect(port, '127.0.0.1', () => socket.write(request)).setNoDelay(true);
      socket.once('error', reject);
      socket.on('data', (chunk) => {
        parts.push(chunk);
        have += chunk.length;
        want ??= sizeOf(Buffer.concat(parts), expected);
        if (want === null || have < want) return;
        answers += 1;
        [parts, have, want] = [[], 0, null];
        if (performance.now() < until) socket.write(request);
        else socket.end(resolve);
      });
    });
  await Promise.all(Array.from({ length: connections }, one));
  return (answers / (performance.now() - begun)) * 1000;
}

/** Bytes of the whole answer, once its head is there. */
function sizeOf(bytes: Buffer, expected: string): number | null {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return null;
  const head = bytes.toString('latin1', 0, end);
  if (!head.startsWith(expected)) throw new Error(`${head.split('\r\n')[0]}\n${bytes.toString('utf8', end)}`);
  const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1];
  if (length === undefined) throw new Error('an answer has no Content-Length');
  return end + 4 + Number(length);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const rate = await run(JSON.parse(process.argv[2] ?? '{}'));
  process.send?.(rate, () => process.disconnect());
}
