/** Confirmed cases as Open311 service requests: no plate, no person, no note, no words of a report, no picture. */
import type { CaseState } from '../../contracts/api/case.ts';
import type { Open311Query, Open311Request } from '../../contracts/api/open311.ts';
import type { Bilingual } from '../../contracts/text.ts';
import { type ViolationKind, violationKinds, violations } from '../../contracts/violations/index.ts';
import { AppError } from '../../platform/app-error.ts';
import { timestamp } from '../../platform/clock.ts';
import { isRealDay } from '../../platform/real-day.ts';
import { cameraNames } from '../storage/cameras.ts';
import type { CaseRow } from '../storage/cases.ts';
import { findRequests, lastChanges, type RequestFilters } from '../storage/open311.ts';
import type { Store } from '../storage/store.ts';

const DAY_MS = 86_400_000;
/** GeoReport v2: the span of a search, and what it is without dates. */
const SPAN_DAYS = 90;
const PAGE_SIZE = 1000;
const MAX_IDS = 100;

/** States of a confirmed case, as the public may read them. */
const words = {
  filed: { zh: '已立案', en: 'filed' },
  dispatched: { zh: '已派遣', en: 'dispatched' },
  returned: { zh: '退回重派', en: 'returned to the dispatcher' },
  handling: { zh: '处置中', en: 'being handled' },
  feedback: { zh: '已反馈', en: 'handled, to be inspected' },
  inspecting: { zh: '核查中', en: 'being inspected' },
  closed: { zh: '已结案', en: 'closed' },
  voided: { zh: '已作废', en: 'voided' },
  merged: { zh: '并入其他案件', en: 'merged into another request' },
} as const satisfies Partial<Record<CaseState, Bilingual>>;
type PublicState = keyof typeof words;
const publicStates = Object.keys(words) as PublicState[];
const ended: readonly PublicState[] = ['closed', 'voided', 'merged'];
const byStatus = {
  open: publicStates.filter((state) => !ended.includes(state)),
  closed: ended,
} as const;
const statuses = Object.keys(byStatus) as (keyof typeof byStatus)[];

function refuse(path: string, message: string): never {
  throw new AppError('API_VALIDATION', path, { faults: [{ path, message }] });
}

function readList<T extends string>(name: string, text: string, known: readonly T[]): T[] {
  return text.split(',').map((part) => {
    const found = known.find((candidate) => candidate === part.trim());
    return found ?? refuse(name, `"${part}": expected one or more of ${known.join(', ')}`);
  });
}

function readInstant(path: 'start_date' | 'end_date', text: string | undefined): number | null {
  if (text === undefined) return null;
  const day = text.slice(0, 10);
  if (!isRealDay(day)) refuse(path, `${day} is no day of the calendar`);
  return Date.parse(text);
}

function readSpan(query: Open311Query, now: number): { readonly from: string; readonly to: string } {
  const start = readInstant('start_date', query.start_date);
  const end = readInstant('end_date', query.end_date);
  const from = start ?? (end ?? now) - SPAN_DAYS * DAY_MS;
  const to = end ?? (start === null ? now : start + SPAN_DAYS * DAY_MS);
  if (to < from) refuse('end_date', 'lies before start_date');
  if (to - from > SPAN_DAYS * DAY_MS) refuse('end_date', `at most ${SPAN_DAYS} days after start_date`);
  return { from: timestamp(from), to: timestamp(to) };
}

function readFilters(query: Open311Query, now: number): RequestFilters {
  if (query.service_request_id !== undefined) {
    const numbers = query.service_request_id.split(',').map((part) => part.trim());
    if (numbers.includes('')) refuse('service_request_id', 'an empty number between two commas');
    if (numbers.length > MAX_IDS) refuse('service_request_id', `at most ${MAX_IDS} at once`);
    return { numbers };
  }
  const { service_code: codes, status } = query;
  return {
    ...readSpan(query, now),
    ...(codes === undefined ? {} : { kinds: readList('service_code', codes, violationKinds) }),
    ...(status === undefined ? {} : { states: readList('status', status, statuses).flatMap((name) => byStatus[name]) }),
  };
}

type Around = {
  readonly changedAt: string | undefined;
  readonly cameraName: string | undefined;
  readonly agency: string;
};

/** What a citizen typed may be where she lives: of a report without a camera the position alone is said. */
function addressOf(row: CaseRow, cameraName: string | undefined): string | null {
  if (cameraName === undefined) return row.camera || null;
  const { zh, en } = JSON.parse(cameraName) as Bilingual;
  return zh === en ? zh : `${zh} (${en})`;
}

function toRequest(row: CaseRow, { changedAt, cameraName, agency }: Around): Open311Request {
  const state = row.state as PublicState;
  const kind = row.kind as ViolationKind;
  const isOver = ended.includes(state);
  return {
    service_request_id: row.number,
    status: isOver ? 'closed' : 'open',
    status_notes: `${words[state].zh} / ${words[state].en}`,
    service_name: violations[kind].title.en,
    service_code: kind,
    description: `${violations[kind].title.zh} / ${violations[kind].title.en}`,
    agency_responsible: agency,
    service_notice: null,
    requested_datetime: row.opened_at,
    updated_datetime: (isOver ? row.closed_at : null) ?? changedAt ?? row.opened_at,
    expected_datetime: row.due_at,
    address: addressOf(row, cameraName),
    address_id: row.camera || null,
    zipcode: null,
    lat: row.lat,
    long: row.lon,
    media_url: null,
  };
}

/** @throws API_VALIDATION with the parameter that is wrong */
export async function listRequests(
  { db }: Store,
  query: Open311Query,
  { now, agency }: { readonly now: number; readonly agency: string },
): Promise<Open311Request[]> {
  const limit = query.page_size ?? PAGE_SIZE;
  const page = { limit, offset: ((query.page ?? 1) - 1) * limit };
  const rows = await findRequests(db, publicStates, readFilters(query, now), page);
  if (rows.length === 0) return [];
  const changes = await lastChanges(
    db,
    rows.map(({ id }) => id),
  );
  const names = await cameraNames(db, [...new Set(rows.map(({ camera }) => camera))]);
  return rows.map((row) =>
    toRequest(row, { changedAt: changes.get(row.id), cameraName: names.get(row.camera), agency }),
  );
}
