// Tells other systems how projects and components are: one retained message each, anew after every change.
import { sql } from 'kysely';
import type { Database } from '../../db/database.ts';
import type { Publication } from '../../events/broker.ts';
import type { ReadEvent, ReaderOptions } from '../../events/reader.ts';
import { keepSetting, readSetting } from '../../kernel/settings.ts';

/** What is told of one kind of thing. */
interface Told {
  /** By id, as JSON text; what is gone is missing. */
  statuses(ids: readonly string[]): Promise<Map<string, string>>;
  /** All there are, ascending, a bit at a time. */
  idsAfter(after: string, limit: number): Promise<string[]>;
}

export interface StatusTopicsOptions {
  database: Database;
  projects: Told;
  components: Told;
  publish(message: Publication): Promise<void>;
}

const cursorName = 'status-topics';
const pageRows = 200;

/**
 * A reader of the mirror. What it publishes is read from the tables, so that many changes of one thing are one message, and
 * the last word is the present one.
 */
export function statusTopics({ database, publish, ...told }: StatusTopicsOptions): Omit<ReaderOptions, 'db' | 'log'> {
  const db = database.app;
  let begun = false;

  async function tell(table: 'projects' | 'components', ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    const known = await told[table].statuses(ids);
    // An empty message clears what was retained: it is gone.
    const messages = ids.map((id) => ({
      topic: `tracker/status/${table}/${id}`,
      payload: known.get(id) ?? '',
      retain: true,
    }));
    await Promise.all(messages.map(publish));
  }

  /** A broker that was never told anything is told everything, once. */
  async function tellAll(): Promise<void> {
    for (const table of ['projects', 'components'] as const) {
      for (let after = '00000000-0000-0000-0000-000000000000'; ; ) {
        const ids = await told[table].idsAfter(after, pageRows);
        await tell(table, ids);
        if (ids.length < pageRows) break;
        after = ids.at(-1) ?? after;
      }
    }
  }

  return {
    name: cursorName,
    verb: 'told to other systems',
    begin: 'newest',
    ours: true,
    where: sql`e.source = 'server' and (starts_with(e.topic, 'tracker/events/projects/')
      or starts_with(e.topic, 'tracker/events/components/') or starts_with(e.topic, 'tracker/events/tasks/') or e.topic = 'tracker/events/system/started')`,
    async handle(events: readonly ReadEvent[]) {
      if (!begun && (await readSetting(db, toldKey)) === null) {
        await tellAll();
        await keepSetting(db, toldKey, true, null);
      }
      begun = true;
      const projects = new Set<string>();
      const components = new Set<string>();
      for (const { topic, project_id, entity_id } of events) {
        if (project_id !== null) projects.add(project_id);
        if (topic.startsWith('tracker/events/projects/') && entity_id !== null) projects.add(entity_id);
        if (topic.startsWith('tracker/events/components/') && !topic.endsWith('/moved') && entity_id !== null)
          components.add(entity_id);
      }
      await tell('projects', [...projects]);
      await tell('components', [...components]);
    },
  };
}

/** The setting that says that everything was told once. */
const toldKey = 'status_topics_told';
