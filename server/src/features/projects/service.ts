// Decides about projects: who may, what changes, which events tell of it.
import type { Project } from '@taylordash/core/entities';
import type { Database } from '../../db/database.ts';
import { idsAfter } from '../../db/row.ts';
import { checkMetadata } from '../../kernel/bounds.ts';
import { type Change, type ChangeMaker, type Loaded, loaded, type Written } from '../../kernel/change.ts';
import type { Clock } from '../../kernel/clock.ts';
import { authorise, type Context, readHandle, todayOf } from '../../kernel/context.ts';
import { graphAnalysis } from './graph-analysis.ts';
import { existing, found, type ProjectPatch, projectOperations } from './operations.ts';
import type { ProjectFilter } from './queries.ts';
import * as queries from './queries.ts';

export type NewProject = Pick<Project, 'name'> & Partial<Omit<Project, 'id' | 'version' | 'created_at' | 'updated_at'>>;

export interface ProjectDependencies {
  database: Database;
  changes: ChangeMaker;
  clock: Clock;
  /** What the device of the greenhouse example calls itself on the broker. */
  example_client_id: string;
}

export type ProjectService = ReturnType<typeof projectService>;

async function createIn(
  { tx, context, emit }: Change,
  input: NewProject,
): Promise<Written & { json: string; id: string }> {
  authorise(context, 'write:projects', null);
  checkMetadata(input);
  const json = await queries.insertProject(tx, { owner_id: context.actor.id, ...input });
  const { id } = loaded<Project>(json).entity;
  emit({ kind: 'project_created', project_id: id, entity_id: id, entity: json });
  return { json, id, version: 1, location: `/api/v1/projects/${id}` };
}

export function projectService({ database, changes, clock, example_client_id }: ProjectDependencies) {
  const operations = projectOperations(example_client_id);

  return {
    /** The same inside a change of somebody else's. */
    within: { ...operations, create: createIn },

    list: (context: Context, filter: ProjectFilter): Promise<string> =>
      queries.listProjects(readHandle(database, context), filter, todayOf(context, clock)),

    async get(context: Context, id: string): Promise<Loaded<Project>> {
      return found(await queries.findProject(readHandle(database, context), id), id);
    },

    async graph(context: Context, id: string): Promise<string> {
      const json = existing(await queries.projectGraph(readHandle(database, context), id), id);
      const analysis = graphAnalysis(json, { today: todayOf(context, clock), now: clock.now() });
      return `${json.slice(0, -1)},"analysis":${JSON.stringify(analysis)}}`;
    },

    /** For other systems; see bus/status-topics.ts. */
    told: {
      statuses: (ids: readonly string[]) => queries.projectStatuses(database.app, ids),
      idsAfter: (after: string, limit: number) => idsAfter(database.app, 'projects', after, limit),
    },

    exampleState: () => queries.exampleState(database.app, example_client_id),

    async deletion(context: Context, id: string): Promise<string> {
      return existing(await queries.deletionOf(readHandle(database, context), id), id);
    },

    async create(context: Context, input: NewProject): Promise<Written> {
      authorise(context, 'write:projects', null);
      checkMetadata(input);
      const fields = { owner_id: context.actor.id, ...input };
      if (!context.idempotency) {
        const json = await changes.make(context, 'project_created', (handle, told) =>
          queries.insertProjectTold(handle, fields, told),
        );
        return { json, version: 1, location: `/api/v1/projects/${loaded<Project>(json).entity.id}` };
      }
      return changes.change(context, (change) => createIn(change, input));
    },

    update: (context: Context, id: string, input: ProjectPatch, if_match: number | null): Promise<Written> =>
      changes.change(context, (change) => operations.update(change, id, input, if_match)),

    async delete(context: Context, id: string, if_match: number | null): Promise<void> {
      await changes.change(context, async (change) => {
        await operations.remove(change, id, if_match);
        return {};
      });
    },
  };
}
