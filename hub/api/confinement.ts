/**
 * Users confined to districts, sites or units: each route says how it keeps to their reach, and one hook enforces it. A
 * route that says nothing is refused to them.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { AppError } from '../../platform/app-error.ts';
import { findInexactText } from '../../platform/exact-text.ts';
import { type Confinement, isWithin, type ReachedThing, reachOf } from '../storage/reach.ts';
import type { Store } from '../storage/store.ts';
import { sessionOf } from './access.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /**
     * `true`: the route keeps to the reach of whoever asks by itself, or tells nothing that belongs to a place. A thing:
     * the address names it, and what is out of reach is not found. Left out: refused to confined users.
     */
    scopes?: true | ReachedThing;
  }
}

/** Where the address names the thing. */
export const parameterOf = (thing: string) => (thing === 'evidence' ? 'sha256' : 'id');

/** What the user of a request is confined to. @throws API_UNAUTHENTICATED */
export function reachOfRequest(request: FastifyRequest): Confinement {
  return reachOf(sessionOf(request).user);
}

/** Behind `guardAccess`: it has found the session. */
export function guardScopes(app: FastifyInstance, store: Pick<Store, 'db'>): void {
  app.addHook('onRoute', (route) => {
    const { scopes, units } = route.config ?? {};
    const name = `${String(route.method)} ${route.url}`;
    if (units && !scopes) throw new TypeError(`${name} is open to units and does not say how it keeps to their cases`);
    if (typeof scopes === 'string' && !route.url.includes(`:${parameterOf(scopes)}`))
      throw new TypeError(`${name} says that it names a ${scopes} and has no :${parameterOf(scopes)}`);
  });
  const confinementOf = (request: FastifyRequest): Confinement => {
    const { access = 'public' } = request.routeOptions.config;
    return access === 'public' || access === 'node' || access === 'key' ? null : reachOfRequest(request);
  };
  app.addHook('onRequest', async (request) => {
    const reach = confinementOf(request);
    if (reach === null) return;
    const { scopes } = request.routeOptions.config;
    if (!scopes) throw new AppError('API_SCOPE', request.routeOptions.url ?? '');
    if (scopes === true) return;
    // Before the body is read: what it says of a thing out of reach does not matter.
    const id = (request.params as Record<string, string>)[parameterOf(scopes)] ?? '';
    // Nothing is called so, and PostgreSQL cannot even be asked.
    if (findInexactText(id) !== null || !(await isWithin(store.db, reach, scopes, id)))
      throw new AppError('API_NOT_FOUND', `${scopes} ${id}`);
  });
}
