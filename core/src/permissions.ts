// Who may do what: the permissions, what a role carries, and the one question that every service asks.
import type { Role } from './statuses.ts';

export const permissions = [
  'read:projects',
  'write:projects',
  'read:tasks',
  'write:tasks',
  'read:events',
  'publish:events',
  'read:logs',
  'write:logs',
  'read:metrics',
  'write:metrics',
  'read:users',
] as const;
export type Permission = (typeof permissions)[number];

/** What an endpoint asks for: nobody in particular, someone signed in, an administrator, or a permission. */
export type Access = 'public' | 'signed_in' | 'admin' | Permission;

/** What a viewer holds without any grant. */
const viewerPermissions: ReadonlySet<Permission> = new Set([
  'read:projects',
  'read:tasks',
  'read:events',
  'read:metrics',
]);

/** A permission given to one viewer; `project_id` null means in every project. */
export interface HeldGrant {
  permission: string;
  project_id: string | null;
}

/** Someone who acts: a signed-in user with the grants that count now. */
export interface Actor {
  id: string;
  username: string;
  role: Role;
  /** An IANA name: whose calendar days are theirs. */
  time_zone: string;
  grants: readonly HeldGrant[];
}

/**
 * May the actor do this? `project_id` is the project it happens in; null asks for a right in every project (creating one);
 * undefined asks whether there is any project at all where it is allowed.
 */
export function may(actor: Actor, permission: Permission, project_id?: string | null): boolean {
  if (actor.role === 'admin' || viewerPermissions.has(permission)) return true;
  return actor.grants.some(
    (grant) =>
      grant.permission === permission &&
      (project_id === undefined || grant.project_id === null || grant.project_id === project_id),
  );
}
