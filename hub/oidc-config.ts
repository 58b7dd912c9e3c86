/** The part of the hub's configuration that says who vouches for users: an OpenID Connect provider. */
import { type Static, Type } from '@sinclair/typebox';
import { UserScope } from '../contracts/api/scope.ts';
import { StaffRole } from '../contracts/api/session.ts';
import { Bilingual } from '../contracts/text.ts';

const closed = { additionalProperties: false } as const;
const CLAIM = { minLength: 1, maxLength: 100 } as const;

export const OidcConfig = Type.Object(
  {
    issuer: Type.String({
      pattern: '^https?://.+$',
      description:
        'Issuer; its metadata is read from /.well-known/openid-configuration. https, or http on this machine',
    }),
    clientId: Type.String({ minLength: 1, maxLength: 200 }),
    clientSecret: Type.Optional(
      Type.String({
        minLength: 1,
        pattern: '^(file|env):.+$',
        description: 'file:/path or env:NAME; unset: a public client, protected by PKCE alone',
      }),
    ),
    scope: Type.Optional(Type.String({ ...CLAIM, default: 'openid profile', description: 'Scopes to ask for' })),
    nameClaim: Type.Optional(Type.String({ ...CLAIM, default: 'preferred_username', description: 'The user name' })),
    displayNameClaim: Type.Optional(Type.String({ ...CLAIM, default: 'name', description: 'The name that is shown' })),
    roleClaim: Type.Optional(
      Type.String({
        ...CLAIM,
        default: 'groups',
        description: 'A text or a list of texts that roles come from; dots lead into objects, e.g. realm_access.roles',
      }),
    ),
    roles: Type.Array(Type.Object({ value: Type.String({ minLength: 1, maxLength: 200 }), role: StaffRole }, closed), {
      minItems: 1,
      maxItems: 100,
      description: 'Which value of the claim gives which role; the first of this list that fits. None: no log-in',
    }),
    scopeClaim: Type.Optional(
      Type.String({ ...CLAIM, default: 'groups', description: 'A text or a list of texts that scopes come from' }),
    ),
    scopes: Type.Optional(
      Type.Array(
        Type.Object({ value: Type.String({ minLength: 1, maxLength: 200 }), ...UserScope.properties }, closed),
        {
          minItems: 1,
          maxItems: 200,
          description:
            'Which value of the claim confines to which districts, sites and units; all that fit are added up, one without any gives the whole city. None: no log-in, but for administrators. Left out: nobody is confined',
        },
      ),
    ),
    label: Type.Optional({ ...Bilingual, description: 'What the button on the log-in page says' }),
  },
  { ...closed, description: 'Log-in at an OpenID Connect provider; local users stay as a way in' },
);
export type OidcConfig = Static<typeof OidcConfig>;

/** Why an issuer cannot be used, or null. */
export function issuerFault(issuer: string): string | null {
  if (!URL.canParse(issuer)) return 'is no address';
  const { protocol, hostname } = new URL(issuer);
  const isHere = ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  return protocol === 'https:' || isHere ? null : 'must begin with https://';
}
