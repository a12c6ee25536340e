// Measures what the product promises: `npm run bench -- [--json] [--only NAME]`. Says what is below its target, and ends with 0 all the same.
import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { asAdmin, startTestPostgres, withDatabase } from '../test/harness/cluster.ts';
import { type BenchDatabase, type Figure, meetsTarget } from './figure.ts';

/** Loaded when it is its turn: what one of them imports is no memory of another. */
const benches: Record<string, (database: BenchDatabase) => Promise<Figure[]>> = {
  list_projects: async (database) => (await import('./list-projects.ts')).run(database),
  create_project: async (database) => (await import('./create-project.ts')).run(database),
  first_page: async (database) => (await import('./first-page.ts')).run(database),
  canvas: async (database) => (await import('./canvas.ts')).run(database),
  table: async (database) => (await import('./table.ts')).run(database),
  states: async (database) => (await import('./states.ts')).run(database),
  mqtt: async (database) => (await import('./mqtt.ts')).run(database),
  streams: async (database) => (await import('./streams.ts')).run(database),
  start_up: async () => (await import('./start-up.ts')).run(),
  memory: async () => (await import('./memory.ts')).run(),
};

/** What is measured there is the way to the disk; elsewhere the way there, without the disk. */
const onDurable: ReadonlySet<string> = new Set(['mqtt']);

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { json: { type: 'boolean' }, only: { type: 'string' } } });
  const { only, json = false } = values;
  if (only !== undefined && !Object.hasOwn(benches, only)) {
    console.error(`There is no figure ${only}. There are: ${Object.keys(benches).join(', ')}`);
    process.exitCode = 2;
    return;
  }
  for (const durable of [false, true]) {
    const chosen = Object.entries(benches).filter(
      ([name]) => (only === undefined || only === name) && onDurable.has(name) === durable,
    );
    if (chosen.length > 0) await measure(chosen, durable, json);
  }
}

async function measure(chosen: [string, (typeof benches)[string]][], durable: boolean, json: boolean): Promise<void> {
  const postgres = await startTestPostgres(process.env, { durable });
  const { admin_url, template } = postgres.provided;
  if (!json)
    console.log(`Measured on ${postgres.name}, ${durable ? 'which syncs' : 'which does not sync'} what it commits.\n`);
  try {
    for (const [, bench] of chosen) {
      const database = `td_bench_${randomBytes(6).toString('hex')}`;
      await asAdmin(admin_url, `CREATE DATABASE ${database} TEMPLATE ${template}`);
      try {
        const figures = await bench({ url: withDatabase(admin_url, database) });
        for (const figure of figures) console.log(json ? JSON.stringify(figure) : row(figure));
      } finally {
        await asAdmin(admin_url, `DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);
      }
    }
  } finally {
    await postgres.stop();
  }
}

function row(figure: Figure): string {
  const { name, value, unit, floor, ratio, target, lower_is_better } = figure;
  const beside = floor === null ? '' : `floor ${floor}, ratio ${ratio}`;
  const wanted =
    target === null ? '' : `wanted ${lower_is_better ? '≤' : '≥'} ${target}${meetsTarget(figure) ? '' : '   NOT MET'}`;
  return `${name.padEnd(32)} ${`${value} ${unit}`.padStart(18)}   ${beside.padEnd(28)} ${wanted}`.trimEnd();
}

await main();
