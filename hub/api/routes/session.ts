/** Log in, who am I, one's own password, log out. */
import { Type } from '@sinclair/typebox';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '../../../contracts/api/problem.ts';
import { DemoLogins, LoginBody, PasswordChange, Session } from '../../../contracts/api/session.ts';
import { AppError } from '../../../platform/app-error.ts';
import { sourceOf } from '../../client-address.ts';
import { refuseWeakPassword } from '../../registry/password-rule.ts';
import {
  changePassword,
  checkLogin,
  closeSession,
  type OpenSession,
  openSession,
  type User,
} from '../../registry/users.ts';
import { userByName } from '../../storage/users.ts';
import { authorOf, COOKIE, refuseOtherSites, sessionOf } from '../access.ts';
import type { ApiDeps } from '../deps.ts';
import { createLoginLimits } from '../login-limits.ts';
import { isSecure } from '../secure.ts';

/** Who logs in under no name that is known; nobody may be called so. */
const UNKNOWN = '(unknown)';
/** People behind one address who may log in at once: a whole shift. */
const AT_ONCE = 40;

type LogIn = (request: FastifyRequest, name: string, password: string) => Promise<User | null>;

/** Name and password of a request, checked within the limits. */
function createLogIn({ store, limiter }: ApiDeps): LogIn {
  const limits = createLoginLimits();
  return (request, name, password) => {
    const source = sourceOf(request.ip);
    return limits.attempt(name, source, async () => {
      const user = await limiter.turn(`user ${source}`, () => checkLogin(store, name, password), AT_ONCE);
      if (user === 'busy') throw new AppError('API_RATE', 'too many log-ins at once');
      return user;
    });
  };
}

function passwordRoute(app: FastifyInstance, { store, config, clock }: ApiDeps, logIn: LogIn): void {
  app.post<{ Body: PasswordChange }>(
    '/session/password',
    {
      config: { access: 'viewer', units: true, scopes: true },
      schema: {
        tags: ['session'],
        body: PasswordChange,
        response: { 204: Type.Null(), default: Problem },
        summary: 'Change one’s own password; every other session of this user ends',
      },
    },
    async (request, reply) => {
      const { name } = sessionOf(request).user;
      if (!config.demo) refuseWeakPassword(name, request.body.password);
      if (!(await logIn(request, name, request.body.current))) throw new AppError('API_BAD_LOGIN', 'current password');
      const by = authorOf(request, clock);
      await changePassword(store, name, request.body.password, request.cookies[COOKIE] ?? '', by);
      return reply.code(204).send();
    },
  );
}

function demoRoute(app: FastifyInstance, { config, demoLogins = [] }: ApiDeps): void {
  app.get(
    '/demo',
    {
      config: { access: 'public' },
      schema: { tags: ['session'], response: { 200: DemoLogins }, summary: 'Log-ins of the demo, if this is one' },
    },
    async () => {
      const demo = config.demo ?? false;
      return { demo, logins: demo ? [...demoLogins] : [] };
    },
  );
}

/** A name that is nobody's may be a password typed in the wrong field: it is not kept. */
async function logFailure({ store, clock, auditQueue }: ApiDeps, request: FastifyRequest, name: string) {
  const known = await userByName(store.db, name);
  const by = { actor: known ? name : UNKNOWN, address: request.ip, now: clock.now() };
  auditQueue.add(by, { action: 'login-failed', thing: 'user', id: known ? name : '*' });
}

/** Routes under `/session`, and `/demo` with what a demo's log-in page offers. */
export function sessionRoutes(app: FastifyInstance, deps: ApiDeps): void {
  const { store, clock, config } = deps;
  const logIn = createLogIn(deps);
  const cookieOptions = { path: '/', httpOnly: true, sameSite: 'strict', secure: isSecure(config) } as const;

  const { needed } = deps.approvals;
  const answer = ({ user, csrf }: OpenSession) => ({
    ...{ user, csrf, demo: config.demo ?? false },
    ...(needed.length > 0 ? { fourEyes: [...needed] } : {}),
  });
  const schema = { tags: ['session'], response: { 200: Session, default: Problem } };

  app.post<{ Body: LoginBody }>(
    '/session',
    { config: { access: 'public' }, schema: { ...schema, body: LoginBody, summary: 'Log in' } },
    async (request, reply) => {
      refuseOtherSites(request);
      const user = await logIn(request, request.body.name, request.body.password);
      if (!user) {
        await logFailure(deps, request, request.body.name);
        throw new AppError('API_BAD_LOGIN', request.body.name);
      }
      const { cookie, session } = await openSession(store, user, clock.now(), request.ip);
      reply.setCookie(COOKIE, cookie, { ...cookieOptions, maxAge: 12 * 3600 });
      return answer(session);
    },
  );

  passwordRoute(app, deps, logIn);
  app.get(
    '/session',
    { config: { access: 'viewer', units: true, scopes: true }, schema: { ...schema, summary: 'Who am I' } },
    async (request) => answer(sessionOf(request)),
  );

  demoRoute(app, deps);

  app.delete(
    '/session',
    { config: { access: 'viewer', units: true, scopes: true }, schema: { tags: ['session'], summary: 'Log out' } },
    async (request, reply: FastifyReply) => {
      const cookie = request.cookies[COOKIE];
      if (cookie) await closeSession(store, cookie);
      return reply.clearCookie(COOKIE, cookieOptions).code(204).send();
    },
  );
}
