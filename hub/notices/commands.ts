/** What people do with a notice after it was issued: answer it, close its link, give it a new one. */
import type { NoticeReplyBody } from '../../contracts/api/notice.ts';
import { AppError, type Fault } from '../../platform/app-error.ts';
import { type Clock, timestamp } from '../../platform/clock.ts';
import { kindOfHead } from '../../platform/content-kind.ts';
import type { Changes } from '../changes.ts';
import { casesByIds } from '../storage/cases.ts';
import {
  addNoticeReply,
  handedOverState,
  type NoticeRow,
  noticeById,
  repliesOf,
  updateNotice,
} from '../storage/notices.ts';
import type { Store } from '../storage/store.ts';
import { answerFault, type NoticeAnswer, photosOf, type ReplyFields, sameReply } from './answer.ts';
import { refuseClosedLink, renewLink, revokeLink } from './link.ts';
import type { LinkTokens } from './link-token.ts';
import { checkOpen, further, stateAfter } from './notice-state.ts';
import { cleanPhoto } from './photo.ts';
import { noteInTrail } from './trail.ts';

/** Stores a photo and gives its hash. */
type StorePhoto = (bytes: Buffer, mime: 'image/jpeg' | 'image/png') => Promise<string>;

/** Answers by the link of one notice, photos and all: whoever has it cannot fill the disk. */
const MAX_ANSWERS = 50;
const tooMany: Fault = {
  path: '',
  message: `this notice has ${MAX_ANSWERS} answers; say more at the office`,
  messageZh: `本提醒已有 ${MAX_ANSWERS} 条答复，请向经办单位另行提交`,
};

export type NoticeCommandsOptions = {
  readonly store: Store;
  readonly clock: Clock;
  readonly changes: Changes;
  readonly storePhoto: StorePhoto;
  /** How long a link that is given anew stays open, ms. */
  readonly linkMs: number;
  readonly links: LinkTokens;
};
export type NoticeCommands = ReturnType<typeof createNoticeCommands>;

/** None is stored before all of them have proved to be pictures. @returns their hashes */
async function storePhotos(photos: readonly Buffer[], store: StorePhoto): Promise<string[]> {
  const clean: Parameters<StorePhoto>[] = [];
  for (const bytes of photos) {
    const mime = kindOfHead(bytes) === 'image/png' ? 'image/png' : 'image/jpeg';
    clean.push([await cleanPhoto(bytes, mime), mime]);
  }
  const hashes: string[] = [];
  for (const photo of clean) hashes.push(await store(...photo));
  return hashes;
}

/** @param options `storePhoto` runs before the transaction that records the answer */
export function createNoticeCommands(options: NoticeCommandsOptions) {
  const { store, clock, changes, links } = options;

  /** An answer, the notice's state and its case's trail change together or not at all. */
  async function record(id: string, reply: ReplyFields & { readonly kind: NoticeReplyBody['kind'] }, actor: string) {
    const at = timestamp(clock.now());
    const changed = await store.exclusive(async (trx) => {
      const row = await noticeById(trx, id);
      if (!row) throw new AppError('API_NOT_FOUND', `notice ${id}`);
      // The link may have been closed since its page was opened.
      if (actor === `site:${row.site}`) await refuseClosedLink(trx, row);
      checkOpen(row, clock.now());
      if ((await repliesOf(trx, [id])).some((before) => sameReply(before, reply))) return null;
      await addNoticeReply(trx, { notice_id: id, at, ...reply });
      const next = stateAfter[reply.kind];
      const acknowledges = next !== 'delivered' && row.acknowledged_at === null;
      const state = further(handedOverState(row, clock.now()), next);
      await updateNotice(trx, id, { state, ...(acknowledges ? { acknowledged_at: at } : {}) });
      const [caseRow] = await casesByIds(trx, [row.case_id]);
      const photos = photosOf(reply);
      const data = { notice: id, number: row.number, ...(photos.length > 0 ? { photo: photos[0], photos } : {}) };
      const action = `notice-${reply.kind}` as const;
      if (caseRow) await noteInTrail(trx, caseRow, { at, actor, action, note: reply.text ?? undefined, data });
      return row;
    });
    if (changed) changes.emit({ type: 'notice', notice: id, case: changed.case_id });
  }

  return {
    /** @throws API_NOT_FOUND */
    revokeLink: (id: string, actor: string) => revokeLink(store, id, actor, clock.now()),
    /** @throws API_NOT_FOUND, API_WITHDRAWN when the case was withdrawn */
    renewLink: (id: string, actor: string) =>
      renewLink(store, id, { actor, now: clock.now(), lifeMs: options.linkMs, links }),
    /**
     * Kept once, however often it is sent.
     * @param actor who recorded it, when it came another way
     * @throws API_VALIDATION when it says too little, API_TRANSITION when the notice is not open to answers
     */
    async answer(row: NoticeRow, answer: NoticeAnswer, actor = `site:${row.site}`): Promise<void> {
      const fault = answerFault(answer);
      if (fault) throw new AppError('API_VALIDATION', fault.path, { faults: [fault] });
      checkOpen(row, clock.now());
      if (actor === `site:${row.site}` && (await repliesOf(store.db, [row.id])).length >= MAX_ANSWERS)
        throw new AppError('API_VALIDATION', tooMany.message, { faults: [tooMany] });
      const hashes = await storePhotos(answer.photos, options.storePhoto);
      const { kind, name, text } = answer;
      const photos = hashes.length > 0 ? JSON.stringify(hashes) : null;
      await record(row.id, { kind, name, text: text?.trim() || null, photo: hashes[0] ?? null, photos }, actor);
    },
  };
}
