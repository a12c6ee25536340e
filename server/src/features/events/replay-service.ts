// Decides about replays of events: which events, to which client; begun, looked at, cancelled. The runner sends them.
import type { EventCondition } from '@taylordash/core/event-filter';
import type { EventReplayInput } from '@taylordash/core/event-replays';
import { isTopicFilter, isTopicLevel } from '@taylordash/core/topics';
import type { Database } from '../../db/database.ts';
import type { Handle } from '../../db/transaction.ts';
import type { ChangeMaker, Written } from '../../kernel/change.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Context } from '../../kernel/context.ts';
import { endJob, findJob, listJobs } from '../../kernel/job-table.ts';
import { invalidField, Problem } from '../../kernel/problem.ts';
import type { FilterReader } from './filter-reader.ts';
import * as queries from './replay-queries.ts';
import { replays } from './replay-queries.ts';

export interface EventReplayDependencies {
  database: Database;
  changes: ChangeMaker;
  clock: Clock;
  filters: FilterReader;
  /** The MQTT client that a device last came by, or null. Throws where there is no such device. */
  clientOf(device_id: string): Promise<string | null>;
  /** There is something in the outbox. */
  wake(): void;
  /** A replay was begun or cancelled. */
  onReplay(): void;
}

export type EventReplayService = ReturnType<typeof eventReplayService>;

const largestId = '9223372036854775807';

export function eventReplayService(options: EventReplayDependencies) {
  const { database, changes, clock, filters, clientOf, wake, onReplay } = options;
  const db = database.app;

  const get = (id: string) => findJob(db, replays, id);

  async function clientFor({ client_id, device_id }: EventReplayInput): Promise<string> {
    if ((client_id === undefined) === (device_id === undefined)) {
      throw invalidField('/client_id', 'or device_id says who gets the events: one of the two');
    }
    const found = client_id ?? (await clientOf(device_id ?? ''));
    if (found === null) {
      throw new Problem('event.no_client', {
        detail: 'This device has never connected. Give the client_id it will use.',
      });
    }
    // It fills one level of a topic.
    if (!isTopicLevel(found)) {
      if (client_id === undefined) {
        throw new Problem('event.no_client', {
          detail: `No topic can be made of the client id ${JSON.stringify(found)}.`,
        });
      }
      throw invalidField('/client_id', 'cannot have / + or #: it is one level of the topic');
    }
    return found;
  }

  async function conditionsFor(context: Context, input: EventReplayInput): Promise<EventCondition[]> {
    const { filter, topics, kinds, from, to } = input;
    const wrong = topics?.findIndex((topic) => !isTopicFilter(topic)) ?? -1;
    if (wrong >= 0)
      throw invalidField(`/topics/${wrong}`, 'must be an MQTT topic filter: + fills one level, # stands last');
    if (from !== undefined && to !== undefined && Date.parse(to) <= Date.parse(from)) {
      throw invalidField('/to', 'must be later than from');
    }
    const { conditions } = await filters.read(context, filter, '/filter');
    const one = (field: EventCondition['field'], values: readonly string[] | undefined): EventCondition[] =>
      values === undefined ? [] : [{ field, negated: false, values: [...values] }];
    return [
      ...conditions,
      ...one('topic', topics),
      ...one('kind', kinds),
      ...one('after', from === undefined ? undefined : [from]),
      ...one('before', to === undefined ? undefined : [to]),
    ];
  }

  return {
    async start(context: Context, input: EventReplayInput): Promise<Written> {
      const { device_id = null, rate = 50, filter, topics, kinds, from, to } = input;
      const [from_id, to_id] = rangeOf(input);
      const client_id = await clientFor(input);
      const conditions = await conditionsFor(context, input);
      const bounds = await queries.boundsOf(db, conditions, from_id, to_id);
      if (bounds === null)
        throw new Problem('event.none_in_range', { detail: 'No stored event is what was asked for.' });
      const asked = JSON.stringify({ filter, topics, kinds, from, to });
      const written = await changes.change(context, async ({ tx, emit }): Promise<Written> => {
        const id = await queries.makeReplay(tx, {
          ...{ client_id, device_id, asked, conditions, rate, created_by: context.actor.id },
          ...{ from_id: bounds.first, to_id: bounds.last },
        });
        const json = await findJob(tx, replays, id);
        emit({ kind: 'event_replay_started', project_id: null, entity_id: id, entity: json });
        return { json, location: `/api/v1/events/replays/${id}` };
      });
      onReplay();
      return written;
    },

    list: (filter: { limit?: number; cursor?: string }): Promise<string> => listJobs(db, replays, filter),
    get,

    async cancel(context: Context, id: string): Promise<string> {
      await get(id);
      await changes.change(context, async ({ tx, emit }) => {
        // Who cancels one that has just ended has what they wanted.
        if (!(await queries.endReplay(tx, id, 'cancelled'))) return {};
        const entity = await findJob(tx, replays, id);
        emit({ kind: 'event_replay_cancelled', project_id: null, entity_id: id, entity });
        return {};
      });
      onReplay();
      return get(id);
    },

    /** For the runner: ends a replay that still runs, and tells of it. */
    async finish(id: string): Promise<void> {
      const end = (tx: Handle) => queries.endReplay(tx, id, 'finished');
      await endJob(db, replays, clock, { id, kind: 'event_replay_finished', end });
      wake();
    },
  };
}

/** Ids as numbers of events; an end that is not given is open. */
function rangeOf({ from_id = '0', to_id = largestId }: EventReplayInput): [from: string, to: string] {
  for (const [field, id] of Object.entries({ from_id, to_id })) {
    if (BigInt(id) > BigInt(largestId)) throw invalidField(`/${field}`, 'is beyond the numbers of events');
  }
  if (BigInt(to_id) < BigInt(from_id)) throw invalidField('/to_id', 'must not be below from_id');
  return [from_id, to_id];
}
