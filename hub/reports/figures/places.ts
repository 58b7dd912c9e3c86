/** Where and when: hours of the week, hot spots, places that come back, cameras, districts. Pure. */
import type {
  CameraMonth,
  CoverageFigures,
  DistrictAssessment,
  MonthFigures,
  PlaceHours,
} from '../../../contracts/api/report-figures.ts';
import { groupBy, shareOf } from './arithmetic.ts';
import type { CaseCourse } from './course.ts';
import type { CameraFact, CaseFact, FigureSettings, MonthFacts, ReportPeriod } from './facts.ts';
import { handlingFigures } from './handling.ts';
import { weekHour } from './period.ts';

const HOUR_S = 3600;
const HOT_SPOTS = 20;
const TOP_PLACES = 10;

/** Received by local weekday, Monday first, and hour in which it began. */
export function weekHours(received: readonly CaseFact[], { utcOffsetMinutes }: ReportPeriod): number[][] {
  const table = Array.from({ length: 7 }, () => new Array<number>(24).fill(0));
  for (const { startedAt } of received) {
    const { weekday, hour } = weekHour(startedAt, utcOffsetMinutes);
    const row = table[weekday] as number[];
    row[hour] = (row[hour] ?? 0) + 1;
  }
  return table;
}

/** The cameras with most cases, each by local hour of the day. */
export function hotSpots(received: readonly CaseFact[], { utcOffsetMinutes }: ReportPeriod): PlaceHours[] {
  const seen = received.filter(({ camera }) => camera !== '');
  return [...groupBy(seen, ({ camera }) => camera)]
    .map(([camera, own]) => {
      const hours = new Array<number>(24).fill(0);
      for (const { startedAt } of own) {
        const { hour } = weekHour(startedAt, utcOffsetMinutes);
        hours[hour] = (hours[hour] ?? 0) + 1;
      }
      return { camera, total: own.length, hours };
    })
    .sort((a, b) => b.total - a.total || a.camera.localeCompare(b.camera, 'en'))
    .slice(0, HOT_SPOTS);
}

/** The ten places to which most cases came back. */
export function recurrencePlaces(received: readonly CaseFact[]): MonthFigures['recurrencePlaces'] {
  const back = received.filter(({ recurrence }) => recurrence);
  return [...groupBy(back, ({ camera, zone }) => `${camera} ${zone}`).values()]
    .map((own) => ({ camera: own[0]?.camera ?? '', zone: own[0]?.zone ?? '', count: own.length }))
    .sort((a, b) => b.count - a.count || a.camera.localeCompare(b.camera, 'en') || a.zone.localeCompare(b.zone, 'en'))
    .slice(0, TOP_PLACES);
}

/** Seconds in which a camera could have been watched so far. */
const possibleSeconds = ({ from, until }: ReportPeriod) => Math.floor((until - from) / 1000);

const onlineOf = (cameras: readonly CameraFact[], possible: number) =>
  // An hour of counts may reach beyond the instant at which one looks.
  shareOf(
    cameras.reduce((sum, { watchedSeconds }) => sum + Math.min(watchedSeconds, possible), 0),
    cameras.length * possible,
  );

/** Hours of each registered camera, those that were blind longest first. */
export function cameraFigures(received: readonly CaseFact[], { cameras, period }: MonthFacts): CameraMonth[] {
  const possible = possibleSeconds(period);
  const cases = groupBy(received, ({ camera }) => camera);
  return cameras
    .map((camera) => {
      const watched = Math.min(camera.watchedSeconds, possible);
      return {
        camera: camera.id,
        watchedHours: watched / HOUR_S,
        blindHours: (possible - watched) / HOUR_S,
        online: onlineOf([camera], possible),
        received: cases.get(camera.id)?.length ?? 0,
      };
    })
    .sort((a, b) => b.blindHours - a.blindHours || a.camera.localeCompare(b.camera, 'en'));
}

/** How much of the city was looked at. */
export function coverageFigures({ cameras, sites, period }: MonthFacts): CoverageFigures {
  const possible = possibleSeconds(period);
  const online = onlineOf(cameras, possible);
  const watched = (some: readonly CameraFact[]) => some.filter(({ watchedSeconds }) => watchedSeconds > 0);
  const watchedSites = new Set(watched(cameras).flatMap(({ site }) => site ?? []));
  const byDistrict = [...groupBy(cameras, ({ district }) => district)].map(([district, own]) => {
    const share = onlineOf(own, possible);
    return {
      district,
      cameras: own.length,
      watched: watched(own).length,
      hoursWatched: share.count / HOUR_S,
      online: share,
    };
  });
  return {
    cameras: cameras.length,
    watched: watched(cameras).length,
    hoursPossible: online.of / HOUR_S,
    hoursWatched: online.count / HOUR_S,
    hoursBlind: (online.of - online.count) / HOUR_S,
    online,
    byDistrict: byDistrict.sort((a, b) => (a.district ?? '~').localeCompare(b.district ?? '~', 'en')),
    grids: new Set(cameras.flatMap(({ grid }) => grid ?? [])).size,
    sites: shareOf(sites.filter(({ id }) => watchedSites.has(id)).length, sites.length),
  };
}

/** Each district with cases or cameras: the figures by which the bulletin ranks it. Score and rank are people's. */
export function districtAssessments(
  received: readonly CaseFact[],
  courses: readonly CaseCourse[],
  { cameras, period }: MonthFacts,
  settings: FigureSettings,
): DistrictAssessment[] {
  const districts = new Map(cameras.map(({ id, district }) => [id, district]));
  const districtOf = ({ camera, district }: CaseFact) => districts.get(camera) ?? district;
  const ownReceived = groupBy(received, districtOf);
  const ownCourses = groupBy(courses, ({ fact }) => districtOf(fact));
  const all = new Set([...districts.values(), ...ownReceived.keys(), ...ownCourses.keys()]);
  return [...all]
    .sort((a, b) => (a ?? '~').localeCompare(b ?? '~', 'en'))
    .map((district) => {
      const count = ownReceived.get(district)?.length ?? 0;
      return {
        district,
        received: count,
        handling: handlingFigures(ownCourses.get(district) ?? [], count, period, settings),
      };
    });
}
