// What the state of a component follows from, for lists that look at one after another until a page is full; whole projects have component_states().

/**
 * Does component `c` wait for something open? SQL; primary key of the dependencies. OFFSET 0 keeps the planner from reading all
 * dependencies to find out for a page of components.
 */
export const waits = `exists (select from public.component_dependencies d join public.components n on n.id = d.depends_on_id
  where d.component_id = c.id and n.status not in ('completed', 'cancelled') offset 0)`;
