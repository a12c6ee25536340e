// Serves the built web app: hashed files for ever, its page for every address that is not the API's.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fastifyStatic, { type SetHeadersResponse } from '@fastify/static';
import { apiBase, endpoints } from '@taylordash/core/endpoints/all';
import type { EndpointSpec } from '@taylordash/core/endpoints/endpoint';
import type { FastifyInstance } from 'fastify';
import { Problem } from '../kernel/problem.ts';

const notBuilt = `<!doctype html><html lang="en"><meta charset="utf-8"><title>TaylorDash</title>
<p>The web app is not built yet. Run <code>npm run build</code> and reload.</p></html>`;

const addresses = Object.values<EndpointSpec>(endpoints).map(({ method, path }) => ({
  method,
  pattern: new RegExp(`^${apiBase}${path.replace(/\{\w+\}/g, '[^/]+')}$`),
}));

/** The methods that an address of the API takes; empty where it is none. */
function methodsAt(path: string): string[] {
  return [...new Set(addresses.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method))];
}

export async function serveWebApp(app: FastifyInstance, folder: string): Promise<void> {
  const index = join(folder, 'index.html');
  const cache = (control: string) => (response: SetHeadersResponse) =>
    void response.setHeader('cache-control', control);
  const files = { cacheControl: false, index: false, dotfiles: 'ignore' } as const;
  if (existsSync(folder)) {
    // The few files beside the page, whose names stay.
    await app.register(fastifyStatic, {
      ...files,
      root: folder,
      wildcard: false,
      globIgnore: ['assets/**'],
      setHeaders: cache('no-cache'),
    });
    // Looked up at each request and not listed once: a build beside a running server must not break its pages.
    await app.register(fastifyStatic, {
      ...files,
      root: join(folder, 'assets'),
      prefix: '/assets/',
      decorateReply: false,
      // The build leaves each file's compressed forms beside it.
      preCompressed: true,
      setHeaders(response) {
        response.setHeader('cache-control', 'public, max-age=31536000, immutable');
        response.setHeader('vary', 'accept-encoding');
      },
    });
  }
  app.setNotFoundHandler(async (request, reply) => {
    const path = request.url.split('?', 1)[0] ?? '';
    const wantsPage =
      (request.method === 'GET' || request.method === 'HEAD') && !path.startsWith('/api') && !/\.\w+$/.test(path);
    const methods = methodsAt(path);
    if (methods.length > 0) {
      reply.header('allow', methods.join(', '));
      throw new Problem('request.method_not_allowed', { detail: `It takes ${methods.join(', ')}.` });
    }
    if (!wantsPage)
      throw new Problem('request.not_found', {
        detail: `There is nothing at ${request.method} ${path.slice(0, 200)}.`,
      });
    const page = await readFile(index).catch(() => notBuilt);
    return reply.header('cache-control', 'no-cache').type('text/html; charset=utf-8').send(page);
  });
}
