// Decides about events: who sees which, and what someone may publish over HTTP.
import { randomUUID } from 'node:crypto';
import { ingestedTopicFilters, isTopicFilter, topicMatches } from '@taylordash/core/topics';
import type { Database } from '../../db/database.ts';
import { transaction } from '../../db/transaction.ts';
import { isMetric, readMessage } from '../../events/message.ts';
import { isDataError } from '../../events/sqlstate.ts';
import type { Clock } from '../../kernel/clock.ts';
import { type Context, readHandle } from '../../kernel/context.ts';
import { invalidField, Problem } from '../../kernel/problem.ts';
import type { FilterReader } from './filter-reader.ts';
import type { EventFilter } from './queries.ts';
import * as queries from './queries.ts';

/** What a list is asked for. */
export interface EventQuery extends Omit<EventFilter, 'conditions'> {
  filter?: string;
}

export interface EventDraft {
  topic: string;
  kind: string;
  payload: Record<string, unknown>;
  trace_id?: string;
  ts?: string;
  idempotency_key?: string;
  producer_id?: string;
  producer_seq?: number;
}

export interface Published {
  trace_id: string;
  idempotency_key: string;
  /** It was published before, with the same content. */
  duplicate: boolean;
}

export interface EventDependencies {
  filters: FilterReader;
  database: Database;
  clock: Clock;
  /** Rung after each commit: there is something in the outbox. */
  wake(): void;
}

export type EventService = ReturnType<typeof eventService>;

const largestId = 9_223_372_036_854_775_807n;

export function eventService({ database, filters, clock, wake }: EventDependencies) {
  /** Null for an administrator, who sees everything. */
  const viewerOf = (context: Context) => (context.actor.role === 'admin' ? null : context.actor.id);

  return {
    async list(context: Context, { filter, ...query }: EventQuery): Promise<string> {
      checkFilter(query.topic);
      const { conditions } = await filters.read(context, filter);
      return queries.listEvents(readHandle(database, context), { ...query, conditions }, viewerOf(context));
    },

    async get(context: Context, id: string): Promise<string> {
      const json =
        BigInt(id) > largestId ? null : await queries.findEvent(readHandle(database, context), id, viewerOf(context));
      if (json === null) throw new Problem('event.not_found', { detail: `There is no event ${id} that you may see.` });
      return json;
    },

    /** Returns once the event is durable. Its source is http: hearsay, whoever says it. */
    async publish(context: Context, draft: EventDraft): Promise<Published> {
      const { topic, kind, payload, producer_id, producer_seq } = draft;
      if ((producer_id === undefined) !== (producer_seq === undefined)) {
        const missing = producer_id === undefined ? 'producer_id' : 'producer_seq';
        throw invalidField(`/${missing}`, 'is needed too: a producer and its number go together');
      }
      if (!ingestedTopicFilters.some((filter) => topicMatches(filter, topic))) {
        throw invalidField('/topic', 'must be below tracker/events, tracker/commands or tracker/metrics');
      }
      const trace_id = draft.trace_id ?? context.trace_id;
      const ts = draft.ts ?? new Date(clock.now()).toISOString();
      const key = draft.idempotency_key ?? randomUUID();
      const envelope = JSON.stringify({ trace_id, ts, kind, idempotency_key: key, payload, producer_id, producer_seq });
      const read = readMessage(topic, Buffer.from(envelope));
      // Its payload is all that can make it too large.
      if (!read.ok) throw invalidEvent(read.pointer || '/payload', read.failure_reason);
      const { id: actor_id, username } = context.actor;
      const publication = { topic, envelope, key, actor_id, username };
      const fresh = await transaction(database.app, async (tx) => {
        if (await queries.queueEvent(tx, publication)) {
          if (isMetric(topic)) await queries.insertMetric(tx, topic, envelope);
          return true;
        }
        if (await queries.sameContent(tx, publication)) return false;
        throw new Problem('event.key_reused', { detail: `You used the key ${JSON.stringify(key)} for other content.` });
      }).catch((error: unknown) => {
        if (!isDataError(error)) throw error;
        throw invalidEvent('/payload', 'The database cannot hold a value of this event.');
      });
      if (fresh) wake();
      return { trace_id, idempotency_key: key, duplicate: !fresh };
    },
  };
}

function invalidEvent(pointer: string, detail: string): Problem {
  return new Problem('event.invalid', { detail, errors: [{ pointer, detail }] });
}

function checkFilter(topic: string | undefined): void {
  if (topic !== undefined && !isTopicFilter(topic)) {
    throw invalidField('#/query/topic', 'must be an MQTT topic filter: + fills one level, # stands last');
  }
}
