// The boundaries hold, and their net catches: each rule is shown a violation of its own. House rules that no linter knows.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const cruise = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');

interface Violation {
  rule: { name: string };
  from: string;
}

function violations(folder: string, inputs: readonly string[]): Violation[] {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [cruise, '--config', '.dependency-cruiser.mjs', '--output-type', 'json', ...inputs],
    { cwd: folder, encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 },
  );
  if (!stdout.startsWith('{')) throw new Error(stderr);
  const { summary }: { summary: { violations: Violation[] } } = JSON.parse(stdout);
  return summary.violations;
}

/** A violation of each rule: the file, and the one line that it must not have. */
const planted: Record<string, readonly [path: string, line: string]> = {
  'core-stands-alone': ['core/src/planted-alone.ts', `import '../../sdk/src/client.ts';`],
  'core-without-io': ['core/src/planted-io.ts', `import 'node:fs';`],
  'sdk-from-core': ['sdk/src/planted.ts', `import '../../server/src/version.ts';`],
  'web-through-sdk': ['web/src/planted.ts', `import '../../server/src/version.ts';`],
  'cli-through-sdk': ['cli/src/planted.ts', `import '../../server/src/version.ts';`],
  'server-alone': ['server/src/planted.ts', `import '../../sdk/src/client.ts';`],
  'features-through-services': ['server/src/features/tasks/planted.ts', `import '../components/queries.ts';`],
  'services-without-http': ['server/src/features/tasks/planted-service.ts', `import '../../http/route.ts';`],
  'kernel-beneath': ['server/src/kernel/planted.ts', `import '../features/components/queries.ts';`],
  'pg-in-db': ['server/src/http/planted-pg.ts', `import 'pg';`],
  'mqtt-in-events': ['server/src/http/planted-mqtt.ts', `import 'mqtt';`],
  'react-flow-in-canvas': ['web/src/pages/planted.ts', `import '@xyflow/react';`],
  resolves: ['server/src/planted-lost.ts', `import './no-such-file.ts';`],
  declared: ['server/src/planted-undeclared.ts', `import 'pino-std-serializers';`],
};
/** What the planted lines lead to; nothing else has to be there. */
const around = [
  'sdk/src/client.ts',
  'server/src/version.ts',
  'server/src/features/components/queries.ts',
  'server/src/http/route.ts',
];

describe('boundaries', () => {
  const folder = mkdtempSync(join(tmpdir(), 'td-boundaries-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };

  it('each rule catches a violation of its own', () => {
    for (const name of ['.dependency-cruiser.mjs', 'tsconfig.json', 'tsconfig.base.json', 'package.json']) {
      write(name, readFileSync(join(root, name), 'utf8'));
    }
    for (const name of ['core', 'sdk', 'cli', 'server', 'web']) {
      write(`${name}/package.json`, readFileSync(join(root, name, 'package.json'), 'utf8'));
    }
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    for (const path of around) write(path, '// Stands for the real one.\nexport {};\n');
    for (const [path, line] of Object.values(planted)) write(path, `// Breaks a rule.\n${line}\nexport {};\n`);
    write('core/src/planted-a.ts', `// Half a circle.\nimport './planted-b.ts';\nexport {};\n`);
    write('core/src/planted-b.ts', `// Half a circle.\nimport './planted-a.ts';\nexport {};\n`);
    const found = violations(folder, ['core', 'sdk', 'cli', 'server', 'web/src']);
    const caught = (rule: string, path: string) =>
      found.some(({ rule: { name }, from }) => name === rule && from === path);
    const missed = Object.entries(planted).filter(([rule, [path]]) => !caught(rule, path));
    expect(missed).toEqual([]);
    expect(caught('no-circular', 'core/src/planted-a.ts') || caught('no-circular', 'core/src/planted-b.ts')).toBe(true);
    const rules = [...readFileSync(join(root, '.dependency-cruiser.mjs'), 'utf8').matchAll(/only\(\s*'([^']+)'/g)].map(
      ([, name]) => name,
    );
    expect(rules.sort()).toEqual([...Object.keys(planted), 'no-circular'].sort());
    // The files around break nothing.
    expect(found.filter(({ from }) => around.includes(from))).toEqual([]);
  });
});

const files = spawnSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
  .stdout.split('\n')
  .filter((path) => path !== '');
/** This file quotes what it forbids. */
const sources = files.filter(
  (path) => /\.tsx?$/.test(path) && !/\.gen\.tsx?$/.test(path) && path !== 'test/architecture.test.ts',
);
const textOf = (path: string) => readFileSync(join(root, path), 'utf8');
/** Paths of the sources whose text a rule finds fault with. */
const breaking = (rule: (text: string, path: string) => boolean) => sources.filter((path) => rule(textOf(path), path));

const rules: Record<
  string,
  { broken(text: string, path: string): boolean; example: readonly [text: string, path: string] }
> = {
  'opens with a line that says what it is responsible for': {
    broken: (text) => !/^(#!.*\n)?\/\/ \S.{8,}/.test(text),
    example: [`import 'node:fs';`, 'server/src/x.ts'],
  },
  'exports nothing by default': {
    broken: (text, path) => /^export default /m.test(text) && !/\.config\.ts$/.test(path),
    example: ['export default 1;', 'server/src/x.ts'],
  },
  'passes no other file on': {
    broken: (text) => /^export (\*|(type )?\{[^}]*\}) from/m.test(text),
    example: [`export * from './other.ts';`, 'core/src/index.ts'],
  },
  'reads the environment in one place': {
    broken: (text, path) => /^server\/src\//.test(path) && path !== 'server/src/config.ts' && /process\.env/.test(text),
    example: ['process.env.HOME', 'server/src/app.ts'],
  },
  'lies in a folder that means something': {
    broken: (_text, path) => /(^|\/)(utils?|common|helpers?|lib|misc|shared)\//.test(path),
    example: ['', 'server/src/utils/x.ts'],
  },
  'has a name in kebab-case': {
    broken: (_text, path) => !/^[a-z0-9]+([-.][a-z0-9]+)*\.tsx?$/.test(basename(path)),
    example: ['', 'server/src/someFile.ts'],
  },
  'imports files by their whole name': {
    broken: (text) => /from '\.{1,2}\/[^']*(?<!\.(ts|tsx|css|json|svg|mjs|js))(?<!\?\w+)';/.test(text),
    example: [`import { x } from './other';`, 'server/src/x.ts'],
  },
};

describe('each source', () => {
  it.each(Object.entries(rules))('%s', (_name, { broken, example: [text, path] }) => {
    expect(breaking(broken)).toEqual([]);
    expect(broken(text, path)).toBe(true);
  });
});
