/** Queries on `site_steps` and `responsibility_letters`: what followed a site's notices, and what it has signed. */
import type { Selectable } from 'kysely';
import type { Db } from './store.ts';
import type { ResponsibilityLettersTable, SiteStepsTable } from './tables/ladder.ts';

export type SiteStepRow = Selectable<SiteStepsTable>;
export type ResponsibilityLetterRow = Selectable<ResponsibilityLettersTable>;

/** Steps of a site, the first one first. */
export function stepsOfSite(db: Db, site: string): Promise<SiteStepRow[]> {
  return db.selectFrom('site_steps').selectAll().where('site', '=', site).orderBy('at').orderBy('id').execute();
}

/** Adds a step; none is ever changed. */
export async function addSiteStep(db: Db, row: SiteStepRow): Promise<void> {
  await db.insertInto('site_steps').values(row).execute();
}

/** Letters of a site, the latest signed first. */
export function lettersOfSite(db: Db, site: string): Promise<ResponsibilityLetterRow[]> {
  return db
    .selectFrom('responsibility_letters')
    .selectAll()
    .where('site', '=', site)
    .orderBy('signed_on', 'desc')
    .orderBy('recorded_at', 'desc')
    .execute();
}

/** Adds a letter; none is ever changed. */
export async function addLetter(db: Db, row: ResponsibilityLetterRow): Promise<void> {
  await db.insertInto('responsibility_letters').values(row).execute();
}

/** Notices of a site that stand: when each is due, and its state. */
export function standingNotices(db: Db, site: string): Promise<{ state: string; correct_by: string }[]> {
  return db
    .selectFrom('notices')
    .select(['state', 'correct_by'])
    .where('site', '=', site)
    .where('state', 'not in', ['drafted', 'withdrawn'])
    .execute();
}
