// What services know of their caller: who acts, from where, under which trace, and whether a repeat is to be recognised.
import { dayIn } from '@taylordash/core/days';
import type { EventActor } from '@taylordash/core/events';
import { type Actor, may, type Permission } from '@taylordash/core/permissions';
import type { Database } from '../db/database.ts';
import type { Handle } from '../db/transaction.ts';
import type { Clock } from './clock.ts';
import { Problem } from './problem.ts';

/** Someone signed in, and the session by which they are. */
export interface SignedIn {
  actor: Actor;
  session_id: string;
}

/** Where a request comes from. */
export interface Client {
  /** An IP address without a zone. */
  address: string;
  user_agent: string | null;
}

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
  /** Who its events name, where that is not the actor: a device. */
  event_actor?: EventActor;
  /** Told the change that the request made, once it is committed; for a repeat, that of its first use. */
  onChange?(change_id: string): void;
}

/** The calendar day it is for whoever acts, as `2026-01-15`. */
export function todayOf({ actor }: Context, clock: Clock): string {
  return dayIn(actor.time_zone, clock.now());
}

/** What a read goes through: a viewer's has the database role that can do nothing but read. */
export function readHandle(database: Database, { actor }: Context): Handle {
  return actor.role === 'admin' ? database.app : database.reader;
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
