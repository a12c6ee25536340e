// Views of components and tasks as boards and tables: what a saved view holds.
import { type Static, Type } from 'typebox';
import { nullable, strict } from './schema.ts';

const fieldName = Type.String({ minLength: 1, maxLength: 60, pattern: '^-?[a-z_]+$' });

/** The config of a layout of kind `view`. */
export const viewConfig = strict({
  of: Type.Enum(['components', 'tasks']),
  as: Type.Enum(['board', 'table']),
  /** In the filter grammar of filters.ts; empty: everything. */
  filter: Type.String({ maxLength: 1000 }),
  /** The field that groups rows (of a board: its columns); null: none. */
  group: nullable(fieldName),
  /** A field, with a minus for descending. */
  sort: fieldName,
  /** Columns of the table, in order. */
  columns: Type.Array(fieldName, { maxItems: 40, uniqueItems: true }),
});
export type ViewConfig = Static<typeof viewConfig>;
