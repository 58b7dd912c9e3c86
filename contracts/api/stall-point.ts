/** Permitted stall points (便民服务点、临时摊位、时令摊点): where and when trade is lawful. */
import { type Static, Type } from '@sinclair/typebox';
import { Location } from '../geometry.ts';
import { StallPermit } from '../schedule.ts';
import { Bilingual } from '../text.ts';

export const stallPointKinds = ['convenience', 'temporary', 'seasonal'] as const;

export const StallPointBody = Type.Object(
  {
    ...StallPermit.properties,
    name: Bilingual,
    kind: Type.Optional(
      Type.Unsafe<(typeof stallPointKinds)[number]>(
        Type.Union(
          stallPointKinds.map((kind) => Type.Literal(kind)),
          { default: 'convenience' },
        ),
      ),
    ),
    address: Type.String({ maxLength: 300 }),
    district: Type.Optional(Type.String({ pattern: '^\\d{6}$', description: 'Six-digit division code' })),
    location: Type.Union([Location, Type.Null()]),
    goods: Type.Optional(Type.String({ maxLength: 200, description: 'What may be sold' })),
  },
  { additionalProperties: false },
);
export type StallPointBody = Static<typeof StallPointBody>;
