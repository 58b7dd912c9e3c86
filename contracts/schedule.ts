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

/** The working calendar: public holidays count as Sunday, make-up working days as Monday. */
export const Calendar = Type.Object(
  {
    utcOffsetMinutes: Type.Integer({
      minimum: -720,
      maximum: 840,
      default: 480,
      description: 'Local time minus UTC, minutes; China has no daylight saving, 480',
    }),
    holidays: Type.Array(LocalDate, { default: [], description: 'Public holidays: weekday windows use day 7' }),
    makeUpDays: Type.Array(LocalDate, { default: [], description: 'Make-up working days: windows use day 1' }),
  },
  { additionalProperties: false },
);
export type Calendar = Static<typeof Calendar>;
