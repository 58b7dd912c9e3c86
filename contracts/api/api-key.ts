/** Keys of other systems that hand in reports. */
import { type Static, Type } from '@sinclair/typebox';
import { words } from '../text.ts';
import { Timestamp } from '../time.ts';
import { KeyPurpose } from './case-source.ts';

const closed = { additionalProperties: false } as const;
const OrNull = <T extends import('@sinclair/typebox').TSchema>(type: T) => Type.Union([type, Type.Null()]);

export const ApiKeyBody = Type.Object(
  {
    name: words(60, 'Who has it'),
    purpose: KeyPurpose,
    perMinute: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 6000, default: 60, description: 'Requests a minute that it may make' }),
    ),
  },
  closed,
);
export type ApiKeyBody = Static<typeof ApiKeyBody>;

export const ApiKeyView = Type.Object(
  {
    id: Type.String({ description: 'Begins the key, too' }),
    name: Type.String(),
    purpose: KeyPurpose,
    perMinute: Type.Integer(),
    createdAt: Timestamp,
    createdBy: Type.String(),
    revokedAt: OrNull(Timestamp),
    revokedBy: OrNull(Type.String()),
    lastUsedAt: OrNull(Type.Unsafe<string>({ ...Timestamp, description: 'To the minute' })),
  },
  closed,
);
export type ApiKeyView = Static<typeof ApiKeyView>;

export const ApiKeyMade = Type.Object(
  { ...ApiKeyView.properties, key: Type.String({ description: 'Said this once: the hub keeps its hash' }) },
  closed,
);
export type ApiKeyMade = Static<typeof ApiKeyMade>;
