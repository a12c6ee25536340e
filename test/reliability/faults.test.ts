// The tests of reliability against broken builds: a net that lets a fault through is none. Each fault is one that was, or could be, made.
import { afterEach, describe, expect, it } from 'vitest';
import { mosquittoBinary } from '../harness/mosquitto.ts';
import { type BrokenBuild, brokenBuild, type Fault } from './broken-build.ts';
import { told } from './history.ts';
import { duplicates, killIngester, killServer, type Run, sleepingReader } from './scenarios.ts';
import { long, sized } from './size.ts';

const binary = mosquittoBinary() ?? '';
const kills = sized(3, 6);

type Scenario = (root: string) => Promise<Run & { missed?: string[] }>;
const killed: Scenario = (root) => killServer({ root, kills, publishers: 2, poison_every: 15 });
const repeated: Scenario = (root) => duplicates({ root, kills: 1 });
const read: Scenario = (root) => sleepingReader({ root, kills });
const ingester: Scenario = (root) => killIngester({ root, kills, pace: 5 }, binary);

interface Case {
  fault: Fault;
  scenario: Scenario;
  /** Too slow, or too rare in a short run, for every run of the tests. */
  long?: true;
  mosquitto?: true;
}

const cases: readonly Case[] = [
  {
    fault: {
      name: 'acknowledges before the commit',
      file: 'events/embedded-broker.ts',
      from: 'if (!options.ingest(incoming, { settle, abandoned: gone })) clients()[id]?.close();',
      to: 'options.ingest(incoming, { settle: () => undefined, abandoned: gone }); pass();',
    },
    scenario: killed,
  },
  {
    fault: {
      name: 'does not look whether a key was there before',
      file: 'events/mirror.ts',
      from: 'id from incoming\n)$' + "{metrics ? measured : ''}\ninsert",
      to: 'id from incoming on conflict do nothing\n)$' + "{metrics ? measured : ''}\ninsert",
    },
    scenario: repeated,
  },
  {
    fault: {
      name: 'takes a whole batch for poison where one message of it is',
      file: 'events/appender.ts',
      from: 'if (middle > 0) segments =',
      to: 'if (middle < 0) segments =',
    },
    // A number that JavaScript takes and PostgreSQL does not: found in the database alone.
    scenario: killed,
    long: true,
  },
  {
    fault: {
      name: 'stores a batch backwards',
      file: 'events/ingest-queue.ts',
      from: '      return batch;\n    },\n    giveBack',
      to: '      return batch.reverse();\n    },\n    giveBack',
    },
    scenario: killed,
    long: true,
  },
  {
    fault: {
      name: 'forgets a batch that could not be stored',
      file: 'events/appender.ts',
      from: 'queue.giveBack(segments.flat());',
      to: 'settleSoon(segments.flat(), new Map());',
    },
    scenario: killed,
    long: true,
  },
  {
    fault: {
      name: 'acknowledges what waits for a sleeping reader before it is written',
      file: 'events/kept-persistence.ts',
      from: 'return rows.size > 0 || packet.retain ? store.settled() : undefined;',
      to: 'return undefined;',
    },
    scenario: read,
    long: true,
  },
  {
    fault: {
      name: 'does not write what waits for a sleeping reader',
      file: 'events/broker-store.ts',
      from: 'await writeQueue(tx, batch.queue);',
      to: '',
    },
    scenario: read,
  },
  {
    fault: {
      name: 'forgets sessions at a start',
      file: 'events/kept-persistence.ts',
      from: 'for (const { client_id, filter, qos } of state.subscriptions) {',
      to: 'for (const { client_id, filter, qos } of state.subscriptions.slice(0, 0)) {',
    },
    scenario: read,
    long: true,
  },
  {
    fault: {
      name: 'lets the library acknowledge what an external broker sends',
      file: 'events/external-broker.ts',
      from: "next(held === null ? undefined : new Error('acknowledged after the commit'));",
      to: 'next();',
    },
    scenario: ingester,
    // Only what is in memory at the moment of a kill is lost: little, where the machine is quick.
    long: true,
    mosquitto: true,
  },
  {
    fault: {
      name: 'reads an external broker with a session that does not last',
      file: 'events/external-broker.ts',
      from: 'clean: false,',
      to: 'clean: true,',
    },
    scenario: ingester,
    mosquitto: true,
  },
  {
    fault: {
      name: 'buries poison without keeping it',
      file: 'events/appender.ts',
      from: 'const written = await writeDeadLetters(connection, batch);',
      to: 'const written = await writeDeadLetters(connection, batch.slice(0, 0));',
    },
    scenario: killed,
    long: true,
  },
  {
    fault: {
      name: 'takes a message that breaks the rules for good',
      file: 'events/message.ts',
      from: "const kept = reason_code === 'missing_field'",
      to: "if (reason_code === 'bad_field') return { ok: true, text, key: text.slice(0, 100) };\n    const kept = reason_code === 'missing_field'",
    },
    scenario: killed,
    long: true,
  },
];

describe('finds a build that', () => {
  let build: BrokenBuild | null = null;
  afterEach(async () => {
    await build?.remove();
  });
  const chosen = cases.filter((one) => (long || one.long !== true) && (binary !== '' || one.mosquitto !== true));

  it.each(chosen.map((one) => [one.fault.name, one] as const))(
    'R39 %s',
    async (_name, { fault, scenario }) => {
      build = await brokenBuild(fault);
      const run = await scenario(build.root);
      const found = { ...told(run.findings), ...(run.missed?.length ? { missed: run.missed.length } : {}) };
      console.log(`${fault.name}: ${JSON.stringify(found).slice(0, 200)}`);
      expect(Object.keys(found)).not.toEqual([]);
    },
    180_000,
  );
});
