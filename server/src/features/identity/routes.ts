// HTTP of set-up, sign-in, the own account and users.

import type { FastifyRequest } from 'fastify';
import { forgetSession, keepSession } from '../../http/cookie.ts';
import type { Answer, Handlers } from '../../http/route.ts';
import type { Context } from '../../kernel/context.ts';
import type { Reach } from './reach.ts';
import type { SetupService } from './setup-service.ts';
import type { Opened, SignInService } from './sign-in-service.ts';
import type { UserService } from './users-service.ts';

type Names =
  | 'setupStatus'
  | 'checkSetupCode'
  | 'setup'
  | 'login'
  | 'logout'
  | 'me'
  | 'updateMe'
  | 'changePassword'
  | 'listSessions'
  | 'endSession'
  | 'listPeople'
  | 'listUsers'
  | 'createUser'
  | 'getUser'
  | 'updateUser'
  | 'deleteUser';

export interface IdentityRoutes {
  signIn: SignInService;
  users: UserService;
  setup: SetupService;
  reach: Reach;
  /** Adds the greenhouse example for the new administrator; returns the project's id. */
  addExample(context: Context): Promise<string>;
}

export function identityRoutes({ signIn, users, setup, reach, addExample }: IdentityRoutes): Pick<Handlers, Names> {
  return {
    setupStatus: async ({ request }) => ({
      body: {
        needed: await setup.needed(),
        plain_http: isPlainBeyondLoopback(request),
        reach_configurable: reach.configurable,
      },
    }),
    async checkSetupCode({ body }) {
      const { expires_at } = await setup.checkCode(body.code);
      return { body: { expires_at } };
    },
    async setup({ body, client, trace_id, request }) {
      const opened = await setup.setUp(body, client, trace_id);
      const { id, username, role, time_zone } = opened.user;
      const context: Context = { actor: { id, username, role, time_zone, grants: [] }, trace_id, idempotency: null };
      if (body.reach === 'home_network') await reach.open(context);
      const project_id = body.start_with === 'greenhouse' ? await addExample(context) : undefined;
      const { set_cookie, body: session } = sessionAnswer(opened, body.cookie ?? false, request);
      return {
        body: { ...session, ...(project_id === undefined ? {} : { project_id }) },
        ...(set_cookie === undefined ? {} : { set_cookie }),
      };
    },
    async login({ body, client, trace_id, request }) {
      const opened = await signIn.login(body, client, trace_id);
      return sessionAnswer(opened, body.cookie ?? false, request);
    },
    async logout({ me, client, trace_id, request }) {
      await signIn.logout(me, client, trace_id);
      return { set_cookie: forgetSession(request) };
    },
    async me({ context }) {
      const { json, entity } = await signIn.me(context);
      return { json, version: entity.version };
    },
    updateMe: ({ context, body, if_match }) => signIn.updateMe(context, body, if_match),
    async changePassword({ context, body, me, client }) {
      await signIn.changePassword(context, body, me, client);
      return {};
    },
    listSessions: async ({ context, me }) => ({ json: await signIn.sessions(context, me) }),
    async endSession({ context, params, client }) {
      await signIn.endSession(context, params.id, client);
      return {};
    },
    listPeople: async () => ({ json: await users.people() }),
    listUsers: async ({ query }) => ({ json: await users.list(query) }),
    createUser: ({ context, body }) => users.create(context, body),
    async getUser({ params }) {
      const { json, entity } = await users.get(params.id);
      return { json, version: entity.version };
    },
    updateUser: ({ context, params, body, if_match }) => users.update(context, params.id, body, if_match),
    async deleteUser({ context, params, query }) {
      await users.delete(context, params.id, query.hand_over_to);
      return {};
    },
  };
}

/** Browsers get the token in a cookie alone, programs in the body alone. */
function sessionAnswer(opened: Opened, cookie: boolean, request: FastifyRequest) {
  const { token, expires_at, user } = opened;
  const answer = cookie
    ? { body: { expires_at, user }, set_cookie: keepSession(request, token, opened.cookie_seconds) }
    : { body: { token, expires_at, user } };
  return answer satisfies Answer<'login'>;
}

function isPlainBeyondLoopback(request: FastifyRequest): boolean {
  return request.protocol === 'http' && !/^(localhost|127\.|\[::1\])/.test(request.headers.host ?? '');
}
