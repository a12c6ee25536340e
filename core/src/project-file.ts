// The two files a project can come from: the graph shape, and taylordash-project/1, which holds everything of a project.
import { type Static, Type } from 'typebox';
import { componentFields, projectFields, taskFields } from './entities.ts';
import { moment, nullable, strict, uuid } from './schema.ts';

export const projectFileFormat = 'taylordash-project/1';

/** A key of the graph shape: names a component within the file. */
const graphKey = Type.Union([Type.Integer(), Type.String({ minLength: 1, maxLength: 200 })]);

/** `{title, components: [{key, name, …}], dependencies: [[dependent, depends_on], …]}`; further fields of a component become metadata. */
export const graphFile = Type.Object(
  {
    title: projectFields.name,
    components: Type.Array(Type.Object({ key: graphKey, name: componentFields.name }, { additionalProperties: true }), {
      maxItems: 20_000,
    }),
    dependencies: Type.Array(Type.Array(graphKey, { minItems: 2, maxItems: 2 }), { maxItems: 200_000 }),
  },
  { additionalProperties: false },
);
export type GraphFile = Static<typeof graphFile>;

const stamped = { created_at: Type.Optional(moment), updated_at: Type.Optional(moment) };
/** People are named, not numbered: an id means nothing on another machine. Unknown names are left out on import and listed. */
const person = nullable(Type.String({ minLength: 1, maxLength: 255 }));
const { assignee_id: _assignee, labels, checklist, estimate_minutes, repeats, ...taskOwn } = taskFields;
/** What files of earlier versions do not have. */
const laterTaskOwn = {
  labels: Type.Optional(labels),
  checklist: Type.Optional(checklist),
  estimate_minutes: Type.Optional(estimate_minutes),
  repeats: Type.Optional(repeats),
};
const { assignee_id: _componentAssignee, ...componentOwn } = componentFields;
const { owner_id: _owner, ...projectOwn } = projectFields;

const fileTask = strict({
  ...taskOwn,
  ...laterTaskOwn,
  assignee: person,
  created_by: person,
  completed_at: nullable(moment),
  ...stamped,
});

const fileComponent = strict({
  /** Names the component within the file. */
  key: uuid,
  ...componentOwn,
  assignee: person,
  tasks: Type.Array(fileTask, { maxItems: 100_000 }),
  ...stamped,
});

export const projectFile = strict({
  format: Type.Literal(projectFileFormat),
  project: strict({ ...projectOwn, owner: person, ...stamped }),
  components: Type.Array(fileComponent, { maxItems: 20_000 }),
  dependencies: Type.Array(strict({ component: uuid, depends_on: uuid }), { maxItems: 200_000 }),
});
export type ProjectFile = Static<typeof projectFile>;
