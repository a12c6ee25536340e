// Reads the filter of events as it is typed: its mistakes become a problem, its names ids, its days moments of the reader's zone.
import {
  type EventCondition,
  type EventNames,
  namesIn,
  parseEventFilter,
  resolveEventFilter,
} from '@taylordash/core/event-filter';
import type { Database } from '../../db/database.ts';
import type { Handle } from '../../db/transaction.ts';
import type { Clock } from '../../kernel/clock.ts';
import { type Context, readHandle } from '../../kernel/context.ts';
import { Problem } from '../../kernel/problem.ts';
import { devicesCalled, projectsCalled, usersCalled } from './filter-queries.ts';

export interface ReadFilter {
  conditions: EventCondition[];
  names: EventNames;
}

export interface FilterReader {
  /** Throws request.invalid that names the word at fault, by where the filter stands. Without a text there is no condition. */
  read(context: Context, text: string | undefined, pointer?: string): Promise<ReadFilter>;
}

const noNames: EventNames = { actor: {}, project: {} };

export function filterReader({ database, clock }: { database: Database; clock: Clock }): FilterReader {
  /** Who acts: a user, or a device, whose name everybody sees at what it did. */
  async function actorsCalled(handle: Handle, names: readonly string[]): Promise<EventNames['actor']> {
    const [users, devices] = [await usersCalled(handle, names), await devicesCalled(database.app, names)];
    return Object.fromEntries(names.map((name) => [name, [...(users[name] ?? []), ...(devices[name] ?? [])]]));
  }

  return {
    async read(context, text, pointer = '#/query/filter') {
      if (text === undefined || text === '') return { conditions: [], names: noNames };
      const { terms, faults } = parseEventFilter(text);
      refuse(
        faults.map((fault) => fault.text),
        pointer,
      );
      const handle = readHandle(database, context);
      const [actors, projects] = [namesIn(terms, 'actor'), namesIn(terms, 'project')];
      const names = {
        actor: actors.length === 0 ? {} : await actorsCalled(handle, actors),
        project: projects.length === 0 ? {} : await projectsCalled(handle, projects),
      };
      const present = { now: clock.now(), time_zone: context.actor.time_zone };
      const resolved = resolveEventFilter(terms, names, present);
      refuse(resolved.faults, pointer);
      return { conditions: resolved.conditions, names };
    },
  };
}

function refuse(faults: readonly string[], pointer: string): void {
  const [first] = faults;
  if (first === undefined) return;
  throw new Problem('request.invalid', {
    detail: first,
    errors: faults.map((detail) => ({ pointer, detail })),
  });
}
