/** Photographs of a place after handling: who may bring one, and how it enters the trail. */
import type { CaseState } from '../../contracts/api/case.ts';
import type { CasePhoto } from '../../contracts/api/case-round.ts';
import { AppError, type Fault } from '../../platform/app-error.ts';
import { type Clock, timestamp } from '../../platform/clock.ts';
import type { Changes } from '../changes.ts';
import { addHistory } from '../storage/case-history.ts';
import { addCasePhoto, type CasePhotoRow, photosOfCase } from '../storage/case-photos.ts';
import { type CaseRow, casesByIds, writeCases } from '../storage/cases.ts';
import { isWithin, reachOf } from '../storage/reach.ts';
import type { Db, Store } from '../storage/store.ts';
import { extendHistory } from './history.ts';
import type { Actor } from './lifecycle/facts.ts';
import { transitions, underway } from './lifecycle/transitions.ts';
import { toCaseSummary } from './summary.ts';

/** Of one round of handling: enough for any place, too few to fill a disk. */
const MAX_PHOTOS = 12;

type StoredPhoto = { readonly sha256: string; readonly mime: string; readonly bytes: number };

/** A photograph as the API shows it. */
export function toCasePhoto({ sha256, mime, bytes, at, actor, round }: CasePhotoRow): CasePhoto {
  return { sha256, mime, bytes, at, by: actor, round };
}

const refusal = (code: 'API_TRANSITION' | 'API_VALIDATION', message: string, messageZh: string) => {
  const fault: Fault = { path: 'photo', message, messageZh };
  return new AppError(code, message, { faults: [fault] });
};

async function openCaseOf(db: Db, id: string, actor: Actor): Promise<CaseRow> {
  const [row] = await casesByIds(db, [id]);
  if (!row || !(await isWithin(db, reachOf(actor), 'case', id))) throw new AppError('API_NOT_FOUND', `case ${id}`);
  if (!transitions.feedback.roles.includes(actor.role))
    throw new AppError('API_FORBIDDEN', `${actor.role} may not bring photographs`);
  if (!underway.includes(row.state as CaseState))
    throw refusal(
      'API_TRANSITION',
      `photographs are taken while the case is being handled; it is ${row.state}`,
      '仅在处置期间可上传处置后照片',
    );
  const own = (await photosOfCase(db, id)).filter(({ round }) => round === row.rework);
  if (own.length >= MAX_PHOTOS)
    throw refusal('API_VALIDATION', `${MAX_PHOTOS} photographs are here already`, `照片已达 ${MAX_PHOTOS} 张`);
  return row;
}

type AfterPhotos = {
  /** Asked before a file is stored. @throws API_NOT_FOUND, API_FORBIDDEN, API_TRANSITION, API_VALIDATION */
  check(caseId: string, actor: Actor): Promise<void>;
  /** Kept once, however often it is sent. @throws as `check` */
  add(caseId: string, photo: StoredPhoto, actor: Actor): Promise<CasePhoto>;
};

/** A photograph and its entry of the trail are written together; the case's version stays, so that nobody is too late. */
export function createAfterPhotos(parts: {
  readonly store: Store;
  readonly clock: Clock;
  readonly changes: Changes;
}): AfterPhotos {
  const { store, clock, changes } = parts;
  return {
    async check(caseId, actor) {
      await openCaseOf(store.db, caseId, actor);
    },
    async add(caseId, photo, actor) {
      const { added, changed } = await store.exclusive(async (trx) => {
        const row = await openCaseOf(trx, caseId, actor);
        const at = timestamp(clock.now());
        const { unit, rework: round } = row;
        const added = { case_id: caseId, ...photo, at, actor: actor.name, unit, round };
        if (!(await addCasePhoto(trx, added))) return { added, changed: null };
        const state = row.state as CaseState;
        const step = {
          at,
          actor: actor.name,
          action: 'photo',
          from: state,
          to: state,
          data: { photo: photo.sha256 },
        } as const;
        const { caseRow, entry } = extendHistory(row, step);
        await writeCases(trx, store.dialect, [caseRow]);
        await addHistory(trx, store.dialect, [entry]);
        return { added, changed: caseRow };
      });
      if (changed) changes.emit({ type: 'case', case: toCaseSummary(changed, clock.now()), action: 'photo' });
      return toCasePhoto(added);
    },
  };
}
