/** Handling units (处置单位): who they are, where they work, when they are on duty. */
import { type Static, Type } from '@sinclair/typebox';
import { GridArea } from '../grid.ts';
import { WeeklyWindow } from '../schedule.ts';
import { Bilingual, words } from '../text.ts';
import { Timestamp } from '../time.ts';
import { ViolationKindSchema } from '../violations/index.ts';

export const unitKinds = ['city-management', 'bike-operator', 'sanitation', 'police', 'site', 'other'] as const;
export const UnitKind = Type.Unsafe<(typeof unitKinds)[number]>(
  Type.Union(unitKinds.map((kind) => Type.Literal(kind))),
);
export type UnitKind = (typeof unitKinds)[number];

export const UnitId = Type.String({
  pattern: '^[a-z0-9][a-z0-9._-]{0,62}$',
  description: 'Handling unit, e.g. fz-team-3',
});

/** One shift of a roster; shifts may overlap and be staggered (错时上下班). */
export const DutyShift = Type.Object(
  {
    name: words(60, 'Name of the shift as the unit calls it'),
    windows: Type.Array(WeeklyWindow, {
      minItems: 1,
      maxItems: 28,
      description: 'When it is on duty; public holidays count as Sunday, make-up working days as Monday',
    }),
    contact: Type.Optional(Type.String({ maxLength: 60, description: 'Telephone of the shift' })),
  },
  { additionalProperties: false },
);
export type DutyShift = Static<typeof DutyShift>;

export const UnitBody = Type.Object(
  {
    id: UnitId,
    name: Bilingual,
    kind: UnitKind,
    area: GridArea,
    handles: Type.Optional(
      Type.Array(ViolationKindSchema, {
        uniqueItems: true,
        description: 'Kinds that it handles; left out: every kind',
      }),
    ),
    contact: Type.Optional(Type.String({ maxLength: 120 })),
    roster: Type.Array(DutyShift, { maxItems: 24, description: 'Without a shift the unit is never on duty' }),
    disabled: Type.Optional(Type.Boolean({ description: 'true: nothing is dispatched to it any more' })),
  },
  { additionalProperties: false },
);
export type UnitBody = Static<typeof UnitBody>;

/** What the roster says of one unit now. */
export const DutyState = Type.Object(
  {
    onDuty: Type.Boolean(),
    shift: Type.Union([Type.String(), Type.Null()], { description: 'The shift that is on duty' }),
    contact: Type.Union([Type.String(), Type.Null()]),
    until: Type.Union([Timestamp, Type.Null()], { description: 'When that shift ends' }),
    next: Type.Union([Timestamp, Type.Null()], {
      description: 'When it is on duty next; null on duty, and where no shift begins within two weeks',
    }),
  },
  { additionalProperties: false },
);
export type DutyState = Static<typeof DutyState>;

/** A unit as a target of a dispatch: who fits and is on duty now comes first. */
export const DutyOffer = Type.Object(
  {
    unit: UnitId,
    name: Bilingual,
    kind: UnitKind,
    duty: DutyState,
    handlesKind: Type.Boolean(),
    depth: Type.Integer({
      minimum: 0,
      maximum: 4,
      description: 'Levels of the grid that its area shares with the camera; 0: it does not lie there, or is not known',
    }),
    suggested: Type.Boolean({ description: 'The roster’s answer: at most one' }),
  },
  { additionalProperties: false },
);
export type DutyOffer = Static<typeof DutyOffer>;
