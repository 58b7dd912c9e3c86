/** Log-in at an identity provider: there, back again with a code, and a session as after any other log-in. */
import { Type } from '@sinclair/typebox';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { OidcOffer, OidcStart } from '../../../contracts/api/oidc.ts';
import { Problem } from '../../../contracts/api/problem.ts';
import { AppError } from '../../../platform/app-error.ts';
import type { HubConfig } from '../../config.ts';
import { createOidc, type Oidc, type OidcChecks } from '../../registry/oidc.ts';
import { admitIdentity } from '../../registry/oidc-users.ts';
import { openSession } from '../../registry/users.ts';
import { COOKIE } from '../access.ts';
import type { ApiDeps } from '../deps.ts';
import { toAppError } from '../problem.ts';
import { isSecure } from '../secure.ts';

const PATH = '/api/v1/session/oidc';
const CHECKS = 'kerbwatch-oidc';
/** Time to log in at the provider. */
const CHECKS_S = 600;
const SESSION_S = 12 * 3600;
const tags = ['session'];
const config = { access: 'public' as const };

type Kept = OidcChecks & { readonly next: string };

/** A page of ours, and never another site's. */
const ownPage = (next: string | undefined) => (next !== undefined && /^\/(?![/\\])/.test(next) ? next : '/');

function keptOf(request: FastifyRequest): Kept {
  try {
    const kept = JSON.parse(Buffer.from(request.cookies[CHECKS] ?? '', 'base64url').toString('utf8')) as Partial<Kept>;
    const { state, nonce, verifier, next } = kept;
    if (typeof state === 'string' && typeof nonce === 'string' && typeof verifier === 'string')
      return { state, nonce, verifier, next: ownPage(typeof next === 'string' ? next : undefined) };
  } catch {
    // Told below, as a cookie that is not there.
  }
  throw new AppError('API_OIDC', 'the log-in was not begun in this browser, or too long ago');
}

/** Lax: the browser comes back from another site, and must bring it. */
const checksCookie = (hub: HubConfig) =>
  ({ path: PATH, httpOnly: true, sameSite: 'lax', secure: isSecure(hub) }) as const;

/** Ends in a session, or on the log-in page with the code of the refusal. */
function callbackRoute(
  app: FastifyInstance,
  { config: hub, store, clock, auditQueue }: ApiDeps,
  needed: () => Oidc,
): void {
  const session = { path: '/', httpOnly: true, sameSite: 'strict', secure: isSecure(hub) } as const;
  app.get(
    '/session/oidc/callback',
    {
      config,
      // The provider adds parameters of its own.
      schema: {
        tags,
        summary: 'Back from the identity provider; a refusal leads to the log-in page with its code',
        querystring: Type.Object({}, { additionalProperties: true }),
      },
    },
    async (request, reply) => {
      void reply.clearCookie(CHECKS, checksCookie(hub)).header('cache-control', 'no-store');
      const provider = needed();
      try {
        const kept = keptOf(request);
        const identity = await provider.finish(request.url.split('?')[1] ?? '', kept);
        const user = await admitIdentity(store, identity, { address: request.ip, now: clock.now() });
        const { cookie } = await openSession(store, user, clock.now(), request.ip);
        return reply.setCookie(COOKIE, cookie, { ...session, maxAge: SESSION_S }).redirect(kept.next);
      } catch (error) {
        const known = toAppError(error);
        request.log.warn({ err: known, code: known.code }, 'log-in at the identity provider refused');
        const by = { actor: '(unknown)', address: request.ip, now: clock.now() };
        const data = { code: known.code };
        auditQueue.add(by, { action: 'login-failed', thing: 'user', id: '*', data });
        return reply.redirect(`/login?refused=${known.code}`);
      }
    },
  );
}

/** `GET /session/oidc`, `/session/oidc/start`, `/session/oidc/callback`. */
export function oidcRoutes(app: FastifyInstance, deps: ApiDeps): void {
  const { config: hub, oidcSecret } = deps;
  const { oidc: own } = hub;
  const redirectUri = () => `${hub.http?.publicUrl?.replace(/\/$/, '') ?? app.listeningOrigin}${PATH}/callback`;
  const oidc = own ? createOidc({ config: own, secret: oidcSecret ?? null, redirectUri }) : null;
  const needed = () => {
    if (!oidc) throw new AppError('API_NOT_FOUND', 'no identity provider is configured');
    return oidc;
  };
  app.get(
    '/session/oidc',
    {
      config,
      schema: {
        tags,
        summary: 'Whether one may log in at an identity provider',
        response: { 200: OidcOffer, default: Problem },
      },
    },
    async (): Promise<OidcOffer> => ({ enabled: own !== undefined, label: own?.label ?? null }),
  );
  app.get<{ Querystring: OidcStart }>(
    '/session/oidc/start',
    { config, schema: { tags, summary: 'Go to the identity provider', querystring: OidcStart } },
    async (request, reply) => {
      const begun = await needed().start();
      const kept: Kept = { ...begun.checks, next: ownPage(request.query.next) };
      const value = Buffer.from(JSON.stringify(kept)).toString('base64url');
      return reply.setCookie(CHECKS, value, { ...checksCookie(hub), maxAge: CHECKS_S }).redirect(begun.url);
    },
  );
  callbackRoute(app, deps, needed);
}
