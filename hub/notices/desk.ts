/** Notices after they were issued: read through their link, acknowledged, answered. */
import type { NoticeReplyBody, NoticeState, NoticeView } from '../../contracts/api/notice.ts';
import { AppError, type Fault } from '../../platform/app-error.ts';
import { type Clock, timestamp } from '../../platform/clock.ts';
import { kindOfHead } from '../../platform/content-kind.ts';
import type { Changes } from '../changes.ts';
import { casesByIds } from '../storage/cases.ts';
import {
  addNoticeReply,
  handedOverState,
  listNoticeRows,
  type NoticeReplyRow,
  type NoticeRow,
  noticeById,
  noticeByToken,
  repliesOf,
  updateNotice,
} from '../storage/notices.ts';
import type { Store } from '../storage/store.ts';
import {
  answerFault,
  further,
  isAwaited,
  type NoticeAnswer,
  photosOf,
  type Reply,
  sameReply,
  stateAfter,
} from './answer.ts';
import { refuseClosedLink, renewLink, revokeLink } from './link.ts';
import { hashOfToken, type LinkTokens } from './link-token.ts';
import { cleanPhoto } from './photo.ts';
import { noteInTrail } from './trail.ts';

/** Keeps a photo and gives its hash. */
type KeepPhoto = (bytes: Buffer, mime: 'image/jpeg' | 'image/png') => Promise<string>;

const LIST = 500;
/** Answers by the link of one notice, photos and all: whoever has it cannot fill the disk. */
const MOST_ANSWERS = 50;
const enough: Fault = {
  path: '',
  message: `this notice has ${MOST_ANSWERS} answers; say more at the office`,
  messageZh: `本提醒已有 ${MOST_ANSWERS} 条答复，请向经办单位另行提交`,
};

/** @throws API_TRANSITION while its confirmation may still be taken back, and once it was */
function checkOpen(row: NoticeRow, now: number): void {
  const state = handedOverState(row, now);
  if (state !== 'drafted' && state !== 'withdrawn') return;
  const fault =
    state === 'drafted'
      ? { message: 'the notice is not ready to be handed over yet', messageZh: '整改提醒尚不能送达' }
      : { message: 'the notice was withdrawn', messageZh: '整改提醒已撤回' };
  throw new AppError('API_TRANSITION', `notice ${row.number}: ${fault.message}`, { faults: [{ path: '', ...fault }] });
}

/** @param link null where it is not shown */
function toView(row: NoticeRow, replies: readonly NoticeReplyRow[], now: number, link: string | null): NoticeView {
  const state = handedOverState(row, now) as NoticeState;
  return {
    id: row.id,
    number: row.number,
    case: row.case_id,
    site: row.site,
    state: row.correct_by < timestamp(now) && isAwaited(state) ? 'overdue' : state,
    createdAt: row.created_at,
    readyAt: row.ready_at,
    sentAt: row.sent_at,
    acknowledgedAt: row.acknowledged_at,
    correctBy: row.correct_by,
    link: state !== 'drafted' && row.revoked_at === null ? link : null,
    replies: replies
      .filter((reply) => reply.notice_id === row.id)
      .map((reply) => {
        const { at, kind, name, text, photo } = reply;
        return { at, kind: kind as NoticeReplyBody['kind'], name, text, photo, photos: photosOf(reply) };
      }),
  };
}

export function createNoticeDesk(options: {
  store: Store;
  clock: Clock;
  changes: Changes;
  keepPhoto: KeepPhoto;
  publicUrl: () => string;
  /** How long a link that is given anew stays open, ms. */
  linkMs: number;
  links: LinkTokens;
}) {
  const { store, clock, changes, keepPhoto, links } = options;
  const urlOf = (token: string) => `${options.publicUrl()}/n/${token}`;
  /** Null where another root has sealed it: a new link is given then. */
  const linkOf = (row: NoticeRow) => {
    const token = links.open(row.token_sealed);
    return token === null ? null : urlOf(token);
  };

  /** An answer, the notice's state and its case's trail change together or not at all. */
  async function record(id: string, reply: Reply & { readonly kind: NoticeReplyBody['kind'] }, actor: string) {
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
    linkOf,
    urlOf,
    async list(withLink: boolean): Promise<NoticeView[]> {
      const rows = await listNoticeRows(store.db, LIST);
      const replies = await repliesOf(
        store.db,
        rows.map((row) => row.id),
      );
      return rows.map((row) => toView(row, replies, clock.now(), withLink ? linkOf(row) : null));
    },
    /** @throws API_NOT_FOUND */
    async byId(id: string): Promise<NoticeRow> {
      const row = await noticeById(store.db, id);
      if (!row) throw new AppError('API_NOT_FOUND', `notice ${id}`);
      return row;
    },
    async view(row: NoticeRow, withLink: boolean): Promise<NoticeView> {
      return toView(row, await repliesOf(store.db, [row.id]), clock.now(), withLink ? linkOf(row) : null);
    },
    /** The document is not given out while its confirmation may still be taken back. @throws API_TRANSITION */
    checkReady(row: NoticeRow): void {
      if (handedOverState(row, clock.now()) === 'drafted') checkOpen(row, clock.now());
    },
    replies: (row: NoticeRow) => repliesOf(store.db, [row.id]),
    /** @throws API_TOKEN for a link that is wrong, has expired, or may not be handed over yet, API_WITHDRAWN for one that was closed */
    async byToken(token: string): Promise<NoticeRow> {
      const row = await noticeByToken(store.db, hashOfToken(token));
      const now = clock.now();
      if (!row || row.token_expires_at < timestamp(now) || handedOverState(row, now) === 'drafted')
        throw new AppError('API_TOKEN', 'unknown or expired');
      await refuseClosedLink(store.db, row);
      return row;
    },
    revokeLink: (id: string, actor: string) => revokeLink(store, id, actor, clock.now()),
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
      if (actor === `site:${row.site}` && (await repliesOf(store.db, [row.id])).length >= MOST_ANSWERS)
        throw new AppError('API_VALIDATION', enough.message, { faults: [enough] });
      const photosToKeep: Parameters<KeepPhoto>[] = [];
      for (const bytes of answer.photos) {
        const mime = kindOfHead(bytes) === 'image/png' ? 'image/png' : 'image/jpeg';
        photosToKeep.push([await cleanPhoto(bytes, mime), mime]);
      }
      const hashes: string[] = [];
      for (const photo of photosToKeep) hashes.push(await keepPhoto(...photo));
      const { kind, name, text } = answer;
      const photos = hashes.length > 0 ? JSON.stringify(hashes) : null;
      await record(row.id, { kind, name, text: text?.trim() || null, photo: hashes[0] ?? null, photos }, actor);
    },
  };
}
export type NoticeDesk = ReturnType<typeof createNoticeDesk>;
