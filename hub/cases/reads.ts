/** Cases as people ask for them: a page of a list, one case with everything about it, what permits say of a plate. */
import {
  type CaseDetail,
  type CasePage,
  type CaseQuery,
  caseStates,
  type HaulageCheck,
} from '../../contracts/api/case.ts';
import type { CaseLink } from '../../contracts/api/case-link.ts';
import { caseSources } from '../../contracts/api/case-source.ts';
import type { DutyOffer } from '../../contracts/api/unit.ts';
import { Uuid } from '../../contracts/ids.ts';
import { Timestamp } from '../../contracts/time.ts';
import { violationKinds } from '../../contracts/violations/index.ts';
import { AppError } from '../../platform/app-error.ts';
import { type Clock, timestamp } from '../../platform/clock.ts';
import { isRealDay } from '../../platform/real-day.ts';
import { isValid } from '../../platform/validate.ts';
import { type CaseCursor, listCases } from '../storage/case-lists/pages.ts';
import { readSearch } from '../storage/case-lists/search.ts';
import { type CaseRow, casesByIds } from '../storage/cases.ts';
import { isWithin, reachOf } from '../storage/reach.ts';
import type { Db, Store } from '../storage/store.ts';
import { caseDetail } from './case-detail.ts';
import { dutyOffers } from './dispatch-unit.ts';
import type { Actor } from './lifecycle/facts.ts';
import { linksOfCase } from './links.ts';
import { haulageOf } from './plate.ts';
import { type CaseSettings, caseSettings } from './settings.ts';
import { toCaseSummary } from './summary.ts';

/** Who asks is known to the API alone: `mine` comes here as `claimedBy`. */
export type CaseListQuery = Omit<CaseQuery, 'mine'>;

export type CaseReads = {
  /** @param actor confines the list to what is within her reach; the whole city without. @throws API_VALIDATION on an unknown state, kind or cursor */
  list(query: CaseListQuery, actor?: Actor): Promise<CasePage>;
  /** @throws API_NOT_FOUND */
  get(id: string, actor: Actor): Promise<CaseDetail>;
  /** Cases of other cameras that are likely the same. @throws API_NOT_FOUND */
  links(id: string, actor: Actor): Promise<CaseLink[]>;
  /** What the site's permits say of a plate, before anybody confirms it. @throws API_NOT_FOUND */
  haulage(id: string, plate: string): Promise<HaulageCheck | null>;
  /** Units that it may be dispatched to, who fits and is on duty now first. @throws API_NOT_FOUND */
  duty(id: string): Promise<DutyOffer[]>;
};

const PAGE = 50;

function checkList(name: string, text: string | undefined, known: readonly string[]) {
  const unknown = text?.split(',').find((part) => !known.includes(part.trim()));
  if (unknown === undefined) return;
  const faults = [{ path: name, message: `expected one or more of ${known.join(', ')}` }];
  throw new AppError('API_VALIDATION', `${name} "${unknown}"`, { faults });
}

function checkDay(path: 'from' | 'to', at: string | undefined) {
  if (at === undefined || isRealDay(at.slice(0, 10))) return;
  throw new AppError('API_VALIDATION', path, { faults: [{ path, message: 'no day of the calendar' }] });
}

function readCursor(text: string | undefined): CaseCursor | null {
  if (text === undefined) return null;
  const [openedAt, id] = Buffer.from(text, 'base64url').toString('utf8').split(' ');
  if (openedAt && id && isValid(Timestamp, openedAt) && isValid(Uuid, id)) return { openedAt, id };
  throw new AppError('API_VALIDATION', 'cursor', { faults: [{ path: 'cursor', message: 'not one of ours' }] });
}

const writeCursor = (row: CaseRow) => Buffer.from(`${row.opened_at} ${row.id}`, 'utf8').toString('base64url');

/** Words of the query in terms of the tables. */
async function readFilters(db: Db, query: Omit<CaseListQuery, 'cursor' | 'limit' | 'order'>, now: number) {
  const { q, overdue, ...filters } = query;
  const search = q === undefined || q.trim() === '' ? undefined : await readSearch(db, q);
  const at = timestamp(now);
  return {
    ...filters,
    now: at,
    ...(search ? { search } : {}),
    ...(overdue === undefined ? {} : overdue ? { dueBefore: at } : { dueFrom: at }),
  };
}

/** @param parts `settings` are the defaults of a hub without configuration where they are left out */
export function createCaseReads(parts: {
  readonly store: Pick<Store, 'db'>;
  readonly clock: Clock;
  readonly settings?: CaseSettings;
}): CaseReads {
  const { db } = parts.store;
  const { clock, settings = caseSettings() } = parts;

  async function rowOf(id: string, actor?: Actor): Promise<CaseRow> {
    const [row] = await casesByIds(db, [id]);
    if (!row || (actor && !(await isWithin(db, reachOf(actor), 'case', id))))
      throw new AppError('API_NOT_FOUND', `case ${id}`);
    return row;
  }

  return {
    async list({ cursor, limit = PAGE, order = 'newest', ...asked }, actor) {
      // A unit sees its own whatever it asks for.
      const { unit, ...others } = asked;
      const query = actor?.role === 'unit' || unit === undefined ? others : asked;
      checkList('state', query.state, caseStates);
      checkList('kind', query.kind, violationKinds);
      checkList('source', query.source, caseSources);
      checkDay('from', query.from);
      checkDay('to', query.to);
      const reach = actor ? reachOf(actor) : null;
      const filters = { ...(await readFilters(db, query, clock.now())), reach };
      const page = { after: readCursor(cursor), newestFirst: order === 'newest', limit };
      const { rows, counts, exact } = await listCases(db, filters, page);
      const last = rows.length > limit ? rows[limit - 1] : undefined;
      return {
        cases: rows.slice(0, limit).map((row) => toCaseSummary(row, clock.now())),
        next: last ? writeCursor(last) : null,
        counts,
        countsExact: exact,
      };
    },
    get: async (id, actor) => caseDetail(db, await rowOf(id, actor), actor, settings, clock.now()),
    links: async (id, actor) => linksOfCase(db, await rowOf(id, actor), actor, clock.now()),
    haulage: async (id, plate) => haulageOf(db, await rowOf(id), plate, settings.calendar),
    duty: async (id) => dutyOffers(db, await rowOf(id), settings.calendar, clock.now()),
  };
}
