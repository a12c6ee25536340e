// Answers what is no HTTP request, or arrives too slowly: there is no request to reply to, so it writes to the socket.
import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { ProblemCode } from '@taylordash/core/problems';
import { Problem } from '../kernel/problem.ts';
import { problemBody } from './problem-reply.ts';

const codes: Readonly<Record<string, ProblemCode>> = {
  HPE_HEADER_OVERFLOW: 'request.header_too_large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request.timeout',
};

export function answerClientError(
  error: Error & { code?: string },
  socket: Socket,
  headers: Readonly<Record<string, string>>,
): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const trace_id = randomUUID();
  const code = codes[error.code ?? ''];
  const problem = code ? new Problem(code) : new Problem('request.invalid', { detail: 'This is no HTTP request.' });
  const body = JSON.stringify(problemBody(problem, '', trace_id));
  const all = {
    ...headers,
    'x-trace-id': trace_id,
    'content-type': 'application/problem+json',
    'cache-control': 'no-store',
    'content-length': String(Buffer.byteLength(body)),
    connection: 'close',
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  socket.end(`HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}\r\n${lines.join('\r\n')}\r\n\r\n${body}`);
}
