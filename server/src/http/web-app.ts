// Serves the built web app: hashed files for ever, its page for every address that is not the API's.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
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
  const built = existsSync(join(folder, 'index.html'));
  const page = built ? await readFile(join(folder, 'index.html')) : notBuilt;
  if (built) {
    await app.register(fastifyStatic, {
      root: folder,
      index: false,
      wildcard: false,
      cacheControl: false,
      setHeaders(response, path) {
        const hashed = path.startsWith(join(folder, 'assets'));
        response.setHeader('cache-control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache');
      },
    });
  }
  app.setNotFoundHandler((request, reply) => {
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
    reply.header('cache-control', 'no-cache').type('text/html; charset=utf-8').send(page);
  });
}
