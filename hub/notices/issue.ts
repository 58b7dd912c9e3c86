/** Drafts a notice in the transaction that confirms its case: both happen or neither. */
import { randomUUID } from 'node:crypto';
import type { SiteBody } from '../../contracts/api/registry.ts';
import type { ViolationEvent } from '../../contracts/event.ts';
import type { EvidenceRef } from '../../contracts/evidence.ts';
import type { Bilingual } from '../../contracts/text.ts';
import { reasonsOf } from '../../contracts/violations/detail.ts';
import { type ViolationKind, violations } from '../../contracts/violations/index.ts';
import { timestamp } from '../../platform/clock.ts';
import { SYSTEM } from '../cases/history.ts';
import { dueInWorkingTime } from '../cases/lifecycle/working-time.ts';
import { haulageOf, type KnownPlate } from '../cases/plate.ts';
import { cameraNames } from '../storage/cameras.ts';
import type { CaseRow } from '../storage/cases.ts';
import { takeNumbers } from '../storage/counters.ts';
import { eventsOfCase } from '../storage/events.ts';
import { filesOfEvents } from '../storage/evidence.ts';
import { lettersOfSite } from '../storage/ladder.ts';
import { queueDeliveries } from '../storage/notice-deliveries.ts';
import { insertNotice } from '../storage/notices.ts';
import { findSite, permitsOfSite } from '../storage/sites.ts';
import type { Db, Trx } from '../storage/store.ts';
import { localTime, type NoticeContent, wordsOf } from './content.ts';
import { isUrgent } from './merge-rule.ts';
import { type Joined, joinMerged } from './merging.ts';
import type { NoticeSettings } from './settings.ts';
import { noteInTrail } from './trail.ts';

/** Who confirmed the case and when (ms since the epoch), with the plate where it is known. */
type Confirmation = {
  readonly actor: { readonly name: string };
  readonly now: number;
  readonly plate: KnownPlate | null;
};

const HOUR = 3_600_000;
const STILLS = 4;
/** The few stills of an event that a notice shows, in order of time. */
export async function noticeStills(db: Db, kind: ViolationKind, event: string): Promise<EvidenceRef[]> {
  const files = (await filesOfEvents(db, [event])).filter((file) => file.mime === 'image/jpeg');
  const telling = violations[kind].stillOrder.flatMap((role) => files.filter((file) => file.role === role));
  const chosen = new Set((telling.length > 0 ? telling : files).slice(0, STILLS));
  return files
    .filter((file) => chosen.has(file))
    .map(({ event: _, stored: _stored, state: _state, actual: _actual, ...ref }) => ref);
}

/** The event's short film, or null where there is none. */
async function clipOf(db: Db, event: string): Promise<EvidenceRef | null> {
  const file = (await filesOfEvents(db, [event])).find(({ role }) => role === 'clip');
  if (!file) return null;
  const { event: _, stored: _stored, state: _state, actual: _actual, ...ref } = file;
  return ref;
}

/** The letter on record stands before what was typed with the site. */
async function withLetter(db: Db, site: SiteBody): Promise<SiteBody> {
  const [letter] = await lettersOfSite(db, site.id);
  if (!letter) return site;
  return { ...site, responsibilityLetter: `${letter.number}（${letter.signed_on}，${letter.signatory}）` };
}

/** Whom the permit of the truck names. */
async function carrierOf(db: Db, site: string, permit: string | null | undefined): Promise<string | null> {
  if (!permit) return null;
  return (await permitsOfSite(db, site)).find(({ id }) => id === permit)?.carrier ?? null;
}

async function cameraName(trx: Trx, id: string): Promise<Bilingual> {
  const name = (await cameraNames(trx, [id])).get(id);
  return name === undefined ? { zh: id, en: id } : (JSON.parse(name) as Bilingual);
}

async function nextNumber(trx: Trx, now: number, utcOffsetMinutes: number): Promise<string> {
  const day = localTime(timestamp(now), utcOffsetMinutes).slice(0, 10).replaceAll('-', '');
  return `KW-${day}-${String(await takeNumbers(trx, `notices ${day}`, 1)).padStart(4, '0')}`;
}

/** What the notice will say; null where the case holds no event. Takes a number. */
async function contentOf(
  trx: Trx,
  caseRow: CaseRow,
  site: SiteBody,
  { actor, now, plate }: Confirmation,
  settings: NoticeSettings,
): Promise<NoticeContent | null> {
  const kind = caseRow.kind as ViolationKind;
  const events = (await eventsOfCase(trx, caseRow.id)).map((row) => JSON.parse(row.body) as ViolationEvent);
  const latest = events.at(-1);
  if (!latest) return null;
  const { issuer, contact, calendar } = settings;
  const { utcOffsetMinutes } = calendar;
  const haulage = plate && (await haulageOf(trx, caseRow, plate.text, calendar));
  const dueIn = (hours: number) => timestamp(dueInWorkingTime(now + hours * HOUR, calendar));
  return {
    number: await nextNumber(trx, now, utcOffsetMinutes),
    caseNumber: caseRow.number,
    issuer,
    contact,
    site: await withLetter(trx, site),
    camera: { id: caseRow.camera, name: await cameraName(trx, caseRow.camera) },
    startedAt: caseRow.started_at,
    endedAt: caseRow.ended_at,
    kind,
    detail: latest.detail,
    plate,
    haulage,
    carrier: await carrierOf(trx, site.id, haulage?.permit),
    evidence: await noticeStills(trx, kind, latest.id),
    clip: await clipOf(trx, latest.id),
    legalBasis: settings.legalBasis[kind] ?? wordsOf({ kind, detail: latest.detail }).legalBasis,
    confirmedBy: actor.name,
    issuedAt: timestamp(now),
    correctBy: dueIn(settings.correctWithinHours),
    statementBy: dueIn(settings.stateWithinDays * 24),
    utcOffsetMinutes,
  };
}

/** What it is gathered with; null where the office merges nothing, where it may not wait, and outside of every shift. */
async function gatheredWith(
  trx: Trx,
  kind: ViolationKind,
  content: NoticeContent,
  now: number,
  { merge, holdMs, calendar }: NoticeSettings,
): Promise<Joined | null> {
  if (merge === null || isUrgent(kind, reasonsOf(kind, content.detail), merge)) return null;
  const joining = { site: content.site.id, limit: Date.parse(content.correctBy), now, holdMs };
  return joinMerged(trx, joining, merge, calendar);
}

/**
 * Only a case of a kind with notices and of a registered site has somebody to notify; others are left alone. What is
 * issued is queued for the hub's channels with it, alone or with the others of its site's shift.
 *
 * @returns the notice's id, or null
 */
export async function issueNotice(
  trx: Trx,
  caseRow: CaseRow,
  confirmation: Confirmation,
  settings: NoticeSettings,
): Promise<string | null> {
  const kind = caseRow.kind as ViolationKind;
  if (!violations[kind].notice || caseRow.site === null) return null;
  const site = await findSite(trx, caseRow.site);
  const content = site && (await contentOf(trx, caseRow, site, confirmation, settings));
  if (!content) return null;
  const { now } = confirmation;
  const { number, issuedAt } = content;
  const joined = await gatheredWith(trx, kind, content, now, settings);
  const waits = joined !== null || settings.holdMs > 0;
  const id = randomUUID();
  await insertNotice(trx, {
    id,
    number,
    case_id: caseRow.id,
    site: content.site.id,
    state: waits ? 'drafted' : 'ready',
    created_at: issuedAt,
    sent_at: null,
    acknowledged_at: null,
    correct_by: content.correctBy,
    ...settings.links.make(),
    token_expires_at: timestamp(now + settings.linkDays * 24 * HOUR),
    revoked_at: null,
    body: JSON.stringify(content),
    ...(joined ?? { merged_id: null, ready_at: timestamp(now + settings.holdMs) }),
  });
  await queueDeliveries(trx, joined?.merged_id ?? id, settings.channels, issuedAt);
  const until = joined ? { gatheredUntil: joined.ready_at } : {};
  const data = { notice: id, number, site: content.site.id, ...until };
  const action = waits ? 'notice-drafted' : 'notice-ready';
  await noteInTrail(trx, caseRow, { at: issuedAt, actor: SYSTEM, action, data });
  return id;
}
