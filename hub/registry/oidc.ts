/** OpenID Connect: the code flow with PKCE, state and nonce; who the provider says that somebody is, and which role that gives. */
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  ClientSecretPost,
  type Configuration,
  calculatePKCECodeChallenge,
  discovery,
  fetchUserInfo,
  None,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from 'openid-client';
import type { UserScope } from '../../contracts/api/scope.ts';
import type { StaffRole } from '../../contracts/api/session.ts';
import { fieldAt } from '../../contracts/field-path.ts';
import { AppError } from '../../platform/app-error.ts';
import type { OidcConfig } from '../oidc-config.ts';

/** What the browser keeps between leaving for the provider and coming back. */
export type OidcChecks = { readonly state: string; readonly nonce: string; readonly verifier: string };

export type OidcIdentity = {
  readonly issuer: string;
  readonly subject: string;
  readonly name: string;
  readonly displayName: string;
  readonly role: StaffRole;
  /** Null: the whole city. */
  readonly scope: UserScope | null;
};

export type Oidc = {
  /** Where the browser goes, and what it must bring back. @throws API_OIDC where the provider does not answer */
  start(): Promise<{ readonly url: string; readonly checks: OidcChecks }>;
  /** @param query as the provider sent it. @throws API_OIDC, API_OIDC_ROLE, API_OIDC_SCOPE, API_OIDC_NAME */
  finish(query: string, checks: OidcChecks): Promise<OidcIdentity>;
};

export type OidcOptions = {
  readonly config: OidcConfig;
  readonly secret: string | null;
  /** Where the provider sends the browser back to. */
  readonly redirectUri: () => string;
};

const TIMEOUT_S = 10;
const USER_NAME = /^[a-z0-9][a-z0-9._-]{1,62}$/;

type Claims = Readonly<Record<string, unknown>>;

/** Texts of a claim that is one or has a list of them. */
function valuesOf(claims: Claims, name: string): readonly unknown[] {
  // A claim may be called with dots (a URL); only then do they lead into objects.
  const claim = claims[name] ?? fieldAt(claims, name);
  return (Array.isArray(claim) ? claim : [claim]).filter((value) => typeof value === 'string');
}

/** What all mappings that fit add up to, null for the whole city; undefined where there are some and none fits. Pure. */
export function scopeOf(
  { scopes, scopeClaim = 'groups' }: Pick<OidcConfig, 'scopes' | 'scopeClaim'>,
  claims: Claims,
): UserScope | null | undefined {
  if (!scopes) return null;
  const values = valuesOf(claims, scopeClaim);
  const fitting = scopes.filter(({ value }) => values.includes(value));
  if (fitting.length === 0) return undefined;
  if (fitting.some(({ districts, sites, units }) => !districts && !sites && !units)) return null;
  const all = (list: 'districts' | 'sites' | 'units') => [...new Set(fitting.flatMap((one) => one[list] ?? []))];
  const lists = (['districts', 'sites', 'units'] as const).map((list) => [list, all(list)] as const);
  return Object.fromEntries(lists.filter(([, places]) => places.length > 0));
}

/** The role of the first mapping that fits; null where none does. Pure. */
export function roleOf(
  { roles, roleClaim = 'groups' }: Pick<OidcConfig, 'roles' | 'roleClaim'>,
  claims: Claims,
): StaffRole | null {
  const values = valuesOf(claims, roleClaim);
  return roles.find(({ value }) => values.includes(value))?.role ?? null;
}

/** @throws API_OIDC_NAME, API_OIDC_ROLE, API_OIDC_SCOPE */
function identityOf(config: OidcConfig, issuer: string, claims: Claims): OidcIdentity {
  const textOf = (claim: string) => {
    const value = claims[claim];
    return typeof value === 'string' ? value.trim() : '';
  };
  const given = textOf(config.nameClaim ?? 'preferred_username');
  const name = given.toLowerCase().replace(/[^a-z0-9._-]/g, '-');
  if (!USER_NAME.test(name)) throw new AppError('API_OIDC_NAME', given === '' ? 'no name' : given);
  const role = roleOf(config, claims);
  if (role === null) throw new AppError('API_OIDC_ROLE', name);
  const scope = role === 'admin' ? null : scopeOf(config, claims);
  if (scope === undefined) throw new AppError('API_OIDC_SCOPE', name);
  const displayName = textOf(config.displayNameClaim ?? 'name').slice(0, 80);
  return {
    issuer,
    subject: String(claims.sub),
    name,
    displayName: displayName === '' ? name : displayName,
    role,
    scope,
  };
}

const failed = (cause: unknown) =>
  cause instanceof AppError
    ? cause
    : new AppError('API_OIDC', cause instanceof Error ? cause.message : String(cause), { cause });

/** Metadata of the provider is read at the first log-in, and again after it could not be read. */
export function createOidc({ config, secret, redirectUri }: OidcOptions): Oidc {
  let found: Promise<Configuration> | null = null;
  function provider(): Promise<Configuration> {
    const issuer = new URL(config.issuer);
    const execute = issuer.protocol === 'http:' ? [allowInsecureRequests] : [];
    const authentication = secret === null ? None() : ClientSecretPost(secret);
    found ??= discovery(issuer, config.clientId, {}, authentication, { execute, timeout: TIMEOUT_S }).catch((cause) => {
      found = null;
      throw failed(cause);
    });
    return found;
  }

  return {
    async start() {
      const checks = { state: randomState(), nonce: randomNonce(), verifier: randomPKCECodeVerifier() };
      const url = buildAuthorizationUrl(await provider(), {
        redirect_uri: redirectUri(),
        scope: config.scope ?? 'openid profile',
        code_challenge: await calculatePKCECodeChallenge(checks.verifier),
        code_challenge_method: 'S256',
        state: checks.state,
        nonce: checks.nonce,
      });
      return { url: url.href, checks };
    },

    async finish(query, { state, nonce, verifier }) {
      try {
        const server = await provider();
        const tokens = await authorizationCodeGrant(server, new URL(`${redirectUri()}?${query}`), {
          expectedState: state,
          expectedNonce: nonce,
          pkceCodeVerifier: verifier,
          idTokenExpected: true,
        });
        const claims = tokens.claims();
        if (!claims) throw new AppError('API_OIDC', 'no ID token');
        const more = server.serverMetadata().userinfo_endpoint
          ? await fetchUserInfo(server, tokens.access_token, claims.sub)
          : {};
        return identityOf(config, claims.iss, { ...more, ...claims });
      } catch (cause) {
        throw failed(cause);
      }
    },
  };
}
