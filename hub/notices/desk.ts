/** Notices after they were issued: read through their link, acknowledged, answered. */
import {
  LEAST_CORRECTION_TEXT,
  type NoticeReplyBody,
  type NoticeState,
  type NoticeView,
  noticeStates,
} from '../../contracts/api/notice.ts';
import { AppError, type Fault } from '../../platform/app-error.ts';
import { type Clock, timestamp } from '../../platform/clock.ts';
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
import { refuseClosedLink, renewLink, revokeLink } from './link.ts';
import { cleanPhoto, noPicture } from './photo.ts';
import { noteInTrail } from './trail.ts';

/** Keeps a photo and gives its hash. */
type KeepPhoto = (bytes: Buffer, mime: 'image/jpeg' | 'image/png') => Promise<string>;

export type NoticeAnswer = Omit<NoticeReplyBody, 'photo'> & { readonly photos: readonly Buffer[] };

const LIST = 500;
/** A later state never goes back because of an earlier step that is repeated. */
const rank: readonly NoticeState[] = noticeStates;

/** Any answer proves that a person has the notice; a statement in defence changes nothing about what was asked. */
const stateAfter: Readonly<Record<NoticeReplyBody['kind'], NoticeState>> = {
  acknowledge: 'acknowledged',
  correction: 'corrected',
  statement: 'delivered',
};

/** What an answer lacks to be one; null when it says enough. */
export function answerFault({ kind, text, photos }: NoticeAnswer): Fault | null {
  const said = text?.trim() ?? '';
  if (photos.some((photo) => imageKind(photo) === null)) return noPicture;
  if (kind === 'correction' && photos.length === 0 && said.length < LEAST_CORRECTION_TEXT)
    return {
      path: 'text',
      message: `a correction needs a photo, or ${LEAST_CORRECTION_TEXT} signs of text`,
      messageZh: `提交整改须附照片，或写明不少于 ${LEAST_CORRECTION_TEXT} 个字`,
    };
  if (kind === 'statement' && said === '')
    return { path: 'text', message: 'a statement needs text', messageZh: '陈述申辩须填写内容' };
  return null;
}

type Reply = Pick<NoticeReplyRow, 'kind' | 'name' | 'text' | 'photo' | 'photos'>;

export function photosOf({ photo, photos }: Pick<Reply, 'photo' | 'photos'>): string[] {
  if (photos !== null) return JSON.parse(photos) as string[];
  return photo === null ? [] : [photo];
}

/** Sent twice, by a button pressed twice or a page loaded again, it is still one answer. */
const sameReply = (a: Reply, b: Reply) =>
  a.kind === b.kind && a.name === b.name && a.text === b.text && a.photo === b.photo && a.photos === b.photos;

const further = (now: string, next: NoticeState): NoticeState =>
  rank.indexOf(next) > rank.indexOf(now as NoticeState) ? next : (now as NoticeState);

/** By the first bytes; what a client says about its file is not believed. */
export function imageKind(bytes: Buffer): 'image/jpeg' | 'image/png' | null {
  if (bytes.length > 3 && bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return 'image/jpeg';
  if (bytes.length > 8 && bytes.subarray(0, 8).equals(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])))
    return 'image/png';
  return null;
}

/** @throws API_TRANSITION while its confirmation may still be taken back, and once it was */
function checkOpen(row: NoticeRow, now: number): void {
  const state = handedOverState(row, now);
  if (state !== 'drafted' && state !== 'withdrawn') return;
  const fault =
    state === 'drafted'
      ? { message: 'the notice is not ready to be handed over yet', messageZh: '整改提醒尚未待送达' }
      : { message: 'the notice was withdrawn', messageZh: '整改提醒已撤回' };
  throw new AppError('API_TRANSITION', `notice ${row.number}: ${fault.message}`, { faults: [{ path: '', ...fault }] });
}

export function createNoticeDesk(options: {
  store: Store;
  clock: Clock;
  changes: Changes;
  keepPhoto: KeepPhoto;
  publicUrl: () => string;
  /** How long a link that is given anew stays open, ms. */
  linkMs: number;
}) {
  const { store, clock, changes, keepPhoto } = options;
  const linkOf = (row: NoticeRow) => `${options.publicUrl()}/n/${row.token}`;

  function toView(row: NoticeRow, replies: readonly NoticeReplyRow[], withLink: boolean): NoticeView {
    const state = handedOverState(row, clock.now()) as NoticeState;
    // Nobody is late with what nobody is known to have.
    const overdue =
      row.correct_by < timestamp(clock.now()) &&
      rank.indexOf(state) >= rank.indexOf('delivered') &&
      rank.indexOf(state) < rank.indexOf('corrected');
    return {
      id: row.id,
      number: row.number,
      case: row.case_id,
      site: row.site,
      state: overdue ? 'overdue' : state,
      createdAt: row.created_at,
      readyAt: row.ready_at,
      sentAt: row.sent_at,
      acknowledgedAt: row.acknowledged_at,
      correctBy: row.correct_by,
      link: withLink && state !== 'drafted' && row.revoked_at === null ? linkOf(row) : null,
      replies: replies
        .filter((reply) => reply.notice_id === row.id)
        .map((reply) => {
          const { at, kind, name, text, photo } = reply;
          return { at, kind: kind as NoticeReplyBody['kind'], name, text, photo, photos: photosOf(reply) };
        }),
    };
  }

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
    async list(withLink: boolean): Promise<NoticeView[]> {
      const rows = await listNoticeRows(store.db, LIST);
      const replies = await repliesOf(
        store.db,
        rows.map((row) => row.id),
      );
      return rows.map((row) => toView(row, replies, withLink));
    },
    /** @throws API_NOT_FOUND */
    async byId(id: string): Promise<NoticeRow> {
      const row = await noticeById(store.db, id);
      if (!row) throw new AppError('API_NOT_FOUND', `notice ${id}`);
      return row;
    },
    async view(row: NoticeRow, withLink: boolean): Promise<NoticeView> {
      return toView(row, await repliesOf(store.db, [row.id]), withLink);
    },
    /** The document is not given out while its confirmation may still be taken back. @throws API_TRANSITION */
    checkReady(row: NoticeRow): void {
      if (handedOverState(row, clock.now()) === 'drafted') checkOpen(row, clock.now());
    },
    replies: (row: NoticeRow) => repliesOf(store.db, [row.id]),
    /** @throws API_TOKEN for a link that is wrong, has expired, or may not be handed over yet, API_WITHDRAWN for one that was closed */
    async byToken(token: string): Promise<NoticeRow> {
      const row = await noticeByToken(store.db, token);
      const now = clock.now();
      if (!row || row.token_expires_at < timestamp(now) || handedOverState(row, now) === 'drafted')
        throw new AppError('API_TOKEN', 'unknown or expired');
      await refuseClosedLink(store.db, row);
      return row;
    },
    revokeLink: (id: string, actor: string) => revokeLink(store, id, actor, clock.now()),
    renewLink: (id: string, actor: string) => renewLink(store, id, actor, clock.now(), options.linkMs),
    /**
     * Kept once, however often it is sent.
     * @param actor who recorded it, when it came another way
     * @throws API_VALIDATION when it says too little, API_TRANSITION when the notice is not open to answers
     */
    async answer(row: NoticeRow, answer: NoticeAnswer, actor = `site:${row.site}`): Promise<void> {
      const fault = answerFault(answer);
      if (fault) throw new AppError('API_VALIDATION', fault.path, { faults: [fault] });
      checkOpen(row, clock.now());
      const photosToKeep: Parameters<KeepPhoto>[] = [];
      for (const bytes of answer.photos) {
        const mime = imageKind(bytes) ?? 'image/jpeg';
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
