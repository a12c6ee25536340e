// What the address of the project list says: search, filter, order and an open dialog.
import { type ProjectStatus, projectStatuses } from '@taylordash/core/statuses';

export const projectSorts = ['-updated_at', 'name', '-created_at', 'created_at'] as const;
export type ProjectSort = (typeof projectSorts)[number];

export interface ProjectSearch {
  q?: string;
  status?: ProjectStatus;
  sort?: ProjectSort;
  dialog?: 'new' | 'import';
}

export function readProjectSearch(search: Record<string, unknown>): ProjectSearch {
  const status = projectStatuses.find((one) => one === search.status);
  const sort = projectSorts.find((one) => one === search.sort);
  return {
    ...(typeof search.q === 'string' && search.q.trim() !== '' ? { q: search.q.slice(0, 200) } : {}),
    ...(status ? { status } : {}),
    ...(sort && sort !== '-updated_at' ? { sort } : {}),
    ...(search.dialog === 'new' || search.dialog === 'import' ? { dialog: search.dialog } : {}),
  };
}
