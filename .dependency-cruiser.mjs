// The boundaries between workspaces and features, each with its reason. test/architecture.test.ts plants a violation of each.
const only = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

export default {
  forbidden: [
    only('no-circular', 'A cycle of imports has no direction to read in.', {}, { circular: true }),
    only(
      'core-stands-alone',
      'core runs in the browser and on the server: it knows neither.',
      { path: '^core/' },
      { path: '^(sdk|cli|server|web|test|scripts)/|^node:', dependencyTypesNot: ['npm'] },
    ),
    only(
      'core-without-io',
      'core has no I/O.',
      { path: '^core/src', pathNot: '\\.test\\.ts$' },
      { dependencyTypes: ['core'] },
    ),
    only(
      'sdk-from-core',
      'The client must be publishable without server, React or Fastify.',
      { path: '^sdk/' },
      { path: '^(cli|server|web|test)/' },
    ),
    only(
      'web-through-sdk',
      'The web app reaches the server only through the sdk.',
      { path: '^web/', pathNot: '\\.test\\.ts$' },
      { path: '^(cli|server|test)/' },
    ),
    only(
      'cli-through-sdk',
      'The cli reaches the server only through the sdk.',
      { path: '^cli/', pathNot: '\\.test\\.ts$' },
      { path: '^(server|web|test)/' },
    ),
    only(
      'server-alone',
      'The server is not built on its clients.',
      { path: '^server/', pathNot: '\\.test\\.ts$' },
      { path: '^(sdk|cli|web|test|bench)/' },
    ),
    only(
      'features-through-services',
      'A feature sees another only through its service, passed in by app.ts.',
      { path: '^server/src/features/([^/]+)/', pathNot: '\\.test\\.ts$' },
      { path: '^server/src/features/', pathNot: '^server/src/features/($1/|[^/]+/service\\.ts$)' },
    ),
    only(
      'services-without-http',
      'What decides does not know how it was asked: only routes.ts and what answers for it see HTTP.',
      { path: '^server/src/features/.*(service|queries)\\.ts$' },
      { path: '^server/src/http/|node_modules/fastify/' },
    ),
    only(
      'kernel-beneath',
      'The kernel carries features, events and HTTP; it is built on none of them.',
      { path: '^server/src/(kernel|db)/', pathNot: '\\.test\\.ts$' },
      { path: '^server/src/(features|events|http)/' },
    ),
    only(
      'pg-in-db',
      'One folder knows the driver.',
      { pathNot: '^server/src/db/|^test/|^bench/|\\.test\\.ts$' },
      { path: 'node_modules/pg/' },
    ),
    only(
      'mqtt-in-events',
      'One folder knows the bus.',
      { pathNot: '^server/src/events/|^test/|^bench/|\\.test\\.ts$' },
      { path: 'node_modules/(mqtt|aedes)/' },
    ),
    only(
      'react-flow-in-canvas',
      'One folder knows how the canvas is drawn.',
      { pathNot: '^web/src/canvas/' },
      { path: 'node_modules/@xyflow/' },
    ),
    only('declared', 'What is imported is declared.', {}, { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] }),
    only('resolves', 'What is imported exists.', {}, { couldNotResolve: true, pathNot: '\\.css$|^virtual:|\\?worker' }),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    combinedDependencies: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
