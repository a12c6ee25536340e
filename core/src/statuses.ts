// The checked lists: what a project, a component, a task or a plugin can be, and who a user can be.

export const projectStatuses = ['planning', 'active', 'on_hold', 'completed', 'archived'] as const;
export const componentStatuses = ['pending', 'in_progress', 'blocked', 'completed', 'cancelled'] as const;
export const taskStatuses = ['todo', 'in_progress', 'done'] as const;
export const progressModes = ['manual', 'tasks'] as const;
export const roles = ['admin', 'viewer'] as const;
export const deadLetterStatuses = ['open', 'replaying', 'replayed', 'discarded', 'quarantined'] as const;

export type ProjectStatus = (typeof projectStatuses)[number];
export type ComponentStatus = (typeof componentStatuses)[number];
export type Role = (typeof roles)[number];

/** The type of the tray that each project may have for tasks that are not filed yet; it stays outside the graph. */
export const trayType = 'unsorted';
/** What the tray is called when it is made on demand. */
export const trayName = 'Unsorted';
