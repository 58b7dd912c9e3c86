/** When something is allowed: seasons, weekly windows, holidays and make-up working days. */
import { type Static, Type } from '@sinclair/typebox';

const CLOCK = '^(([01]\\d|2[0-3]):[0-5]\\d|24:00)$';
const ClockTime = Type.String({
  pattern: CLOCK,
  description: 'Local time HH:MM; 24:00 is the end of the day',
});
const MonthDay = Type.String({ pattern: '^(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$', description: 'MM-DD' });
export const LocalDate = Type.String({
  pattern: '^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$',
  description: 'Local date YYYY-MM-DD',
});

export const WeeklyWindow = Type.Object(
  {
    days: Type.Array(Type.Integer({ minimum: 1, maximum: 7 }), {
      minItems: 1,
      maxItems: 7,
      uniqueItems: true,
      description: 'ISO weekdays, 1 = Monday; the day on which the window starts',
    }),
    from: ClockTime,
    to: Type.String({
      pattern: CLOCK,
      description: 'Local time HH:MM; at or before `from` means the next day (past midnight)',
    }),
  },
  { additionalProperties: false },
);
export type WeeklyWindow = Static<typeof WeeklyWindow>;

export const Season = Type.Object(
  { from: MonthDay, to: MonthDay },
  { additionalProperties: false, description: 'Inclusive; may wrap over the new year' },
);
export type Season = Static<typeof Season>;

/** A lawful stall zone's permission: place is the zone, time is here. */
export const StallPermit = Type.Object(
  {
    id: Type.String({ minLength: 1, maxLength: 64 }),
    holder: Type.Optional(Type.String({ maxLength: 120 })),
    season: Type.Optional(Season),
    windows: Type.Array(WeeklyWindow, { minItems: 1, maxItems: 56 }),
    capacity: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, description: 'Stalls allowed at once' })),
    graceMinutes: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 120, default: 15, description: 'Minutes to pack up after a window ends' }),
    ),
  },
  { additionalProperties: false },
);
export type StallPermit = Static<typeof StallPermit>;

const ownDays = {
  holidays: Type.Optional(
    Type.Array(LocalDate, { default: [], maxItems: 2000, description: 'Public holidays: weekday windows use day 7' }),
  ),
  makeUpDays: Type.Optional(
    Type.Array(LocalDate, { default: [], maxItems: 2000, description: 'Make-up working days: windows use day 1' }),
  ),
  knownUntil: Type.Optional({
    ...LocalDate,
    description: 'Last day whose holidays are known, YYYY-MM-DD; default: the end of the last announced year',
  }),
};

/** What a configuration may say of the calendar. Its own days win over the announced ones, day by day. */
export const CalendarConfig = Type.Object(
  {
    utcOffsetMinutes: Type.Optional(
      Type.Integer({
        minimum: -720,
        maximum: 840,
        default: 480,
        description: 'Local time minus UTC, minutes; China has no daylight saving, 480',
      }),
    ),
    announced: Type.Optional(
      Type.Boolean({
        default: true,
        description: 'Start from the holidays and make-up days that the State Council has announced (2025, 2026)',
      }),
    ),
    file: Type.Optional(
      Type.String({
        minLength: 1,
        description:
          'YAML file with `holidays`, `makeUpDays` and `knownUntil`, the same for hub and nodes; relative to this file',
      }),
    ),
    ...ownDays,
  },
  { additionalProperties: false },
);
export type CalendarConfig = Static<typeof CalendarConfig>;

export const CalendarFile = Type.Object(ownDays, { additionalProperties: false });
export type CalendarFile = Static<typeof CalendarFile>;

/** The working calendar: public holidays count as Sunday, make-up working days as Monday. */
export type Calendar = {
  readonly utcOffsetMinutes: number;
  readonly holidays: readonly string[];
  readonly makeUpDays: readonly string[];
  /** Last day whose holidays are known; unsaid where nobody says. */
  readonly knownUntil?: string;
};
