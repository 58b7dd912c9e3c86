/** Every figure of the bulletin against the same worked out by hand from published events and rows of trails. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { MonthlyReport } from '../../contracts/api/report.ts';
import type { Tally } from '../../contracts/api/report-figures.ts';
import type { StreetNames } from '../../contracts/grid.ts';
import { caseSettings } from '../../hub/cases/settings.ts';
import { createMonthlyReports } from '../../hub/reports/monthly.ts';
import { testDatabases } from '../hub/stores.ts';
import { byHand, type Story, stories } from './by-hand.ts';
import { cameras, HOUR, type LivedCity, liveThrough } from './city.ts';

const months = [
  ['2026-10', '2026-09-30T16:00:00.000Z', '2026-10-31T16:00:00.000Z'],
  ['2026-11', '2026-10-31T16:00:00.000Z', '2026-11-30T16:00:00.000Z'],
  ['2026-12', '2026-11-30T16:00:00.000Z', '2026-12-31T16:00:00.000Z'],
] as const;

const asMap = (tallies: readonly Tally[]) =>
  new Map(tallies.filter(({ count }) => count > 0).map(({ key, count }) => [key, count]));
const withoutNone = <K>(counts: ReadonlyMap<K, number>) => new Map([...counts].filter(([, count]) => count > 0));

for (const database of testDatabases()) {
  describe.skipIf(!database.available)(`the bulletin on ${database.dialect}`, () => {
    let city: LivedCity;
    let told: Story[];
    const reports = (more: object = {}) =>
      createMonthlyReports({
        ...{ store: city.stage.store, clock: { now: city.now }, calendar: caseSettings().calendar },
        ...{ utcOffsetMinutes: 480, settings: more },
      });
    beforeAll(async () => {
      await database.start();
      city = await liveThrough(database);
      told = await stories(city.stage.store.db);
    }, 300_000);
    afterAll(async () => {
      await city?.close();
      await database.close();
    });

    test.each(months)('%s: received, reviewed, handled, closed', async (month, from, to) => {
      const { figures } = await reports().read(month);
      const hand = byHand(told, Date.parse(from), Date.parse(to));
      const { received, review, handling } = figures;
      // An empty month would prove nothing.
      if (month === '2026-11') {
        expect([hand.received, hand.due, hand.closed].every((count) => count > 40)).toBe(true);
        expect([hand.rejected, hand.expired, hand.voided, hand.returned, hand.reworked].every((n) => n > 0)).toBe(true);
        expect([hand.recurrences, hand.proposals, hand.joined, hand.outstanding].every((n) => n > 0)).toBe(true);
      }
      expect(received.total).toBe(hand.received);
      expect(asMap(received.byKind)).toEqual(hand.byKind);
      expect(asMap(received.byDistrict)).toEqual(hand.byDistrict);
      expect(asMap(received.byStreet)).toEqual(hand.byStreet);
      expect(asMap(received.bySensitivePlace)).toEqual(withoutNone(hand.nearSensitive));
      expect(received.recurrences).toBe(hand.recurrences);
      expect(new Map(figures.recurrencePlaces.map(({ camera, count }) => [camera, count]))).toEqual(
        hand.recurrencePlaces,
      );
      expect(received.proposals).toBe(hand.proposals);
      expect([review.reported, review.joined]).toEqual([hand.reported, hand.joined]);
      expect([review.confirmed, review.rejected]).toEqual([hand.confirmed, hand.rejected]);
      expect(asMap(review.rejectedByReason)).toEqual(hand.rejectedByReason);
      expect(review.precision).toEqual(hand.precision);
      expect([review.medianSeconds, review.p95Seconds]).toEqual([hand.median, hand.p95]);
      expect([review.expired, review.voided]).toEqual([hand.expired, hand.voided]);
      expect(handling).toMatchObject({
        ...{ filed: hand.filed, filingRate: hand.filingRate, dispatched: hand.dispatched, returned: hand.returned },
        ...{ due: hand.due, handlingRate: hand.handlingRate, onTimeRate: hand.onTimeRate, handled: hand.handled },
        ...{ reworked: hand.reworked, reworkRate: hand.reworkRate, outstanding: hand.outstanding },
        ...{ closed: hand.closed, closingRate: hand.closingRate, closedOnTimeRate: hand.closedOnTimeRate },
      });
      const { service, management, enforcement } = figures.outcomes;
      expect([service, management, enforcement]).toEqual(hand.outcomes);
    });

    test.each(months)('%s: places, hours, operators, districts', async (month, from, to) => {
      const { figures } = await reports().read(month);
      const hand = byHand(told, Date.parse(from), Date.parse(to));
      expect(figures.weekHours).toEqual(hand.weekHours);
      expect(figures.hotSpots.reduce((sum, { total }) => sum + total, 0)).toBe(hand.received);
      for (const { total, hours } of figures.hotSpots) expect(hours.reduce((sum, n) => sum + n, 0)).toBe(total);
      expect(new Map(figures.precision.map((row) => [`${row.camera} ${row.kind}`, row.precision]))).toEqual(
        hand.precisionBy,
      );
      const load = (figures.operators ?? []).flatMap((row) => [
        [`${row.operator} confirm`, row.confirmed] as const,
        [`${row.operator} reject`, row.rejected] as const,
        [`${row.operator} field-check`, row.fieldChecks] as const,
        [`${row.operator} undo`, row.undone] as const,
      ]);
      expect(withoutNone(new Map(load))).toEqual(hand.load);
      const by = (what: 'received' | 'filed' | 'handled') =>
        withoutNone(
          new Map(
            figures.districts.map(({ district, received, handling }) => [
              district,
              what === 'received' ? received : handling[what],
            ]),
          ),
        );
      expect(by('received')).toEqual(hand.byDistrict);
      expect(by('filed')).toEqual(hand.filedByDistrict);
      expect(by('handled')).toEqual(hand.handledByDistrict);
      expect(withoutNone(new Map(figures.days.map(({ day, received }) => [day, received])))).toEqual(hand.days);
    });

    test('passes counted, hours watched and blind, by camera and by site', async () => {
      const [, from, to] = months[1];
      const { figures } = await reports().read('2026-11');
      const rows = (await city.stage.store.db.selectFrom('observation_hours').selectAll().execute()).filter(
        ({ hour }) => hour >= from && hour < to,
      );
      const sum = (camera: string, name: string) =>
        rows
          .filter((row) => row.camera === camera)
          .reduce((all, row) => all + (JSON.parse(row.statistics)[name] ?? 0), 0);
      const site = figures.sites.find((one) => one.site === 'site-1');
      expect(site?.counted.map(({ name, value }) => [name, value])).toEqual(
        ['passes', 'outbound', 'loadedOut', 'uncoveredOut'].map((name) => [name, sum('gate', name)]),
      );
      expect(sum('gate', 'passes')).toBeGreaterThan(500);
      const most = Math.max(...rows.map((row) => JSON.parse(row.statistics).mostStalls ?? 0));
      const stalls = figures.counted.find(({ kind }) => kind === 'road-stall');
      expect(stalls?.statistics.find(({ name }) => name === 'mostStalls')?.value).toBe(most);
      // A camera with two zones is not watched twice as long.
      const watched = cameras.map(({ id }) =>
        rows.filter((row) => row.camera === id && row.zone === 'z1').reduce((all, row) => all + row.watched_seconds, 0),
      );
      const possible = 30 * 24 * 3600;
      const total = watched.reduce((all, one) => all + one, 0);
      expect(figures.coverage.online).toEqual({
        count: total,
        of: possible * cameras.length,
        value: total / (possible * cameras.length),
      });
      expect(figures.coverage).toMatchObject({
        cameras: 6,
        watched: 5,
        grids: 3,
        sites: { count: 1, of: 2, value: 0.5 },
      });
      for (const [i, { id }] of cameras.entries()) {
        const own = figures.cameras.find(({ camera }) => camera === id);
        expect(own?.watchedHours).toBeCloseTo((watched[i] ?? 0) / 3600, 9);
        expect(own?.blindHours).toBeCloseTo((possible - (watched[i] ?? 0)) / 3600, 9);
      }
    });

    test('notices of the month, withdrawn ones left out; a carrier by the plate that was typed', async () => {
      const [, from, to] = months[1];
      const { figures } = await reports().read('2026-11');
      const rows = (await city.stage.store.db.selectFrom('notices').selectAll().execute()).filter(
        (row) => row.created_at >= from && row.created_at < to && row.state !== 'withdrawn',
      );
      const count = (states: readonly string[]) => rows.filter(({ state }) => states.includes(state)).length;
      expect(figures.notices).toEqual({
        made: rows.length,
        sent: rows.filter(({ sent_at }) => sent_at !== null).length,
        acknowledged: rows.filter(({ acknowledged_at }) => acknowledged_at !== null).length,
        corrected: count(['corrected', 'verified']),
        overdue: count(['overdue', 'delivered', 'acknowledged']),
      });
      const made = figures.sites.reduce((sum, site) => sum + site.notices.made, 0);
      expect(made).toBe(rows.length);
      const typed = told.filter(
        (s) =>
          s.openedAt >= Date.parse(from) &&
          s.openedAt < Date.parse(to) &&
          s.confirmedAt !== null &&
          s.lines.findLast(({ action }) => action === 'confirm')?.data.plate === '闽C12345',
      );
      expect(figures.carriers.reduce((sum, { received }) => sum + received, 0)).toBe(typed.length);
    });

    test('the month before is what it says itself; settings change denominators; nothing is made up', async () => {
      const november = await reports().read('2026-11');
      const october = await reports().read('2026-10');
      expect(november.figures.previous).toEqual({
        ...{ month: '2026-10', version: null, headline: october.figures.headline },
      });
      const { figures } = await reports({ reworkOf: 'closed', assessment: 'quanzhou-2021' }).read('2026-11');
      expect(figures.handling.reworkRate.of).toBe(figures.handling.closed);
      const columns = (report: MonthlyReport) =>
        report.tables.find(({ id }) => id === 'assessment')?.columns.map(({ title }) => title.zh);
      expect(columns(await reports({ assessment: 'quanzhou-2021' }).read('2026-11'))).toEqual([
        ...['区县', '处置数', '按期处置率', '累计未处置数', '返工率', '处置率', '综合得分', '排名'],
      ]);
      expect(columns(november)).toContain('按期结案率');
      expect(november.figures.review.suppressedByPermit).toBeNull();
      expect(november.missing.map(({ figure }) => figure.zh)).toContain('许可抑制');
      const empty = await reports().read('2025-01');
      expect(empty.figures.review.precision).toEqual({ count: 0, of: 0, value: null });
      expect([empty.figures.received.total, empty.figures.review.medianSeconds]).toEqual([0, null]);
    });

    test('a street is shown by its name where that is known, always with its code', async () => {
      const read = async (streets?: StreetNames) => {
        const { tables } = await createMonthlyReports({
          ...{ store: city.stage.store, clock: { now: city.now }, calendar: caseSettings().calendar },
          ...{ utcOffsetMinutes: 480, streets },
        }).read('2026-11');
        return tables.find(({ id }) => id === 'streets')?.rows.map(({ cells }) => cells[0]);
      };
      const named = await read([{ code: '350503004', name: { zh: '东海街道', en: 'Donghai' } }]);
      expect(named).toContainEqual({ zh: '东海街道（350503004）', en: 'Donghai (350503004)' });
      expect(named).toContain('350502001');
      expect(await read()).toContain('350503004');
    });

    test('a month that still runs knows only what has been', async () => {
      const middle = Date.parse('2026-11-15T04:00:00.000Z');
      const { figures, complete } = await createMonthlyReports({
        ...{ store: city.stage.store, clock: { now: () => middle }, calendar: caseSettings().calendar },
        utcOffsetMinutes: 480,
      }).read('2026-11');
      expect(complete).toBe(false);
      expect(figures.coverage.hoursPossible * HOUR).toBe((middle - Date.parse(months[1][1])) * cameras.length);
    });
  });
}
