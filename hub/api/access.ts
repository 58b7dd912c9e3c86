/** Who may call what: each route says its access, and one hook enforces it. A route that says nothing cannot be added. */
import { timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { CSRF_HEADER, type Role, type StaffRole, staffRoles } from '../../contracts/api/session.ts';
import { AppError } from '../../platform/app-error.ts';
import type { Clock } from '../../platform/clock.ts';
import { findInexactText } from '../../platform/exact-text.ts';
import type { Author } from '../audit.ts';
import type { Actor } from '../cases/lifecycle/facts.ts';
import type { KeyHolder } from '../intake/keys.ts';
import type { NodeCheck } from '../registry/node-credentials.ts';
import { findSession, type OpenSession } from '../registry/users.ts';
import type { Store } from '../storage/store.ts';
import type { KeyCheck } from './key-check.ts';

/**
 * `public`: nobody is asked. `node`: an edge node's own name and password. `key`: the API key of a system that hands in
 * reports. A role of the office: that role or a higher one.
 */
export type Access = 'public' | 'node' | 'key' | StaffRole;

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access;
    /** Users of handling units may call it too; the route itself keeps to the cases of their unit. */
    units?: true;
  }
  interface FastifyRequest {
    session: OpenSession | null;
    /** Name of the node that authenticated itself, on `node` routes. */
    node: string | null;
    /** Whose key it is, on `key` routes. */
    keyHolder: KeyHolder | null;
  }
}

export const COOKIE = 'kerbwatch';
const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Roles of the office in their order: who may do more may do what others may. A unit's user has no place in it. */
export function atLeast(role: Role, needed: StaffRole): boolean {
  return role !== 'unit' && staffRoles.indexOf(role) >= staffRoles.indexOf(needed);
}

/** The session of a request whose route asks for one. @throws API_UNAUTHENTICATED */
export function sessionOf(request: FastifyRequest): OpenSession {
  if (!request.session) throw new AppError('API_UNAUTHENTICATED', 'no session');
  return request.session;
}

/** Who acts by a request whose route asks for a session. @throws API_UNAUTHENTICATED */
export function actorOf(request: FastifyRequest): Actor {
  const { name, role, unit, scope } = sessionOf(request).user;
  return { name, role, ...(unit === undefined ? {} : { unit }), ...(scope === undefined ? {} : { scope }) };
}

/** Who asks, as the audit log names them. @throws API_UNAUTHENTICATED */
export function authorOf(request: FastifyRequest, clock: Clock): Author {
  return { actor: sessionOf(request).user.name, address: request.ip, now: clock.now() };
}

function sameText(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}

/** A browser says where a request comes from; another site's page must not act for our user. */
export function refuseOtherSites(request: FastifyRequest): void {
  const { origin } = request.headers;
  if (origin !== undefined && !sameHost(origin, request.headers.host)) {
    throw new AppError('API_CSRF', `origin ${origin}`);
  }
}

function sameHost(origin: string, host: string | undefined): boolean {
  try {
    return new URL(origin).host === host;
  } catch {
    return false;
  }
}

function checkCsrf(request: FastifyRequest, session: OpenSession): void {
  refuseOtherSites(request);
  const header = request.headers[CSRF_HEADER];
  if (typeof header !== 'string' || !sameText(header, session.csrf))
    throw new AppError('API_CSRF', `${CSRF_HEADER} header`);
}

function basicCredentials(request: FastifyRequest): { name: string; password: string } | null {
  const encoded = /^Basic ([A-Za-z0-9+/=]+)$/.exec(request.headers.authorization ?? '')?.[1];
  if (!encoded) return null;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  // No node is called so, and PostgreSQL cannot even be asked.
  if (findInexactText(text) !== null) return null;
  const colon = text.indexOf(':');
  return colon < 1 ? null : { name: text.slice(0, colon), password: text.slice(colon + 1) };
}

function bearerOf(request: FastifyRequest): string | null {
  return /^Bearer ([A-Za-z0-9_-]+)$/.exec(request.headers.authorization ?? '')?.[1] ?? null;
}

/** GeoReport v2 sends the key as a field. */
function keyInBody(body: unknown): string {
  const key = (body as { readonly api_key?: unknown } | null | undefined)?.api_key;
  return typeof key === 'string' ? key : '';
}

/** Whose key a request comes with. @throws API_KEY */
export function keyHolderOf(request: FastifyRequest): KeyHolder {
  if (!request.keyHolder) throw new AppError('API_KEY', 'no key');
  return request.keyHolder;
}

type AccessOptions = {
  readonly store: Store;
  readonly clock: Clock;
  readonly checkNode: NodeCheck;
  readonly checkKey: KeyCheck;
};

/** @throws API_UNAUTHENTICATED, API_NODE_DISABLED, API_RATE */
async function nodeOf(request: FastifyRequest, checkNode: NodeCheck): Promise<string> {
  const credentials = basicCredentials(request);
  if (!credentials) throw new AppError('API_UNAUTHENTICATED', 'node name or password');
  const verdict = await checkNode(credentials.name, credentials.password, request.ip);
  if (verdict === 'busy') throw new AppError('API_RATE', 'too many ask at once');
  if (verdict === 'disabled') throw new AppError('API_NODE_DISABLED', credentials.name);
  if (verdict === 'wrong') throw new AppError('API_UNAUTHENTICATED', 'node name or password');
  return credentials.name;
}

/** Every route added from here on must say its access; requests are checked before their bodies are read. */
export function guardAccess(app: FastifyInstance, { store, clock, checkNode, checkKey }: AccessOptions): void {
  app.decorateRequest('session', null);
  app.decorateRequest('node', null);
  app.decorateRequest('keyHolder', null);
  app.addHook('onRoute', (route) => {
    if (!route.config?.access) throw new TypeError(`${String(route.method)} ${route.url} does not say who may call it`);
  });
  app.addHook('onRequest', async (request) => {
    const access = request.routeOptions.config.access ?? 'public';
    if (access === 'node') {
      request.node = await nodeOf(request, checkNode);
      return;
    }
    if (access === 'key') {
      // Without the header the key may stand in the body, which is read first.
      const key = bearerOf(request);
      if (key !== null) request.keyHolder = await checkKey(key, request.ip);
      return;
    }
    const cookie = request.cookies[COOKIE];
    request.session = cookie ? await findSession(store, cookie, clock.now()) : null;
    if (access === 'public') return;
    const session = sessionOf(request);
    const { role } = session.user;
    const may = role === 'unit' ? request.routeOptions.config.units === true : atLeast(role, access);
    if (!may) throw new AppError('API_FORBIDDEN', `needs the role ${access}`);
    if (!SAFE_METHODS.has(request.method)) checkCsrf(request, session);
  });
  app.addHook('preValidation', async (request) => {
    if (request.routeOptions.config.access !== 'key' || request.keyHolder !== null) return;
    request.keyHolder = await checkKey(keyInBody(request.body), request.ip);
  });
}
