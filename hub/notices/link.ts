/** The link of a notice: open as long as its case stands and nobody has closed it; closed and given anew by a supervisor. */
import type { CaseState } from '../../contracts/api/case.ts';
import type { HistoryAction } from '../../contracts/api/history-actions.ts';
import { AppError } from '../../platform/app-error.ts';
import { timestamp } from '../../platform/clock.ts';
import { undecided } from '../cases/lifecycle/transitions.ts';
import { type CaseRow, casesByIds } from '../storage/cases.ts';
import { type NoticeRow, noticeById, unsealedTokens, updateNotice } from '../storage/notices.ts';
import type { Db, Store } from '../storage/store.ts';
import { envelopeOf } from './envelope.ts';
import type { LinkTokens } from './link-token.ts';
import { noteInTrail } from './trail.ts';

/** States in which nobody says any more that there was a violation. */
const withdrawn: readonly CaseState[] = [...undecided, 'rejected', 'expired', 'voided'];
/** A case that was merged stands with the one it is part of now. */
const MAX_MERGES = 16;

async function standingCase(db: Db, id: string): Promise<CaseRow | null> {
  let next: string | null = id;
  let row: CaseRow | undefined;
  for (let hop = 0; next !== null && hop < MAX_MERGES; hop++) {
    [row] = await casesByIds(db, [next]);
    next = row?.merged_into ?? null;
  }
  return row ?? null;
}

/** @throws API_WITHDRAWN when the link was closed, or its case was withdrawn */
export async function refuseClosedLink(db: Db, notice: NoticeRow): Promise<void> {
  if (notice.state === 'withdrawn') throw new AppError('API_WITHDRAWN', 'the notice was withdrawn');
  if (notice.revoked_at !== null) throw new AppError('API_WITHDRAWN', 'the office has closed this link');
  const row = await standingCase(db, notice.case_id);
  if (!row || withdrawn.includes(row.state as CaseState)) throw new AppError('API_WITHDRAWN', 'its case was withdrawn');
}

/** Whether a site's manager may read and answer it by its link. */
export async function isOpen(db: Db, notice: NoticeRow): Promise<boolean> {
  try {
    await refuseClosedLink(db, notice);
    return true;
  } catch (error) {
    if (error instanceof AppError && error.code === 'API_WITHDRAWN') return false;
    throw error;
  }
}

/** The notices of a merged one have one link: it changes for all of them. */
async function changeLink(
  store: Store,
  id: string,
  step: { readonly actor: string; readonly now: number; readonly action: HistoryAction },
  fieldsOf: (notice: NoticeRow, db: Db) => Promise<Partial<NoticeRow> | null>,
): Promise<void> {
  const at = timestamp(step.now);
  await store.exclusive(async (trx) => {
    const notice = await noticeById(trx, id);
    if (!notice) throw new AppError('API_NOT_FOUND', `notice ${id}`);
    const fields = await fieldsOf(notice, trx);
    if (fields === null) return;
    for (const own of (await envelopeOf(trx, notice)).notices) {
      await updateNotice(trx, own.id, fields);
      const [row] = await casesByIds(trx, [own.case_id]);
      const data = { notice: own.id, number: own.number };
      if (row) await noteInTrail(trx, row, { at, actor: step.actor, action: step.action, data });
    }
  });
}

/** Closes the link; what came through it stays. @throws API_NOT_FOUND */
export function revokeLink(store: Store, id: string, actor: string, now: number): Promise<void> {
  const step = { actor, now, action: 'notice-link-closed' } as const;
  return changeLink(store, id, step, async ({ revoked_at }) =>
    revoked_at === null ? { revoked_at: timestamp(now) } : null,
  );
}

/** A new link; the one before it opens nothing any more. @throws API_NOT_FOUND, API_WITHDRAWN when the case was withdrawn */
export function renewLink(
  store: Store,
  id: string,
  by: { readonly actor: string; readonly now: number; readonly lifeMs: number; readonly links: LinkTokens },
): Promise<void> {
  const { actor, now, lifeMs, links } = by;
  const step = { actor, now, action: 'notice-link-renewed' } as const;
  return changeLink(store, id, step, async (notice, db) => {
    await refuseClosedLink(db, { ...notice, revoked_at: null });
    return { ...links.make(), token_expires_at: timestamp(now + lifeMs), revoked_at: null };
  });
}

/** Tokens that an earlier version kept in clear. @returns how many there were */
export function sealTokens(store: Store, links: LinkTokens): Promise<number> {
  return store.exclusive(async (trx) => {
    const clear = await unsealedTokens(trx);
    for (const { id, token } of clear) await updateNotice(trx, id, links.seal(token));
    return clear.length;
  });
}
