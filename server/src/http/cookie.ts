// The session cookie: its name and flags by how the request arrived, and reading it back.
import type { FastifyRequest } from 'fastify';

const secureName = '__Host-sid';
/** Over plain HTTP browsers drop `__Host-` cookies. */
const plainName = 'td_sid';

function isSecure(request: FastifyRequest): boolean {
  return request.protocol === 'https';
}

export function sessionCookie(request: FastifyRequest): string | null {
  const header = request.headers.cookie;
  if (header === undefined) return null;
  const name = isSecure(request) ? secureName : plainName;
  for (const part of header.split(';')) {
    const equals = part.indexOf('=');
    if (equals > 0 && part.slice(0, equals).trim() === name) return part.slice(equals + 1).trim();
  }
  return null;
}

/** Set-Cookie that keeps a session's token; without `max_age_seconds` it ends with the browser. */
export function keepSession(request: FastifyRequest, token: string, max_age_seconds: number | null): string {
  const secure = isSecure(request);
  const age = max_age_seconds === null ? '' : `; Max-Age=${max_age_seconds}`;
  return `${secure ? secureName : plainName}=${token}; Path=/; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}${age}`;
}

export function forgetSession(request: FastifyRequest): string {
  return keepSession(request, '', 0);
}
