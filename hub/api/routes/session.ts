/** Log in, who am I, log out. */
import type { FastifyInstance, FastifyReply } from 'fastify';
import { Problem } from '../../../contracts/api/problem.ts';
import { DemoLogins, LoginBody, Session } from '../../../contracts/api/session.ts';
import { AppError } from '../../../platform/app-error.ts';
import { checkLogin, closeSession, type OpenSession, openSession } from '../../registry/users.ts';
import { COOKIE, refuseOtherSites, sessionOf } from '../access.ts';
import type { ApiDeps } from '../deps.ts';
import { createTries } from '../tries.ts';

const TRIES_BY_NAME = 10;
const TRIES_BY_ADDRESS = 30;

export function sessionRoutes(app: FastifyInstance, deps: ApiDeps): void {
  const { store, clock, config } = deps;
  const tryName = createTries(TRIES_BY_NAME, clock.now);
  const tryAddress = createTries(TRIES_BY_ADDRESS, clock.now);
  const cookieOptions = {
    path: '/',
    httpOnly: true,
    sameSite: 'strict',
    secure: config.http?.publicUrl?.startsWith('https:') ?? false,
  } as const;
  const answer = (session: OpenSession) => ({ user: session.user, csrf: session.csrf, demo: config.demo ?? false });
  const schema = { tags: ['session'], response: { 200: Session, default: Problem } };

  app.post<{ Body: LoginBody }>(
    '/session',
    { config: { access: 'public' }, schema: { ...schema, body: LoginBody, summary: 'Log in' } },
    async (request, reply) => {
      refuseOtherSites(request);
      tryAddress(request.ip);
      tryName(request.body.name);
      const user = await checkLogin(store, request.body.name, request.body.password);
      if (!user) throw new AppError('API_BAD_LOGIN', request.body.name);
      const { cookie, session } = await openSession(store, user, clock.now());
      reply.setCookie(COOKIE, cookie, { ...cookieOptions, maxAge: 12 * 3600 });
      return answer(session);
    },
  );

  app.get('/session', { config: { access: 'viewer' }, schema: { ...schema, summary: 'Who am I' } }, async (request) =>
    answer(sessionOf(request)),
  );

  app.get(
    '/demo',
    {
      config: { access: 'public' },
      schema: { tags: ['session'], response: { 200: DemoLogins }, summary: 'Log-ins of the demo, if this is one' },
    },
    async () => {
      const demo = config.demo ?? false;
      return { demo, logins: demo ? [...(deps.demoLogins ?? [])] : [] };
    },
  );

  app.delete(
    '/session',
    { config: { access: 'viewer' }, schema: { tags: ['session'], summary: 'Log out' } },
    async (request, reply: FastifyReply) => {
      const cookie = request.cookies[COOKIE];
      if (cookie) await closeSession(store, cookie);
      return reply.clearCookie(COOKIE, cookieOptions).code(204).send();
    },
  );
}
