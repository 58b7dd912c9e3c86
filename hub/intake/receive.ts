/** A citizen's report comes in: it joins the case of the same incident, or opens one of its own. */
import { randomUUID } from 'node:crypto';
import type { CaseState } from '../../contracts/api/case.ts';
import {
  OBSERVED_AT,
  type Open311Receipt,
  type Open311Report,
  type ReportContact,
  TICKET,
} from '../../contracts/api/citizen-report.ts';
import type { HistoryAction } from '../../contracts/api/history-actions.ts';
import type { Location } from '../../contracts/geometry.ts';
import type { ViolationKind } from '../../contracts/violations/index.ts';
import { AppError } from '../../platform/app-error.ts';
import { type Clock, timestamp } from '../../platform/clock.ts';
import { isRealDay } from '../../platform/real-day.ts';
import { extendHistory } from '../cases/history.ts';
import { placedCase } from '../cases/placed-case.ts';
import { type CaseSettings, caseNumber, localDay } from '../cases/settings.ts';
import { toCaseSummary } from '../cases/summary.ts';
import type { Changes } from '../changes.ts';
import { boundsAround, matchReport, type ReportMatch, windowMs } from '../dedupe/report.ts';
import { addHistory } from '../storage/case-history.ts';
import { type CaseRow, casesByIds, writeCases } from '../storage/cases.ts';
import { addReport, caseOfTicket, casesAround } from '../storage/citizen-reports.ts';
import { takeNumbers } from '../storage/counters.ts';
import type { Store, Trx } from '../storage/store.ts';
import { districtOf } from './district.ts';
import type { KeyHolder } from './keys.ts';
import { reportedCaseRow } from './new-case.ts';

/** Clocks of callers may be so far ahead of ours. */
const AHEAD_MS = 5 * 60_000;
/** What was seen before that is nothing to go and look at. */
const OLDEST_MS = 31 * 86_400_000;
const DAY_MS = 86_400_000;

export type IntakeParts = {
  readonly store: Store;
  readonly clock: Clock;
  readonly changes: Changes;
  readonly settings: CaseSettings;
  /** How long whom to call is kept, days. */
  readonly contactDays: number;
};

/** A report as it was checked. */
type CheckedReport = {
  readonly kind: ViolationKind;
  readonly at: number;
  readonly location: Location | null;
  readonly address: string | null;
  readonly text: string | null;
  readonly ticket: string | null;
  readonly contact: Omit<ReportContact, 'until'> | null;
};

function refuse(path: string, message: string): never {
  throw new AppError('API_VALIDATION', path, { faults: [{ path, message }] });
}

function readTime(text: string | undefined, now: number): number {
  if (text === undefined) return now;
  const path = `attribute[${OBSERVED_AT}]`;
  if (!isRealDay(text.slice(0, 10))) refuse(path, 'is no day of the calendar');
  const at = Date.parse(text);
  if (at > now + AHEAD_MS) refuse(path, 'lies in the future');
  if (at < now - OLDEST_MS) refuse(path, 'is more than 31 days ago');
  return Math.min(at, now);
}

function readLocation({ lat, long: lon, address_string: address }: Open311Report): Location | null {
  if (lat !== undefined && lon !== undefined) return { lon, lat };
  if (lat !== undefined || lon !== undefined) refuse('lat', 'goes together with long');
  if (address === undefined) refuse('lat', 'give lat and long, or address_string');
  return null;
}

function readContact({ first_name, last_name, phone, email }: Open311Report): CheckedReport['contact'] {
  const said = (text: string | undefined) => text?.trim() || null;
  const name = said([first_name, last_name].flatMap((part) => said(part) ?? []).join(' '));
  const contact = { name, phone: said(phone), email: said(email) };
  return Object.values(contact).some((value) => value !== null) ? contact : null;
}

function checkReport(body: Open311Report, now: number): CheckedReport {
  return {
    kind: body.service_code,
    at: readTime(body[`attribute[${OBSERVED_AT}]`], now),
    location: readLocation(body),
    address: body.address_string?.trim() ?? null,
    text: body.description?.trim() ?? null,
    ticket: body[`attribute[${TICKET}]`]?.trim() ?? null,
    contact: readContact(body),
  };
}

async function findMatch(trx: Trx, { kind, at, location }: CheckedReport, settings: CaseSettings) {
  if (location === null) return null;
  const join = settings.reportJoin;
  const longest = windowMs(kind, 'open', join);
  const rows = await casesAround(trx, {
    ...boundsAround(location, join.metres),
    kinds: [kind],
    seenSince: timestamp(at - longest),
    startedBy: timestamp(at + longest),
  });
  const cases = rows.flatMap((row) => placedCase(row) ?? []);
  const match = matchReport({ kind, startedAt: at, until: at, location }, cases, join);
  const row = match && rows.find(({ id }) => id === match.caseId);
  return match && row ? { match, row } : null;
}

/** The case that it opens, numbered and not yet written. */
async function openCase(trx: Trx, report: CheckedReport, holder: KeyHolder, settings: CaseSettings, now: number) {
  const day = localDay(now, settings);
  const number = caseNumber(settings, day, await takeNumbers(trx, `cases ${day}`, 1));
  const { kind, location, at } = report;
  const district = location && (await districtOf(trx, location));
  const incident = { id: randomUUID(), number, kind, source: holder.purpose, location, district, at: timestamp(at) };
  return reportedCaseRow(incident, settings, now);
}

/** The row with what the report says of it: it was seen then, too. */
function joined(row: CaseRow, { at, location }: CheckedReport): CaseRow {
  if (row.camera !== '') return row;
  // Texts of instants sort as they follow each other.
  const times = [row.started_at, row.last_seen_at, timestamp(at)].sort();
  const last = times.at(-1) ?? row.last_seen_at;
  return {
    ...row,
    ...{ started_at: times[0] ?? row.started_at, ended_at: last, last_seen_at: last },
    lon: row.lon ?? location?.lon ?? null,
    lat: row.lat ?? location?.lat ?? null,
  };
}

type Filed = { readonly row: CaseRow; readonly action: HistoryAction | null };

async function file(trx: Trx, parts: IntakeParts, holder: KeyHolder, report: CheckedReport): Promise<Filed> {
  const { store, settings, contactDays } = parts;
  const now = parts.clock.now();
  const found = await findMatch(trx, report, settings);
  const row = found ? joined(found.row, report) : await openCase(trx, report, holder, settings, now);
  const action: HistoryAction = found ? 'report' : 'opened';
  const id = randomUUID();
  const state = row.state as CaseState;
  const why: Partial<ReportMatch> = found ? found.match : {};
  const { caseId: _, ...reason } = why;
  const data = { report: id, source: holder.purpose, ...reason };
  const step = { at: timestamp(now), actor: `key:${holder.name}`, action, from: found ? state : null, to: state, data };
  const { caseRow, entry } = extendHistory(row, step);
  await writeCases(trx, store.dialect, [caseRow]);
  await addHistory(trx, store.dialect, [entry]);
  const { kind, location, address, text, ticket, contact } = report;
  const kept = {
    ...{ id, case_id: row.id, key_id: holder.id, source: holder.purpose, ticket, kind, address, text },
    ...{ at: timestamp(report.at), received_at: timestamp(now) },
    ...{ lon: location?.lon ?? null, lat: location?.lat ?? null },
  };
  const until = timestamp(now + contactDays * DAY_MS);
  await addReport(trx, kept, contact && { body: JSON.stringify(contact), until });
  return { row: caseRow, action };
}

const NO_MEDIA = '暂不接收图片（media_url 未保存） / pictures are not taken yet: media_url was not kept';

/**
 * Takes a report in. The same ticket of the same key again gets the first answer.
 * @throws API_VALIDATION with the field that is wrong
 */
export async function receiveReport(
  parts: IntakeParts,
  holder: KeyHolder,
  body: Open311Report,
): Promise<Open311Receipt> {
  const { store, clock, changes } = parts;
  const report = checkReport(body, clock.now());
  const { ticket } = report;
  const filed = await store.exclusive(async (trx): Promise<Filed> => {
    const known = ticket === null ? null : await caseOfTicket(trx, holder.id, ticket);
    if (known === null) return file(trx, parts, holder, report);
    const [row] = await casesByIds(trx, [known]);
    if (!row) throw new AppError('API_INTERNAL', `the case of ticket ${ticket} is gone`);
    return { row, action: null };
  });
  if (filed.action !== null)
    changes.emit({ type: 'case', case: toCaseSummary(filed.row, clock.now()), action: filed.action });
  const notice = body.media_url === undefined ? null : NO_MEDIA;
  return { service_request_id: filed.row.number, service_notice: notice, account_id: null };
}
