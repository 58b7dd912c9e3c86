/** The facts of a month, read from the database for the figures. */
import type { CountedStatistic } from '../../contracts/api/report-figures.ts';
import { statisticsOf } from '../../contracts/observations.ts';
import type { Bilingual } from '../../contracts/text.ts';
import { timestamp } from '../../platform/clock.ts';
import { plainPlate } from '../registry/haulage.ts';
import { allCameras, type CameraRow } from '../storage/cameras.ts';
import { observationHoursOf } from '../storage/observation-hours.ts';
import {
  decisionsByActor,
  firstReports,
  type ReportCaseRow,
  type ReportTrailRow,
  reportCases,
  reportNotices,
  reportTrails,
} from '../storage/report-cases.ts';
import { type CameraStatisticRow, statisticsByCamera, watchedByCamera } from '../storage/report-hours.ts';
import { allPermits, allSites } from '../storage/sites.ts';
import type { Store } from '../storage/store.ts';
import type { CameraFact, CaseFact, MonthFacts, ReportPeriod, TrailStep } from './figures/facts.ts';

const instant = (text: string | null): number | null => (text === null ? null : Date.parse(text));

/** A reason is one word or a JSON list of words. */
function reasonsIn(text: string | null): string[] {
  if (text === null || text === '') return [];
  if (!text.startsWith('[')) return [text];
  return (JSON.parse(text) as unknown[]).filter((word): word is string => typeof word === 'string');
}

function toCaseFact(row: ReportCaseRow, trail: readonly TrailStep[]): CaseFact {
  return {
    id: row.id,
    kind: row.kind,
    state: row.state,
    camera: row.camera,
    zone: row.zone,
    site: row.site,
    startedAt: Date.parse(row.started_at),
    endedAt: instant(row.ended_at),
    openedAt: Date.parse(row.opened_at),
    confirmedAt: instant(row.confirmed_at),
    closedAt: instant(row.closed_at),
    outcome: row.outcome,
    recurrence: row.recurrence_of !== null,
    proposal: row.proposal === 1 || row.proposal === 'true',
    reasons: reasonsIn(row.reasons),
    permit: row.permit,
    plate: row.plate === null ? null : plainPlate(row.plate),
    source: row.source,
    district: row.district,
    trail,
  };
}

function toSteps(rows: readonly ReportTrailRow[]): Map<string, TrailStep[]> {
  const trails = new Map<string, TrailStep[]>();
  for (const row of rows) {
    const { case_id, at, actor, action, reason } = row;
    const step = {
      at: Date.parse(at),
      actor,
      action,
      from: row.from_state,
      to: row.to_state,
      reason,
      until: instant(row.until),
    };
    const trail = trails.get(case_id);
    if (trail) trail.push(step);
    else trails.set(case_id, [step]);
  }
  return trails;
}

type ZoneNearby = { readonly id: string; readonly sensitivePlace?: string };

function toCameraFact(row: CameraRow, watched: ReadonlyMap<string, number>): CameraFact {
  const zones = JSON.parse(row.zones) as ZoneNearby[];
  // A heritage camera looks at nothing else; a zone may say of itself what it lies near.
  const near = zones.flatMap(({ id, sensitivePlace }): [string, string][] => {
    const place = sensitivePlace ?? (row.kind === 'heritage' ? 'heritage' : undefined);
    return place === undefined ? [] : [[id, place]];
  });
  return {
    id: row.id,
    name: JSON.parse(row.name) as Bilingual,
    kind: row.kind,
    site: row.site,
    district: row.district ?? row.grid?.slice(0, 6) ?? null,
    street: row.grid?.slice(0, 9) ?? null,
    grid: row.grid,
    sensitive: new Map(near),
    watchedSeconds: watched.get(row.id) ?? 0,
  };
}

type NamedSum = { readonly name: string; readonly sum: number; readonly max: number };

/** Every statistic of a kind in the order of its entry; a largest value of nothing is null. */
function countedStatistics(kind: string, counted: readonly NamedSum[]): CountedStatistic[] {
  return Object.entries(statisticsOf(kind) ?? {}).map(([name, { title, fold }]) => {
    const own = counted.filter((one) => one.name === name);
    const value =
      fold === 'sum'
        ? own.reduce((sum, one) => sum + Number(one.sum), 0)
        : own.reduce<number | null>((most, one) => Math.max(most ?? 0, Number(one.max)), null);
    return { name, title, fold, value };
  });
}

/** What rules counted in [from, to), by kind. */
export async function readCounted(store: Store, from: string, to: string) {
  const kinds = await observationHoursOf(store, from, to);
  return kinds.map(({ kind, hours, watchedSeconds, statistics }) => ({
    ...{ kind, hours, watchedSeconds },
    statistics: countedStatistics(kind, statistics),
  }));
}

function bySite(rows: readonly CameraStatisticRow[], cameras: readonly CameraFact[]) {
  const siteOf = new Map(cameras.map(({ id, site }) => [id, site]));
  const sites = new Map<string, CameraStatisticRow[]>();
  for (const row of rows) {
    const site = siteOf.get(row.camera);
    if (site) sites.set(site, [...(sites.get(site) ?? []), row]);
  }
  return new Map(
    [...sites].map(([site, own]) => {
      const kinds = [...new Set(own.map(({ kind }) => kind))];
      return [
        site,
        kinds.flatMap((kind) =>
          countedStatistics(
            kind,
            own.filter((row) => row.kind === kind),
          ),
        ),
      ] as const;
    }),
  );
}

async function readCases(store: Store, span: { readonly from: string; readonly to: string }): Promise<CaseFact[]> {
  const rows = await reportCases(store, span);
  const trails = toSteps(await reportTrails(store, span));
  return rows.map((row) => toCaseFact(row, trails.get(row.id) ?? []));
}

const spanOf = ({ from, to }: ReportPeriod) => ({ from: timestamp(from), to: timestamp(to) });

/** Cases alone, for a comparison with another month. */
export async function readCaseFacts(store: Store, period: ReportPeriod): Promise<MonthFacts> {
  return {
    period,
    cases: await readCases(store, spanOf(period)),
    ...{ reports: { opened: 0, joined: 0, proposed: 0 }, cameras: [], sites: [], notices: [], counted: [] },
    ...{ carriers: new Map(), countedBySite: new Map(), decisions: [] },
  };
}

/** Everything that the figures of a month need. */
export async function readMonthFacts(store: Store, period: ReportPeriod): Promise<MonthFacts> {
  const { db } = store;
  const span = spanOf(period);
  const watched = await watchedByCamera(db, span.from, span.to);
  const cameras = (await allCameras(db)).map((row) => toCameraFact(row, watched));
  const gates = cameras.flatMap(({ id, site }) => (site === null ? [] : [id]));
  const permits = await allPermits(db);
  const notices = await reportNotices(db, span);
  return {
    period,
    cases: await readCases(store, span),
    reports: await firstReports(db, span),
    cameras,
    sites: (await allSites(db)).map(({ id, name, responsibilityLetter }) => ({
      ...{ id, name },
      letter: responsibilityLetter !== undefined,
    })),
    carriers: new Map(permits.flatMap(({ carrier, plates }) => plates.map((plate) => [plainPlate(plate), carrier]))),
    notices: notices.map((row) => ({
      ...{ site: row.site, state: row.state },
      sentAt: instant(row.sent_at),
      acknowledgedAt: instant(row.acknowledged_at),
      correctBy: Date.parse(row.correct_by),
    })),
    counted: await readCounted(store, span.from, span.to),
    countedBySite: bySite(await statisticsByCamera(store, span.from, span.to, gates), cameras),
    decisions: await decisionsByActor(db, span),
  };
}
