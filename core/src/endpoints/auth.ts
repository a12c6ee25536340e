// Endpoints of set-up, sign-in and users.
import { Type } from 'typebox';
import {
  defaultView,
  grantFields,
  password,
  person,
  timeZone,
  username,
  userWithGrants,
  weekStart,
} from '../entities.ts';
import { metadata, moment, page, patch, strict, uuid } from '../schema.ts';
import { roles } from '../statuses.ts';
import { endpoint } from './endpoint.ts';
import { byId, paging } from './inputs.ts';

const code = Type.String({ minLength: 1, maxLength: 40 });
/** A password as tried: never judged, only compared. */
const triedPassword = Type.String({ minLength: 1, maxLength: 1024 });
const session = Type.Object({
  /** Only for programs; a browser's token travels in its cookie alone. */
  token: Type.Optional(Type.String()),
  expires_at: moment,
  user: userWithGrants,
});

export const setupStatus = endpoint({
  method: 'GET',
  path: '/auth/setup',
  summary: 'Whether TaylorDash still has to be set up',
  tag: 'auth',
  access: 'public',
  reply: {
    status: 200,
    schema: Type.Object({
      needed: Type.Boolean(),
      /** Whether requests arrive over plain HTTP from beyond this machine. */
      plain_http: Type.Boolean(),
      /** Whether reach can still be chosen: it cannot where HOST is set. */
      reach_configurable: Type.Boolean(),
    }),
  },
});

export const checkSetupCode = endpoint({
  method: 'POST',
  path: '/auth/setup/code',
  summary: 'Try the one-time code without using it up',
  tag: 'auth',
  access: 'public',
  body: strict({ code }),
  reply: { status: 200, schema: Type.Object({ expires_at: moment }) },
  problems: ['setup.done', 'setup.wrong_code', 'setup.code_ended'],
  rate_per_minute: 30,
});

export const setup = endpoint({
  method: 'POST',
  path: '/auth/setup',
  summary: 'Make the first administrator and sign in',
  tag: 'auth',
  access: 'public',
  body: strict({
    code,
    username,
    password,
    reach: Type.Enum(['this_machine', 'home_network']),
    start_with: Type.Enum(['greenhouse', 'empty']),
    cookie: Type.Optional(Type.Boolean()),
  }),
  reply: { status: 201, schema: Type.Object({ ...session.properties, project_id: Type.Optional(uuid) }) },
  problems: ['setup.done', 'setup.wrong_code', 'setup.code_ended', 'auth.weak_password'],
  rate_per_minute: 30,
});

export const login = endpoint({
  method: 'POST',
  path: '/auth/login',
  summary: 'Sign in',
  tag: 'auth',
  access: 'public',
  body: strict({
    username: Type.String({ minLength: 1, maxLength: 255 }),
    password: triedPassword,
    keep_signed_in: Type.Optional(Type.Boolean()),
    cookie: Type.Optional(Type.Boolean()),
  }),
  reply: { status: 200, schema: session },
  problems: ['auth.invalid_credentials', 'auth.too_many_attempts', 'server.busy'],
});

export const logout = endpoint({
  method: 'POST',
  path: '/auth/logout',
  summary: 'End this session',
  tag: 'auth',
  access: 'signed_in',
  reply: { status: 204, schema: null },
});

export const me = endpoint({
  method: 'GET',
  path: '/auth/me',
  summary: 'Who is signed in, and what they may change',
  tag: 'auth',
  access: 'signed_in',
  reply: { status: 200, schema: userWithGrants },
  etag: true,
});

export const updateMe = endpoint({
  method: 'PATCH',
  path: '/auth/me',
  summary: 'Change the own profile',
  tag: 'auth',
  access: 'signed_in',
  body: patch({ time_zone: timeZone, week_start: weekStart, default_view: defaultView, metadata }),
  reply: { status: 200, schema: userWithGrants },
  problems: ['request.precondition_failed'],
  etag: true,
});

export const changePassword = endpoint({
  method: 'POST',
  path: '/auth/password',
  summary: 'Change the own password; ends all other sessions unless told not to',
  tag: 'auth',
  access: 'signed_in',
  body: strict({
    current_password: triedPassword,
    new_password: password,
    end_other_sessions: Type.Optional(Type.Boolean()),
  }),
  reply: { status: 204, schema: null },
  problems: ['auth.invalid_credentials', 'auth.too_many_attempts', 'auth.weak_password', 'server.busy'],
});

const ownSession = Type.Object({
  id: uuid,
  created_at: moment,
  last_activity: moment,
  expires_at: moment,
  ip_address: Type.Unsafe<string | null>({ type: ['string', 'null'] }),
  user_agent: Type.Unsafe<string | null>({ type: ['string', 'null'] }),
  current: Type.Boolean(),
});

export const listSessions = endpoint({
  method: 'GET',
  path: '/auth/sessions',
  summary: 'The own sessions that are open',
  tag: 'auth',
  access: 'signed_in',
  reply: { status: 200, schema: Type.Object({ items: Type.Array(ownSession) }) },
});

export const endSession = endpoint({
  method: 'DELETE',
  path: '/auth/sessions/{id}',
  summary: 'End one of the own sessions',
  tag: 'auth',
  access: 'signed_in',
  params: byId,
  reply: { status: 204, schema: null },
});

export const listPeople = endpoint({
  method: 'GET',
  path: '/people',
  summary: 'Everyone’s name, for showing who did what',
  tag: 'users',
  access: 'signed_in',
  reply: { status: 200, schema: Type.Object({ items: Type.Array(person) }) },
});

export const listUsers = endpoint({
  method: 'GET',
  path: '/auth/users',
  summary: 'All users',
  tag: 'users',
  access: 'admin',
  query: strict({
    ...paging,
    role: Type.Optional(Type.Enum([...roles])),
    is_active: Type.Optional(Type.Boolean()),
  }),
  reply: { status: 200, schema: page(userWithGrants) },
  problems: ['request.bad_cursor'],
});

const userChanges = {
  role: Type.Enum([...roles]),
  default_view: defaultView,
  single_view_mode: Type.Boolean(),
  is_active: Type.Boolean(),
  metadata,
};
const grants = Type.Array(Type.Object(grantFields, { additionalProperties: false }), { maxItems: 500 });

export const createUser = endpoint({
  method: 'POST',
  path: '/auth/users',
  summary: 'Make a user',
  tag: 'users',
  access: 'admin',
  body: strict({
    username,
    password,
    role: userChanges.role,
    default_view: Type.Optional(defaultView),
    single_view_mode: Type.Optional(Type.Boolean()),
    grants: Type.Optional(grants),
  }),
  reply: { status: 201, schema: userWithGrants },
  problems: ['user.username_taken', 'auth.weak_password', 'project.not_found'],
  etag: true,
});

export const getUser = endpoint({
  method: 'GET',
  path: '/auth/users/{id}',
  summary: 'One user',
  tag: 'users',
  access: 'admin',
  params: byId,
  reply: { status: 200, schema: userWithGrants },
  problems: ['user.not_found'],
  etag: true,
});

export const updateUser = endpoint({
  method: 'PATCH',
  path: '/auth/users/{id}',
  summary: 'Change a user: role, password, activity, view, grants',
  tag: 'users',
  access: 'admin',
  params: byId,
  body: patch({ ...userChanges, username, password, grants }),
  reply: { status: 200, schema: userWithGrants },
  problems: [
    'user.not_found',
    'user.username_taken',
    'user.last_admin',
    'auth.weak_password',
    'project.not_found',
    'request.precondition_failed',
  ],
  etag: true,
});

export const deleteUser = endpoint({
  method: 'DELETE',
  path: '/auth/users/{id}',
  summary: 'Delete a user who owns nothing, or who hands over what they own',
  tag: 'users',
  access: 'admin',
  params: byId,
  query: strict({
    /** Who takes over projects, tasks and created users. */
    hand_over_to: Type.Optional(uuid),
  }),
  reply: { status: 204, schema: null },
  problems: ['user.not_found', 'user.owns_things', 'user.last_admin', 'user.unknown'],
});
