/** Matters of a filing table as the office edits them: codes, limits in the table's own units, and where they are from. */
import { type Static, Type } from '@sinclair/typebox';
import { Bilingual, words } from '../text.ts';
import { Timestamp } from '../time.ts';
import { ViolationKindSchema } from '../violations/index.ts';

export const limitUnits = ['urgent_hour', 'work_hour', 'work_day'] as const;
export const MatterLimit = Type.Object(
  {
    amount: Type.Number({ exclusiveMinimum: 0, maximum: 720 }),
    unit: Type.Unsafe<(typeof limitUnits)[number]>(
      Type.Union(
        limitUnits.map((unit) => Type.Literal(unit)),
        {
          description:
            'urgent_hour (紧急工作时) runs round the clock; work_hour (工作时) and work_day (工作日, 8 h) count 08–12 and 14–18 on working days',
        },
      ),
    ),
  },
  { additionalProperties: false },
);
export type MatterLimit = Static<typeof MatterLimit>;

export const MatterBody = Type.Object(
  {
    scheme: words(40, 'The table; a code means nothing without it'),
    code: words(20),
    title: Bilingual,
    kind: Type.Union([ViolationKindSchema, Type.Null()], { description: 'The violation that is filed under it' }),
    reasons: Type.Array(Type.String({ maxLength: 40 }), {
      maxItems: 16,
      description: 'Only where the violation has one of these reasons; empty: whatever its reason',
    }),
    limit: Type.Union([MatterLimit, Type.Null()], { description: 'From dispatch on; null: the table gives none' }),
  },
  { additionalProperties: false },
);
export type MatterBody = Static<typeof MatterBody>;

export const MatterView = Type.Composite(
  [
    MatterBody,
    Type.Object({
      source: Bilingual,
      counts: Type.Boolean({ description: 'Its table is the one whose limits count here' }),
      editedAt: Type.Union([Timestamp, Type.Null()], { description: 'null: as it ships' }),
      editedBy: Type.Union([Type.String(), Type.Null()]),
    }),
  ],
  { additionalProperties: false },
);
export type MatterView = Static<typeof MatterView>;
