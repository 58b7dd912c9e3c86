/** Log-in at the city's own identity provider (OpenID Connect Core 1.0). */
import { type Static, Type } from '@sinclair/typebox';
import { Bilingual } from '../text.ts';

/** What the log-in page asks before anybody is logged in. */
export const OidcOffer = Type.Object(
  {
    enabled: Type.Boolean({ description: 'Users may log in at an identity provider' }),
    label: Type.Union([Bilingual, Type.Null()], { description: 'What the button says, where the configuration does' }),
  },
  { additionalProperties: false },
);
export type OidcOffer = Static<typeof OidcOffer>;

export const OidcStart = Type.Object(
  { next: Type.Optional(Type.String({ maxLength: 500, description: 'Page of the console to go to, e.g. /cases' })) },
  { additionalProperties: false },
);
export type OidcStart = Static<typeof OidcStart>;
