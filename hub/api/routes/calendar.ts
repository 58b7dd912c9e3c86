/** The working calendar: which days count, and to which day that is known. */
import type { FastifyInstance } from 'fastify';
import { CalendarView } from '../../../contracts/api/calendar.ts';
import { Problem } from '../../../contracts/api/problem.ts';
import { endOfCalendar, knownDays } from '../../../platform/calendar.ts';
import type { ApiDeps } from '../deps.ts';

/** `GET /calendar`. */
export function calendarRoutes(app: FastifyInstance, { calendar, clock }: ApiDeps): void {
  app.get(
    '/calendar',
    {
      config: { access: 'viewer', scopes: true },
      schema: {
        tags: ['registry'],
        summary: 'Holidays and make-up working days that deadlines count by, and the day to which they are known',
        response: { 200: CalendarView, default: Problem },
      },
    },
    async (): Promise<CalendarView> => {
      const now = clock.now();
      return {
        utcOffsetMinutes: calendar.utcOffsetMinutes,
        holidays: [...calendar.holidays],
        makeUpDays: [...calendar.makeUpDays],
        knownUntil: calendar.knownUntil ?? null,
        daysLeft: knownDays(calendar, now),
        endsSoon: endOfCalendar(calendar, now) !== null,
      };
    },
  );
}
