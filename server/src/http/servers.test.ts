// Stopping: whoever holds a connection open cannot keep the server; and each address answers alike.
import { connect, type Socket } from 'node:net';
import { expect, it } from 'vitest';
import { testApp } from '../../../test/harness/app.ts';

function opened(port: number, text: string, host = '127.0.0.1'): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, host, () => {
      socket.write(text);
      resolve(socket);
    });
    socket.on('error', reject);
  });
}

it('stops within seconds while connections are idle, send half a request, or do not read', async () => {
  const td = await testApp();
  const authorization = `authorization: Bearer ${td.admin_token}`;
  const port = td.app.port;
  const sockets = await Promise.all([
    opened(port, ''),
    opened(port, 'GET /api/v1/auth/me HTTP/1.1\r\nhost: x\r\nx-half: '),
    opened(port, `POST /api/v1/projects HTTP/1.1\r\nhost: x\r\n${authorization}\r\ncontent-length: 100\r\n\r\n{`),
    opened(port, `GET /api/v1/events/stream HTTP/1.1\r\nhost: x\r\n${authorization}\r\n\r\n`),
  ]);
  await new Promise((resolve) => setTimeout(resolve, 200));
  const ended = sockets.map((socket) => new Promise((resolve) => socket.resume().on('close', resolve)));
  const start = performance.now();
  await td.stop();
  expect(performance.now() - start).toBeLessThan(8_000);
  await Promise.all(ended);
}, 20_000);

it('listens on both loopback addresses, with the same answer to what is no request', async () => {
  const td = await testApp({ environment: { HOST: '' } });
  try {
    const answers = await Promise.all(
      ['127.0.0.1', '::1'].map(async (host) => {
        const socket = await opened(td.app.port, 'nonsense\r\n\r\n', host);
        let text = '';
        socket.on('data', (chunk) => {
          text += String(chunk);
        });
        await new Promise((resolve) => socket.on('close', resolve));
        return text.replace(/[0-9a-f-]{36}/g, '');
      }),
    );
    expect(answers[0]).toContain('content-type: application/problem+json');
    expect(answers[0]).toContain('x-content-type-options: nosniff');
    expect(answers[1]).toBe(answers[0]);
  } finally {
    await td.stop();
  }
});
