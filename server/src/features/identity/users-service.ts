// Decides about users as administrators see them: making, changing, deactivating, deleting, and what grants allow.
import type { Grant, User, UserWithGrants } from '@taylordash/core/entities';
import { changedBetween } from '@taylordash/core/events';
import type { Role } from '@taylordash/core/statuses';
import type { Database } from '../../db/database.ts';
import type { Handle } from '../../db/transaction.ts';
import { checkMetadata } from '../../kernel/bounds.ts';
import {
  type Change,
  type ChangeMaker,
  checkVersion,
  fieldsToSet,
  type Loaded,
  loaded,
  userActor,
  type Written,
} from '../../kernel/change.ts';
import type { Context } from '../../kernel/context.ts';
import { Problem } from '../../kernel/problem.ts';
import { type PasswordHasher, refuseWeakPassword } from './passwords.ts';
import type { UserFilter } from './queries.ts';
import * as queries from './queries.ts';
import * as sessions from './session-queries.ts';
import type { SessionLookup } from './sessions.ts';

export interface NewUser {
  username: string;
  password: string;
  role: Role;
  default_view?: string | null;
  single_view_mode?: boolean;
  grants?: Grant[];
}

export type UserPatch = Partial<
  Pick<User, 'username' | 'role' | 'default_view' | 'single_view_mode' | 'is_active' | 'metadata'> & {
    password: string;
    grants: Grant[];
  }
>;

export interface UserDependencies {
  database: Database;
  changes: ChangeMaker;
  hasher: PasswordHasher;
  lookup: SessionLookup;
  host: string;
}

export type UserService = ReturnType<typeof userService>;

export function userService({ database, changes, hasher, lookup, host }: UserDependencies) {
  const { auth } = database;

  async function audit(
    tx: Handle,
    context: Context,
    event_type: string,
    subject_id: string,
    details: object = {},
  ): Promise<void> {
    const { id: user_id, username: actor_name } = context.actor;
    const facts = { ...details, trace_id: context.trace_id };
    await queries.insertAudit(tx, {
      event_type,
      user_id,
      actor_name,
      subject_id,
      address: null,
      user_agent: null,
      details: facts,
    });
  }

  /** Replaces the grants and tells of it; false and nothing told where they are the same. */
  async function setGrants(change: Change, user: UserWithGrants, grants: Grant[]): Promise<boolean> {
    const { tx, context } = change;
    const unique = [...new Map(grants.map((grant) => [`${grant.permission} ${grant.project_id}`, grant])).values()];
    await queries.replaceGrants(tx, user.id, unique, context.actor.id);
    const after = loaded<UserWithGrants>((await queries.findUser(tx, user.id)) ?? '').entity;
    const { grants: changed } = changedBetween(user, after);
    if (!changed) return false;
    await audit(tx, context, 'user_grants_changed', user.id, changed);
    change.emit({
      kind: 'user_grants_changed',
      project_id: null,
      entity_id: user.id,
      entity: JSON.stringify({ user_id: user.id, username: user.username, grants: after.grants }),
      changed: { grants: changed },
    });
    return true;
  }

  return {
    list: (filter: UserFilter): Promise<string> => queries.listUsers(auth, filter),
    people: (): Promise<string> => queries.listPeople(database.reader),
    get: async (id: string): Promise<Loaded<UserWithGrants>> => found(await queries.findUser(auth, id), id),

    async create(context: Context, { password, grants = [], ...input }: NewUser): Promise<Written> {
      await refuseWeakPassword(password, input.username, host);
      const password_hash = await hasher.hash(password);
      return changes.changeAccounts(context, async (change) => {
        const { tx, emit } = change;
        const json = await queries.insertUser(tx, { ...input, password_hash, created_by: context.actor.id });
        const user = loaded<UserWithGrants>(json).entity;
        await audit(tx, context, 'user_created', user.id);
        emit({ kind: 'user_created', project_id: null, entity_id: user.id, entity: json });
        if (grants.length > 0) await setGrants(change, user, grants);
        const after = (await queries.findUser(tx, user.id)) ?? json;
        return { json: after, version: user.version, location: `/api/v1/auth/users/${user.id}` };
      });
    },

    async update(
      context: Context,
      id: string,
      { password, grants, ...input }: UserPatch,
      if_match: number | null,
    ): Promise<Written> {
      checkMetadata(input);
      if (password !== undefined) {
        const known = found(await queries.findUser(auth, id), id).entity;
        await refuseWeakPassword(password, input.username ?? known.username, host);
      }
      const password_hash = password === undefined ? undefined : await hasher.hash(password);
      const written = await changes.changeAccounts(context, async (change) => {
        const { tx, emit } = change;
        const before = found(await queries.lockUser(tx, id), id);
        checkVersion(before, if_match);
        const fields = fieldsToSet<User>(before.entity, input);
        await keepAnAdmin(tx, before.entity, { ...before.entity, ...input });
        if (fields || password_hash !== undefined) {
          await queries.updateUser(tx, id, { ...fields, ...(password_hash === undefined ? {} : { password_hash }) });
        }
        const granted = grants ? await setGrants(change, before.entity, grants) : false;
        // Grants are part of what the ETag stands for.
        if (granted && !fields && password_hash === undefined) {
          await queries.updateUser(tx, id, { version: before.entity.version });
        }
        const json = (await queries.findUser(tx, id)) ?? before.json;
        const after = loaded<UserWithGrants>(json).entity;
        const { grants: _told, ...changed } = changedBetween(before.entity, after);
        const { is_active, ...others } = changed;
        if (Object.keys(changed).length > 0) await audit(tx, context, 'user_updated', id, changed);
        const deactivated = is_active && !after.is_active;
        const told = deactivated ? others : changed;
        if (Object.keys(told).length > 0) {
          emit({ kind: 'user_updated', project_id: null, entity_id: id, entity: json, changed: told });
        }
        if (deactivated) {
          emit({ kind: 'user_deactivated', project_id: null, entity_id: id, entity: json, changed: { is_active } });
        }
        if (password_hash !== undefined) {
          await audit(tx, context, 'password_changed', id);
          const payload = {
            actor: userActor(context),
            change_id: change.change_id,
            user_id: id,
            username: after.username,
          };
          change.emitPayload({
            kind: 'password_changed',
            payload: JSON.stringify(payload),
            project_id: null,
            entity_id: id,
          });
        }
        // A new role or password is a new sign-in; deactivating ends all at once.
        if (deactivated || changed.role || password_hash !== undefined) {
          await sessions.endSessions(tx, id, {}, deactivated ? 'deactivated' : 'rights or password changed');
        }
        return { json, version: after.version };
      });
      lookup.forget();
      return written;
    },

    async delete(context: Context, id: string, hand_over_to: string | undefined): Promise<void> {
      await changes.changeAccounts(context, async (change) => {
        const { tx, emit } = change;
        const before = found(await queries.lockUser(tx, id), id);
        await keepAnAdmin(tx, before.entity, null);
        if (hand_over_to !== undefined) await handOver(change, id, hand_over_to);
        const owns = await queries.ownedBy(tx, id);
        if (Object.values(owns).some((count) => count > 0)) {
          throw new Problem('user.owns_things', {
            detail: `${before.entity.username} owns ${owns.projects} projects, answers for ${owns.components} components and ${owns.tasks} tasks, and made ${owns.users} users. Hand them over with ?hand_over_to=, or deactivate instead.`,
            extensions: { owns },
          });
        }
        await audit(tx, context, 'user_deleted', id, { username: before.entity.username });
        emit({ kind: 'user_deleted', project_id: null, entity_id: id, entity: before.json });
        await queries.deleteUser(tx, id);
        return {};
      });
      lookup.forget();
    },
  };
}

function found(json: string | null, id: string): Loaded<UserWithGrants> {
  if (json === null) throw new Problem('user.not_found', { detail: `There is no user ${id}.` });
  return loaded<UserWithGrants>(json);
}

/** Refuses to leave TaylorDash without an active administrator; `after` null: the user goes. */
async function keepAnAdmin(tx: Handle, before: User, after: User | null): Promise<void> {
  const counted = (user: User | null) => user?.role === 'admin' && user.is_active;
  if (!counted(before) || counted(after)) return;
  if ((await queries.otherAdmins(tx, before.id)) === 0) {
    throw new Problem('user.last_admin', { detail: 'Make another user an administrator first.' });
  }
}

async function handOver({ tx, emit }: Change, from: string, to: string): Promise<void> {
  const target = to === from ? null : await queries.findUser(tx, to);
  if (target === null) {
    const detail = 'must be another user';
    throw new Problem('user.unknown', { detail, errors: [{ pointer: '#/query/hand_over_to', detail }] });
  }
  for (const { kind, id, project_id, json, fields } of await queries.handOver(tx, from, to)) {
    for (const field of fields) {
      const changed = { [field]: { before: from, after: to } };
      const told = kind === 'task' && field === 'assignee_id' ? 'task_assigned' : (`${kind}_updated` as const);
      emit({ kind: told, project_id, entity_id: id, entity: json, changed });
    }
  }
}
