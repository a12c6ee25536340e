// What every service call knows of its caller: who acts, under which trace, and whether a repeat of the request is to be recognised.
import { type Actor, may, type Permission } from '@taylordash/core/permissions';
import { Problem } from './problem.ts';

/** A request that must take effect once, however often it is sent. */
export interface IdempotentRequest {
  key: string;
  method: string;
  path: string;
  /** SHA-256 of the body as received. */
  request_hash: Buffer;
}

export interface Context {
  actor: Actor;
  trace_id: string;
  idempotency: IdempotentRequest | null;
}

/** Throws auth.forbidden unless the actor may do this in that project (null: in every project). */
export function authorise(context: Context, permission: Permission, project_id: string | null): void {
  if (may(context.actor, permission, project_id)) return;
  throw new Problem('auth.forbidden', {
    detail:
      project_id === null
        ? `This needs ${permission} for all projects. An administrator can give it to you.`
        : `This needs ${permission} for this project. An administrator can give it to you.`,
  });
}
