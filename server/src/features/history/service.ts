// Rebuilds projects from their events: to check the tables by them, and to keep snapshots where history begins once events are dropped.
import { type Difference, differences, emptyState, type ProjectState, rebuild } from '@taylordash/core/rebuild';
import type { Database } from '../../db/database.ts';
import { type Handle, transaction } from '../../db/transaction.ts';
import { Problem } from '../../kernel/problem.ts';
import * as queries from './queries.ts';

export interface Verification {
  project_id: string;
  name: string | null;
  /** Id of the event whose snapshot history begins with; null: with the project itself. */
  begins_after: string | null;
  /** Events that were read. */
  events: number;
  /** The first of them. */
  differences: Difference[];
  /** How many there are in all. */
  different: number;
}

export type HistoryService = ReturnType<typeof historyService>;

const eventsAtOnce = 500;
const mostDifferences = 200;

interface Rebuilt {
  state: ProjectState;
  events: number;
}

export function historyService({ database }: { database: Database }) {
  /** Goes on from a snapshot through the mirror, and the outbox where it is asked for. */
  async function goOn(tx: Handle, id: string, from: queries.Snapshot, outbox: boolean): Promise<Rebuilt> {
    const known = new Set(Object.keys(from.state.tasks));
    for (const task of await queries.tasksToldOf(tx, id, from.event_id)) known.add(task);
    const tasks = [...known];
    let { state, event_id: after } = from;
    let count = 0;
    for (;;) {
      const events = await queries.mirrorEvents(tx, id, tasks, after, eventsAtOnce);
      state = rebuild(id, state, events);
      count += events.length;
      after = events.at(-1)?.id ?? after;
      if (events.length < eventsAtOnce) break;
    }
    if (outbox) {
      const waiting = await queries.outboxEvents(tx, id, tasks);
      state = rebuild(id, state, waiting);
      count += waiting.length;
    }
    return { state, events: count };
  }

  async function takeSnapshot(id: string): Promise<void> {
    const snapshot = await transaction(
      database.app,
      async (tx) => {
        const from = (await queries.findSnapshot(tx, id, 'newest')) ?? { event_id: '0', state: emptyState };
        const event_id = await queries.newestEvent(tx);
        return { event_id, state: (await goOn(tx, id, from, false)).state };
      },
      { isolation: 'repeatable read' },
    );
    await queries.writeSnapshot(database.app, id, snapshot);
  }

  /** Writes a snapshot of each project that events up to this one touched since its last. Returns how many. */
  async function keepThrough(event_id: string): Promise<number> {
    const due = await queries.projectsToKeep(database.app, event_id);
    for (const id of due) await takeSnapshot(id);
    if (due.length > 0) await queries.pruneSnapshots(database.app, await queries.droppedThrough(database.app));
    return due.length;
  }

  return {
    /** Compares the tables with what the events tell, both as they stood at one moment. */
    async verify(project_id: string): Promise<Verification> {
      const seen = await transaction(
        database.app,
        async (tx) => {
          const table = await queries.tableState(tx, project_id);
          const dropped = await queries.droppedThrough(tx);
          const snapshot = dropped === '0' ? null : await queries.findSnapshot(tx, project_id, { from: dropped });
          const from = snapshot ?? { event_id: '0', state: emptyState };
          return { table, snapshot, ...(await goOn(tx, project_id, from, true)) };
        },
        { isolation: 'repeatable read' },
      );
      const { table, snapshot, state, events } = seen;
      if (table.project === null && events === 0 && snapshot === null)
        throw new Problem('project.not_found', {
          detail: `There is no project ${project_id}, and no event tells of one.`,
        });
      const found = differences(table, state);
      const name = (table.project ?? state.project)?.name;
      return {
        project_id,
        name: typeof name === 'string' ? name : null,
        begins_after: snapshot?.event_id ?? null,
        events,
        differences: found.slice(0, mostDifferences),
        different: found.length,
      };
    },

    keepThrough,
    /** The same of all that changed. */
    keepAll: async () => keepThrough(await queries.newestEvent(database.app)),
  };
}
