// Faults that were, or could be, made in the server, and the scenario that must find each. Tried by faults.test.ts.
import type { Fault } from './broken-build.ts';
import {
  apart,
  away,
  beside,
  commanded,
  ended,
  ingester,
  killed,
  read,
  refusing,
  repeated,
  replayed,
  type Scenario,
  two,
} from './fault-scenarios.ts';

export interface Case {
  fault: Fault;
  scenario: Scenario;
  /** Too slow, or too rare in a short run, for every run of the tests. */
  long?: true;
  mosquitto?: true;
}

export const cases: readonly Case[] = [
  {
    fault: {
      name: 'acknowledges before the commit',
      file: 'events/embedded-broker.ts',
      from: 'if (!options.ingest(incoming, { settle, abandoned: gone })) cutOff();',
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
      file: 'events/batches.ts',
      from: 'if (middle > 0) segments.unshift',
      to: 'if (middle < 0) segments.unshift',
    },
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
      file: 'events/batches.ts',
      from: 'queue.giveBack(batch);\n        throw error;',
      to: 'onStored(batch, new Map());\n        throw error;',
    },
    // Only a database that goes away while it stores makes it fail.
    scenario: ended,
    long: true,
  },
  {
    fault: {
      name: 'takes a database that is away for poison',
      file: 'events/batches.ts',
      from: 'if (!isDataError(error)) {\n        queue.giveBack(batch);',
      to: 'if (error === null) {\n        queue.giveBack(batch);',
    },
    scenario: away,
    long: true,
  },
  {
    fault: {
      name: 'stays with a database that only lets itself be read',
      file: 'db/errors.ts',
      from: "|| ('code' in error && error.code === '25006')",
      to: '',
    },
    scenario: refusing(),
    long: true,
  },
  {
    fault: {
      name: 'stores a batch behind one that was not stored',
      file: 'events/mirror.ts',
      from: "const inTurn = ' taylordash.in_turn($6, $7),';",
      to: "const inTurn = ' (select $6::bigint, $7::bigint) turn,';",
    },
    // So many that batches are sent behind each other.
    scenario: refusing({ pace: 0, in_flight: 500 }),
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
      file: 'events/broker-rows.ts',
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
  {
    fault: {
      name: 'appends without having the lock',
      file: 'events/leader.ts',
      from: 'pg_try_advisory_lock($' + '{lockKey}) as taken',
      to: 'true as taken',
    },
    scenario: beside,
    long: true,
    mosquitto: true,
  },
  {
    fault: {
      name: 'keeps the lock while it is frozen',
      file: 'events/leader.ts',
      from: 'const longestSilence = 3000;',
      to: 'const longestSilence = 0;',
    },
    scenario: two,
    long: true,
    mosquitto: true,
  },
  {
    fault: {
      name: 'marks a letter as replayed before it is stored',
      file: 'features/dead-letters/replay-runner.ts',
      from: 'const outcomes = await send(replay, letters, signal);',
      to: `const { sql } = await import('kysely');
      await sql\`update public.dlq_events set status = 'replayed', replay_outcome = 'stored'
        where id = any (\${letters.map(({ id }) => id)}::bigint[])\`.execute(db);
      const outcomes = await send(replay, letters, signal);`,
    },
    scenario: replayed,
    long: true,
  },
  {
    fault: {
      name: 'moves a cursor on before its events are handled',
      file: 'events/reader.ts',
      from: 'if (found > 0) await options.handle(events);',
      to: 'if (found > 0) await raise(events.at(-1)?.id ?? reach);\n    if (found > 0) await options.handle(events);',
    },
    scenario: commanded,
    long: true,
  },
  {
    fault: {
      name: 'carries a command out without noting that it did',
      file: 'features/bus/inbound.ts',
      from: 'idempotency: { key:',
      to: 'not_noted: { key:',
    },
    scenario: commanded,
    long: true,
  },
  {
    fault: {
      name: 'counts as relayed what the broker has not taken over',
      file: 'events/relay.ts',
      from: 'await Promise.all(events.map(({ topic, envelope }) => broker.publish({ topic, payload: envelope })));',
      to: `setTimeout(() => {
        for (const { topic, envelope } of events) void broker.publish({ topic, payload: envelope }).catch(() => 0);
      }, 20);`,
    },
    scenario: commanded,
    long: true,
  },
  {
    fault: {
      name: 'tells of a change after its commit',
      file: 'kernel/change.ts',
      from: 'await writeToOutbox(tx, origin, drafts);',
      to: 'setTimeout(() => void writeToOutbox(database.app, origin, drafts), 50);',
    },
    scenario: commanded,
    long: true,
  },
  {
    fault: {
      name: 'shares the keys of all publishers',
      file: 'events/mirror.ts',
      from: 'distinct.map((message) => message.identity),',
      to: "distinct.map(() => ''),",
    },
    scenario: apart,
  },
  {
    fault: {
      name: 'takes the same poison on two topics for one',
      file: 'events/dead-letters.ts',
      from: ".update(topic).update('\\0').update(bytes)",
      to: '.update(bytes)',
    },
    scenario: apart,
    long: true,
  },
  {
    fault: {
      name: 'swallows poison that nobody waits for',
      file: 'events/appender.ts',
      from: "return reject(message, { ...why, stage: 'validate' }, settlement);",
      to: "return message.qos === 0 || reject(message, { ...why, stage: 'validate' }, settlement);",
    },
    scenario: apart,
    long: true,
  },
  {
    fault: {
      name: 'forgets keys before their time',
      file: 'events/housekeeping.ts',
      from: "interval '90 days'",
      to: "interval '60 days'",
    },
    scenario: apart,
    long: true,
  },
];
