// Assembles the HTTP side: parsing, validation, headers, problems, the endpoint table, its documents and the web app. Does not listen.
import fastifyCompress from '@fastify/compress';
import fastifyRateLimit from '@fastify/rate-limit';
import { apiBase } from '@taylordash/core/endpoints/all';
import { type FastifyBaseLogger, type FastifyInstance, fastify, LogController } from 'fastify';
import type { Log } from '../kernel/log.ts';
import { Problem } from '../kernel/problem.ts';
import { requestValidators } from '../kernel/validation.ts';
import { badAddress } from './bad-address.ts';
import { docsPage, docsStyle } from './docs-page.ts';
import { takeJsonOnly } from './json-body.ts';
import { openApiDocument } from './openapi.ts';
import { pathOf, sendProblem } from './problem-reply.ts';
import { bindEndpoints, type Handlers, type RouteOptions } from './route.ts';
import { securityHeaders } from './security-headers.ts';
import type { Servers } from './servers.ts';
import { traceIdOf } from './trace.ts';
import { serveWebApp } from './web-app.ts';

export interface HttpOptions extends RouteOptions {
  log: Log;
  version: string;
  handlers: Handlers;
  /** HTTPS: its promise is among the headers. */
  tls: boolean;
  servers: Servers;
  /** Proxies whose X-Forwarded headers count. */
  trust_proxy: readonly string[];
  /** Folder of the built web app. */
  web_folder: string;
}

/** Largest body where an endpoint says nothing else. */
const bodyLimit = 1024 * 1024;

export async function buildHttp(options: HttpOptions): Promise<FastifyInstance> {
  // Typed by what Fastify asks for, so that its instance is not typed by pino's.
  const requestLog: FastifyBaseLogger = options.log.child(
    {},
    { level: options.log.level === 'debug' ? 'debug' : 'warn' },
  );
  const headers = securityHeaders(options.tls);
  const app: FastifyInstance = fastify({
    loggerInstance: requestLog,
    // What is logged of a request names its trace itself, so no request needs a logger of its own.
    childLoggerFactory: (logger) => logger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit,
    genReqId: traceIdOf,
    requestIdHeader: false,
    exposeHeadRoutes: false,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    routerOptions: { maxParamLength: 200 },
    trustProxy: options.trust_proxy.length > 0 ? [...options.trust_proxy] : false,
    serverFactory: (handle) => options.servers.make(handle),
    // The server's own answers, whichever address it came by.
    clientErrorHandler: () => undefined,
    // These come before any hook.
    frameworkErrors: (error, request, reply) => {
      reply.headers(headers).header('x-trace-id', request.id);
      sendProblem(error.code === 'FST_ERR_BAD_URL' ? badAddress(pathOf(request.url)) : error, request, reply);
    },
  });
  // These two wait for nothing: a promise for each request would be made for them in vain.
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers(headers).header('x-trace-id', request.id);
    done();
  });
  takeJsonOnly(app);
  app.setValidatorCompiler(requestValidators());
  app.setErrorHandler(sendProblem);
  await app.register(fastifyCompress, { threshold: 1024, encodings: ['br', 'gzip'] });
  await app.register(fastifyRateLimit, {
    global: false,
    enableDraftSpec: true,
    errorResponseBuilder: (_request, context) =>
      new Problem('request.rate_limited', {
        detail: `At most ${context.max} of these a minute.`,
        retry_after: Math.ceil(context.ttl / 1000),
      }),
  });
  // After the plugins, so that each answer of the API says that it is not to be kept.
  app.addHook('onSend', (request, reply, payload, done) => {
    if (request.url.startsWith('/api') && !reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
    done(null, payload);
  });
  bindEndpoints(app, options.handlers, options);
  // Supervisors look for these at the root.
  for (const name of ['live', 'ready'] as const) {
    app.get(`/health/${name}`, (_request, reply) => reply.redirect(`${apiBase}/health/${name}`, 307));
  }
  serveDocuments(app, options.version);
  await serveWebApp(app, options.web_folder);
  return app;
}

function serveDocuments(app: FastifyInstance, version: string): void {
  let document: string | null = null;
  app.get(`${apiBase}/openapi.json`, async (_request, reply) => {
    document ??= JSON.stringify(openApiDocument(version));
    return reply.type('application/json; charset=utf-8').send(document);
  });
  app.get('/api/docs', async (_request, reply) => reply.type('text/html; charset=utf-8').send(docsPage()));
  app.get('/api/docs.css', async (_request, reply) => reply.type('text/css; charset=utf-8').send(docsStyle));
}
