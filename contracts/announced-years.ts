/**
 * Public holidays and make-up working days of mainland China, year by year, as the General Office of the State Council
 * announces them each autumn for the next year (国务院办公厅关于部分节假日安排的通知). A year without its notice is not known:
 * the Spring Festival's days and all make-up days are decisions, no arithmetic.
 */
type Days = readonly [from: string, to: string];
export type AnnouncedYear = {
  readonly year: number;
  /** Day of the notice. */
  readonly announced: string;
  /** Days off, weekends within them counted, both ends included. */
  readonly holidays: readonly Days[];
  /** Saturdays and Sundays on which people work. */
  readonly makeUpDays: readonly string[];
};

export const announcedYears: readonly AnnouncedYear[] = [
  {
    year: 2025,
    announced: '2024-11-12',
    holidays: [
      ['2025-01-01', '2025-01-01'],
      ['2025-01-28', '2025-02-04'],
      ['2025-04-04', '2025-04-06'],
      ['2025-05-01', '2025-05-05'],
      ['2025-05-31', '2025-06-02'],
      ['2025-10-01', '2025-10-08'],
    ],
    makeUpDays: ['2025-01-26', '2025-02-08', '2025-04-27', '2025-09-28', '2025-10-11'],
  },
  {
    year: 2026,
    announced: '2025-11-04',
    holidays: [
      ['2026-01-01', '2026-01-03'],
      ['2026-02-15', '2026-02-23'],
      ['2026-04-04', '2026-04-06'],
      ['2026-05-01', '2026-05-05'],
      ['2026-06-19', '2026-06-21'],
      ['2026-09-25', '2026-09-27'],
      ['2026-10-01', '2026-10-07'],
    ],
    makeUpDays: ['2026-01-04', '2026-02-14', '2026-02-28', '2026-05-09', '2026-09-20', '2026-10-10'],
  },
];
