/** Construction sites, carriers, and the notices that they were sent. Pure. */
import type { CarrierFigures, NoticeFigures, SiteFigures } from '../../../contracts/api/report-figures.ts';
import { groupBy, tally } from './arithmetic.ts';
import type { CaseFact, MonthFacts, NoticeFact } from './facts.ts';

const CORRECTED: ReadonlySet<string> = new Set(['corrected', 'verified']);
/** States in which a site is known to have the notice and owes a correction. */
const AWAITED: ReadonlySet<string> = new Set(['delivered', 'acknowledged']);

/** Notices made in the month, as they stand now. @param now ms since the epoch */
export function noticeFigures(notices: readonly NoticeFact[], now: number): NoticeFigures {
  const count = (which: (notice: NoticeFact) => boolean) => notices.filter(which).length;
  return {
    made: notices.length,
    sent: count(({ sentAt }) => sentAt !== null),
    acknowledged: count(({ acknowledgedAt }) => acknowledgedAt !== null),
    corrected: count(({ state }) => CORRECTED.has(state)),
    overdue: count(({ state, correctBy }) => state === 'overdue' || (AWAITED.has(state) && correctBy < now)),
  };
}

const reasonTally = (cases: readonly CaseFact[]) =>
  tally(
    cases.flatMap(({ reasons }) => reasons),
    (reason) => reason,
  );

/** Every registered site: what its gates counted, violation or not, and what came of it. */
export function siteFigures(received: readonly CaseFact[], facts: MonthFacts, now: number): SiteFigures[] {
  const cases = groupBy(received, ({ site }) => site);
  const notices = groupBy(facts.notices, ({ site }) => site);
  const watched = new Set(facts.cameras.filter(({ watchedSeconds }) => watchedSeconds > 0).map(({ site }) => site));
  return facts.sites
    .map(({ id, letter }) => {
      const own = cases.get(id) ?? [];
      return {
        site: id,
        counted: [...(facts.countedBySite.get(id) ?? [])],
        received: own.length,
        reasons: reasonTally(own),
        notices: noticeFigures(notices.get(id) ?? [], now),
        letter,
        watched: watched.has(id),
      };
    })
    .sort((a, b) => b.received - a.received || a.site.localeCompare(b.site, 'en'));
}

/** Cases by the carrier whose permit names the plate; a plate without a permit has none. */
export function carrierFigures(received: readonly CaseFact[], { carriers }: MonthFacts): CarrierFigures[] {
  const known = received.flatMap((fact) => {
    const carrier = fact.plate === null ? undefined : carriers.get(fact.plate);
    return carrier === undefined ? [] : [{ carrier, fact }];
  });
  return [...groupBy(known, ({ carrier }) => carrier)]
    .map(([carrier, own]) => ({
      carrier,
      received: own.length,
      reasons: reasonTally(own.map(({ fact }) => fact)),
    }))
    .sort((a, b) => b.received - a.received || a.carrier.localeCompare(b.carrier, 'en'));
}
