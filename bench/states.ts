// A graph of 1,289 components and 2,751 dependencies, the size of a real one: its states and root blockers, and its answer over HTTP.
import { analyse } from '../core/src/states.ts';
import { createClient } from '../sdk/src/client.ts';
import { openDatabase } from '../server/src/db/database.ts';
import { projectGraph } from '../server/src/features/projects/queries.ts';
import { alone, type BenchDatabase, type Figure, median, rounded } from './figure.ts';
import { startServer } from './server-process.ts';

const components = 1289;
const dependencies = 2751;
const rounds = 15;

export async function run({ url }: BenchDatabase): Promise<Figure[]> {
  const server = await startServer({ database_url: url });
  const log = { info: () => undefined, warn: () => undefined };
  const database = await openDatabase({ url, pool_size: 1, log, wait_seconds: 5 });
  try {
    const api = createClient({ base_url: server.url, token: server.token });
    const { id } = (await api.call('importProject', { body: graph() })).data.project;
    const { nodes, edges } = (await api.call('projectGraph', { params: { id } })).data;
    const spent: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      spent.push(await milliseconds(async () => analyse(nodes, edges, { today: '2026-06-15', now: Date.now() })));
    }
    const answers: { value: number; floor: number }[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const value = await milliseconds(() => api.call('projectGraph', { params: { id } }));
      answers.push({
        value,
        floor: await milliseconds(async () => JSON.parse((await projectGraph(database.app, id)) ?? '')),
      });
    }
    return [
      alone('states_and_ranking_graph_large', rounded(median(spent), 1), 'ms', 20),
      {
        ...{ name: 'graph_answer_large', unit: 'ms', target: 3, lower_is_better: true },
        value: rounded(median(answers.map(({ value }) => value)), 1),
        floor: rounded(median(answers.map(({ floor }) => floor)), 1),
        ratio: rounded(median(answers.map(({ value, floor }) => value / floor)), 2),
      },
    ];
  } finally {
    await database.close();
    await server.stop();
  }
}

async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

/** Each waits for earlier ones, two thirds of them for early ones: long chains, many roots, a few that hundreds wait for. */
function graph() {
  let state = 14;
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const pairs = new Map<string, [number, number]>();
  while (pairs.size < dependencies) {
    const dependent = 1 + Math.floor(random() * (components - 1));
    const reach = random() < 0.33 ? random() : random() ** 4;
    // Two of five wait for nothing.
    if (dependent % 5 < 2) continue;
    const pair: [number, number] = [dependent, Math.floor(dependent * reach)];
    pairs.set(pair.join(), pair);
  }
  const list = Array.from({ length: components }, (_, key) => ({ key, name: `Component ${key}` }));
  return { title: 'As large as a real one', components: list, dependencies: [...pairs.values()] };
}
