/** The working calendar that deadlines count by. */
import { type Static, Type } from '@sinclair/typebox';
import { LocalDate } from '../schedule.ts';

export const CalendarView = Type.Object(
  {
    utcOffsetMinutes: Type.Integer(),
    holidays: Type.Array(LocalDate),
    makeUpDays: Type.Array(LocalDate),
    knownUntil: Type.Union([LocalDate, Type.Null()], { description: 'Last day whose holidays are known' }),
    daysLeft: Type.Union([Type.Integer(), Type.Null()], { description: 'From today to that day; below 0: it is over' }),
    endsSoon: Type.Boolean({ description: 'Fewer than 60 days are left: the next year should be added' }),
  },
  { additionalProperties: false },
);
export type CalendarView = Static<typeof CalendarView>;
