/** The plate of a case, where its kind has one, and what its site's permits say of it. */
import type { HaulageCheck } from '../../contracts/api/case.ts';
import type { Calendar } from '../../contracts/schedule.ts';
import { plateIn } from '../../contracts/violations/detail.ts';
import { type ViolationKind, violations } from '../../contracts/violations/index.ts';
import { checkHaulage } from '../registry/haulage.ts';
import { lastAction } from '../storage/case-history.ts';
import type { CaseRow } from '../storage/cases.ts';
import { permitsOfSite } from '../storage/sites.ts';
import type { Db } from '../storage/store.ts';

/** As a person typed it when confirming, else as a machine read it. */
export type KnownPlate = { readonly text: string; readonly typed: boolean };

/** @param typed the plate of a confirmation that is under way */
export async function plateOfCase(db: Db, row: CaseRow, typed?: string): Promise<KnownPlate | null> {
  const kind = row.kind as ViolationKind;
  if (!violations[kind].plateField) return null;
  const confirmed = typed ? undefined : await lastAction(db, row.id, ['confirm']);
  const text = typed ?? (confirmed ? (JSON.parse(confirmed.data) as { plate?: string }).plate : undefined);
  if (text) return { text, typed: true };
  const read = plateIn(kind, JSON.parse(row.detail));
  return read === null ? null : { text: read, typed: false };
}

/** What happened is what a permit must allow, not the time at which somebody asks. */
export async function haulageOf(db: Db, row: CaseRow, plate: string, calendar: Calendar): Promise<HaulageCheck | null> {
  if (!violations[row.kind as ViolationKind].needsHaulagePermit || row.site === null) return null;
  return checkHaulage(await permitsOfSite(db, row.site), plate, Date.parse(row.started_at), calendar);
}
