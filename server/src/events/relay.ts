// Passes what happened here on to the bus: events of the server and of HTTP, in order, each at least once.
import { sql } from 'kysely';
import type { Log } from '../db/log.ts';
import type { Handle } from '../db/transaction.ts';
import type { Broker } from './broker.ts';
import { type Reader, startReader } from './reader.ts';

export function startRelay({ db, broker, log }: { db: Handle; broker: Broker; log: Log }): Reader {
  return startReader({
    ...{ db, log, name: 'mqtt-relay', verb: 'published to MQTT', begin: 'oldest', ours: true },
    where: sql`e.source <> 'mqtt'`,
    // All under way at once; the broker keeps the order of one connection.
    async handle(events) {
      await Promise.all(events.map(({ topic, envelope }) => broker.publish({ topic, payload: envelope })));
    },
  });
}
