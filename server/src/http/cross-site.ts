// Refuses state-changing requests that another site made a browser send.
import type { FastifyRequest } from 'fastify';
import { Problem } from '../kernel/problem.ts';

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Throws auth.cross_site for a state-changing request whose Origin or Sec-Fetch-Site is another site's, or which carries a
 * cookie without the header that only our own scripts can set. Programs with a Bearer token send neither and pass.
 */
export function refuseCrossSite(request: FastifyRequest, ownOrigins: readonly string[], carriesCookie: boolean): void {
  if (safeMethods.has(request.method)) return;
  const { origin, host } = request.headers;
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none')
    throw refused(`Sec-Fetch-Site is ${String(site)}.`);
  if (origin !== undefined) {
    const own = [`${request.protocol}://${host ?? ''}`, ...ownOrigins];
    if (!own.includes(origin)) throw refused('The Origin is another site.');
  }
  if (carriesCookie && request.headers['x-requested-with'] !== 'taylordash') {
    throw refused('Requests with a session cookie must carry the header X-Requested-With: taylordash.');
  }
}

function refused(detail: string): Problem {
  return new Problem('auth.cross_site', { detail });
}
