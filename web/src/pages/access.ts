// The three kinds of users that people choose from, and the roles and grants that they stand for.
import type { Grant, UserWithGrants } from '@taylordash/core/entities';
import type { Role } from '@taylordash/core/statuses';

export type Access = 'admin' | 'member' | 'viewer';

export interface AccessChoice {
  access: Access;
  /** Null: all projects. Only for members. */
  project_ids: string[] | null;
}

const memberPermissions = ['write:projects', 'write:tasks', 'publish:events'] as const;

export function rightsOf({ access, project_ids }: AccessChoice): { role: Role; grants: Grant[] } {
  if (access !== 'member') return { role: access, grants: [] };
  const places = project_ids ?? [null];
  return {
    role: 'viewer',
    grants: places.flatMap((project_id) => memberPermissions.map((permission) => ({ permission, project_id }))),
  };
}

export function accessOf(user: Pick<UserWithGrants, 'role' | 'grants'>): AccessChoice {
  if (user.role === 'admin') return { access: 'admin', project_ids: null };
  if (user.grants.length === 0) return { access: 'viewer', project_ids: null };
  if (user.grants.some((grant) => grant.project_id === null)) return { access: 'member', project_ids: null };
  return { access: 'member', project_ids: [...new Set(user.grants.flatMap((grant) => grant.project_id ?? []))] };
}
