// Commands on tracker/commands: carried out in order by the services that HTTP uses, each once, and answered.

import { createHash } from 'node:crypto';
import { type CommandTopic, commandPrefix, commands, isCommandTopic } from '@taylordash/core/commands';
import type { EventActor } from '@taylordash/core/events';
import type { Actor } from '@taylordash/core/permissions';
import { problems } from '@taylordash/core/problems';
import { isTopicLevel, isTopicName } from '@taylordash/core/topics';
import { sql } from 'kysely';
import type { Static } from 'typebox';
import type { Database } from '../../db/database.ts';
import { classify } from '../../db/errors.ts';
import type { Log } from '../../db/log.ts';
import type { Handle } from '../../db/transaction.ts';
import type { Refusal } from '../../events/appender.ts';
import type { Publication } from '../../events/broker.ts';
import type { WrittenDeadLetter } from '../../events/dead-letters.ts';
import type { WantedResponse } from '../../events/external-broker.ts';
import { type Incoming, type RepeatedMessage, readMessage } from '../../events/message.ts';
import type { ReadEvent, ReaderOptions } from '../../events/reader.ts';
import type { Written } from '../../kernel/change.ts';
import type { Context } from '../../kernel/context.ts';
import { Problem, sayFault } from '../../kernel/problem.ts';
import { checker } from '../../kernel/validation.ts';
import type { ComponentService } from '../components/service.ts';
import type { TaskService } from '../tasks/service.ts';
import { askedAgain } from './asked-again.ts';
import * as queries from './queries.ts';

export interface CommandOptions {
  database: Database;
  log: Log;
  components: ComponentService;
  tasks: TaskService;
  /** An active user with their rights, or null. */
  actorOf(user_id: string): Promise<Actor | null>;
  /** A device that may connect, and the user that its commands act as; null where there is none such. */
  deviceOf(device_id: string): { name: string; acts_as: string | null } | null;
  publish(message: Publication): Promise<void>;
  /** Keeps a command that failed as a dead letter. */
  bury(message: Incoming, why: Refusal, event_id: string): void;
}

/** Answers beside those of what is carried out that may wait at the most: beyond, who sends it once more gets one. */
const mostQueued = 1000;
/** Tries of a command that fails by a bug of ours before it is a dead letter. */
const mostTries = 3;

type Payload<T extends CommandTopic> = Static<(typeof commands)[T]>;
type Carrier = { [T in CommandTopic]: (context: Context, payload: Payload<T>) => Promise<Written> };

export interface Commands {
  /** For the reader of the mirror. */
  reader: Omit<ReaderOptions, 'db' | 'log'>;
  /** One came again under its key: it is answered as it was. */
  repeated(message: RepeatedMessage): void;
  /** One was no message that can be stored: its sender is told why. */
  buried(letter: WrittenDeadLetter): void;
  /** Carries one out again, by the id of its event. Throws the problem that it meets. */
  redo(event_id: string): Promise<void>;
}

export function commandsInbound(options: CommandOptions): Commands {
  const { database, log, components, tasks, publish } = options;
  const db = database.app;
  const checks = Object.fromEntries(Object.entries(commands).map(([topic, schema]) => [topic, checker(schema)]));
  const tries = new Map<string, number>();
  const others = askedAgain(mostQueued);
  let queued = 0;
  let answering: Promise<void> = Promise.resolve();

  const carry: Carrier = {
    'tracker/commands/tasks/create': (context, { component_id = null, ...input }) =>
      tasks.create(context, component_id, input),
    'tracker/commands/tasks/complete': (context, { id }) => tasks.update(context, id, { status: 'done' }, null),
    'tracker/commands/tasks/reopen': (context, { id }) => tasks.update(context, id, { status: 'todo' }, null),
    'tracker/commands/components/set_progress': (context, { id, progress }) =>
      components.update(context, id, { progress }, null),
    'tracker/commands/components/set_status': (context, { id, ...fields }) =>
      components.update(context, id, fields, null),
  };

  /** Whose rights count, and who is named. Throws a problem where nobody may. */
  async function actingFor(event: ReadEvent): Promise<{ actor: Actor; event_actor: EventActor | null }> {
    if (event.source === 'http') return { actor: await user(event.actor_id, 'Its sender'), event_actor: null };
    if (event.actor_id === null) {
      const id = await queries.commandUser(db);
      if (id === null) {
        throw new Problem('auth.forbidden', {
          detail: 'This broker names no publisher. An administrator sets the account that its commands act as.',
        });
      }
      const name = event.client_id ?? 'MQTT';
      return { actor: await user(id, 'The account of commands'), event_actor: { id: null, name, type: 'device' } };
    }
    const device = options.deviceOf(event.actor_id);
    if (!device) throw new Problem('auth.forbidden', { detail: 'The device has no account any more.' });
    if (device.acts_as === null) {
      throw new Problem('auth.forbidden', {
        detail: `${device.name} acts as nobody. An administrator says whose rights its commands have.`,
      });
    }
    const event_actor = { id: event.actor_id, name: device.name, type: 'device' } as const;
    return { actor: await user(device.acts_as, `Who ${device.name} acts as`), event_actor };
  }

  async function user(id: string | null, who: string): Promise<Actor> {
    const found = id === null ? null : await options.actorOf(id);
    if (!found) throw new Problem('auth.forbidden', { detail: `${who} is no active user.` });
    return found;
  }

  /** The answer of the service. Throws a Problem, or what means that the database is away. */
  async function execute(event: ReadEvent): Promise<Written> {
    const { topic } = event;
    if (!isCommandTopic(topic)) {
      const known = Object.keys(commands).map((one) => one.slice(commandPrefix.length));
      throw new Problem('request.not_found', {
        detail: `There is no command ${topic}. There are: ${known.join(', ')}.`,
      });
    }
    // The envelope was checked when it arrived.
    const { trace_id, payload }: { trace_id: string; payload: unknown } = JSON.parse(event.envelope);
    const errors = checks[topic]?.(payload) ?? [];
    const [first] = errors;
    if (first) throw new Problem('request.invalid', { detail: sayFault(first), errors });
    const { actor, event_actor } = await actingFor(event);
    const request_hash = createHash('sha256').update(event.envelope).digest();
    const context: Context = {
      ...{ actor, trace_id },
      // Carried out once, however often it is read: the key is taken in the transaction of the change.
      idempotency: { key: `command ${event.id}`, method: 'MQTT', path: topic, request_hash },
      ...(event_actor === null ? {} : { event_actor }),
    };
    // Validated by the schema of this very topic.
    return (carry[topic] as (context: Context, payload: unknown) => Promise<Written>)(context, payload);
  }

  async function answer(event: ReadEvent, outcome: Written | Problem): Promise<void> {
    const { trace_id, idempotency_key }: Record<string, unknown> = JSON.parse(event.envelope);
    const about = { command: event.topic, event_id: event.id, trace_id, idempotency_key };
    const payload =
      outcome instanceof Problem
        ? JSON.stringify({
            ...{ ...about, ok: false, code: outcome.code, title: problems[outcome.code][1] },
            ...{ detail: outcome.details.detail, errors: outcome.details.errors },
          })
        : `${JSON.stringify({ ...about, ok: true, change_id: outcome.change_id ?? null }).slice(0, -1)},"result":${outcome.json ?? 'null'}}`;
    // Over HTTP nobody waits for it.
    if (event.source !== 'mqtt') return;
    const key = String(idempotency_key);
    await queries.keepReply(db, event.id, payload);
    const also = others.take(identityOf(event), key).filter((client_id) => client_id !== event.client_id);
    for (const client_id of [event.client_id, ...also]) await send(payload, key, client_id);
  }

  async function send(payload: string, key: string, client_id: string | null): Promise<void> {
    const wanted = await queries.responseTopic(db, key);
    if (wanted) {
      const { response_topic, correlation } = wanted;
      await publish({ topic: response_topic, payload, ...(correlation === null ? {} : { correlation }) });
    } else if (client_id !== null && isTopicLevel(client_id)) {
      await publish({ topic: `tracker/replies/${client_id}`, payload });
    }
  }

  async function answerAgain({ identity, key, client_id }: RepeatedMessage): Promise<void> {
    // Noted before we look: what is answered meanwhile is answered to this one too.
    const unnote = client_id === null ? () => true : others.note(identity, key, client_id);
    const reply = await queries.replyTo(db, identity, key);
    if (reply !== null && unnote()) await send(reply, key, client_id);
  }

  /** Answers in turn, beside what is carried out. */
  function enqueue(reply: () => Promise<void>): void {
    if (queued >= mostQueued) return;
    queued++;
    answering = answering
      .then(reply)
      .catch((error: unknown) => log.warn(`a command cannot be answered: ${String(error)}`))
      .finally(() => {
        queued--;
      });
  }

  async function handle(event: ReadEvent): Promise<void> {
    let outcome: Written | Problem;
    try {
      outcome = await execute(event);
    } catch (error) {
      const tried = (tries.get(event.id) ?? 0) + 1;
      const { kind } = classify(error);
      if (error instanceof Problem) outcome = error;
      else if (kind === 'unavailable' || kind === 'retry') throw error;
      else if (tried < mostTries) {
        tries.set(event.id, tried);
        throw error;
      } else {
        log.warn(`the command of event ${event.id} fails by a bug: ${String(error)}`);
        outcome = new Problem('server.error');
      }
    }
    tries.delete(event.id);
    if (outcome instanceof Problem) {
      options.bury(
        messageOf(event),
        {
          reason_code: 'command_failed',
          failure_reason: outcome.details.detail ?? problems[outcome.code][1],
          stage: 'command',
        },
        event.id,
      );
    }
    await answer(event, outcome);
  }

  return {
    reader: {
      ...{ name: 'commands', verb: 'carried out', begin: 'newest', batch: 20, ours: false },
      where: sql`e.source <> 'server' and starts_with(e.topic, ${commandPrefix})`,
      async handle(events) {
        for (const event of events) await handle(event);
      },
    },
    repeated(message) {
      if (message.topic.startsWith(commandPrefix)) enqueue(() => answerAgain(message));
    },
    buried({ topic, reason_code, failure_reason, client_id, event_key }) {
      // What failed when it was carried out is answered there.
      if (!topic.startsWith(commandPrefix) || reason_code === 'command_failed') return;
      const about = { command: topic, event_id: null, trace_id: null, idempotency_key: event_key };
      const payload = JSON.stringify({ ...about, ok: false, code: reason_code, detail: failure_reason });
      enqueue(() => send(payload, event_key ?? '', client_id));
    },
    async redo(event_id) {
      const { rows } = await sql<ReadEvent>`
        select e.id::text as id, e.topic, e.payload::text as envelope, e.source, e.client_id, e.project_id::text as project_id,
          e.entity_id::text as entity_id, e.actor_id::text as actor_id
        from public.events_mirror e where e.id = ${event_id}::bigint`.execute(db);
      const [event] = rows;
      if (!event) throw new Problem('event.not_found', { detail: `The event ${event_id} is kept no longer.` });
      await answer(event, await execute(event));
    },
  };
}

/** Keeps where the answer to a message is wanted, under its key; of one without a key nothing. */
export async function noteResponse(db: Handle, message: WantedResponse): Promise<void> {
  const read = message.topic.startsWith(commandPrefix) ? readMessage(message.topic, message.payload) : null;
  if (!read?.ok || !mayAnswerOn(message.responseTopic)) return;
  const { responseTopic: response_topic, correlationData: correlation } = message;
  await queries.noteResponseTopic(db, read.key, { response_topic, correlation });
}

/** Not where TaylorDash would then speak for itself, or take its own answer in. */
function mayAnswerOn(topic: string): boolean {
  return (
    isTopicName(topic) &&
    !topic.startsWith('$') &&
    (!topic.startsWith('tracker/') || topic.startsWith('tracker/replies/'))
  );
}

/** Whose keys it shares; see Incoming. */
function identityOf({ actor_id, source }: ReadEvent): string {
  return source === 'mqtt' ? (actor_id ?? '') : '';
}

function messageOf(event: ReadEvent): Incoming {
  const { topic, envelope, client_id } = event;
  return { topic, bytes: Buffer.from(envelope), qos: 1, retain: false, client_id, identity: identityOf(event) };
}
