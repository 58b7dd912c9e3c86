/** Notices after they were issued: opened, acknowledged, answered. */
import { type NoticeReplyBody, type NoticeState, type NoticeView, noticeStates } from '../../contracts/api/notice.ts';
import { AppError } from '../../platform/app-error.ts';
import { type Clock, timestamp } from '../../platform/clock.ts';
import type { Changes } from '../changes.ts';
import { casesByIds } from '../storage/cases.ts';
import {
  addNoticeReply,
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
import { cleanPhoto } from './photo.ts';
import { noteInTrail } from './trail.ts';

/** Keeps a photo and gives its hash. */
type KeepPhoto = (bytes: Buffer, mime: 'image/jpeg' | 'image/png') => Promise<string>;

export type NoticeAnswer = Omit<NoticeReplyBody, 'photo'> & { readonly photo?: { readonly bytes: Buffer } };

const LIST = 500;
/** A later state never goes back because of an earlier step that is repeated. */
const rank: readonly NoticeState[] = noticeStates;

/** A statement in defence is an answer; it changes nothing about what was asked. */
const stateAfter: Readonly<Record<NoticeReplyBody['kind'], NoticeState | null>> = {
  acknowledge: 'acknowledged',
  correction: 'corrected',
  statement: null,
};

type Reply = Pick<NoticeReplyRow, 'kind' | 'name' | 'text' | 'photo'>;

const further = (now: string, next: NoticeState): NoticeState =>
  rank.indexOf(next) > rank.indexOf(now as NoticeState) ? next : (now as NoticeState);

/** By the first bytes; what a client says about its file is not believed. */
export function imageKind(bytes: Buffer): 'image/jpeg' | 'image/png' | null {
  if (bytes.length > 3 && bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return 'image/jpeg';
  if (bytes.length > 8 && bytes.subarray(0, 8).equals(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])))
    return 'image/png';
  return null;
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
    const overdue =
      row.correct_by < timestamp(clock.now()) && rank.indexOf(row.state as NoticeState) < rank.indexOf('corrected');
    return {
      id: row.id,
      number: row.number,
      case: row.case_id,
      site: row.site,
      state: overdue ? 'overdue' : (row.state as NoticeState),
      createdAt: row.created_at,
      sentAt: row.sent_at,
      acknowledgedAt: row.acknowledged_at,
      correctBy: row.correct_by,
      link: withLink && row.revoked_at === null ? linkOf(row) : null,
      replies: replies
        .filter((reply) => reply.notice_id === row.id)
        .map(({ at, kind, name, text, photo }) => ({ at, kind: kind as NoticeReplyBody['kind'], name, text, photo })),
    };
  }

  /** One step of a notice: its state, its reply and its case's trail change together or not at all. */
  async function step(id: string, next: NoticeState | null, actor: string, reply: Reply | null): Promise<void> {
    const at = timestamp(clock.now());
    const changed = await store.exclusive(async (trx) => {
      const row = await noticeById(trx, id);
      if (!row) throw new AppError('API_NOT_FOUND', `notice ${id}`);
      // The link may have been closed since its page was opened.
      if (reply && actor === `site:${row.site}`) await refuseClosedLink(trx, row);
      const state = next === null ? (row.state as NoticeState) : further(row.state, next);
      if (state === row.state && reply === null) return null;
      if (reply) await addNoticeReply(trx, { notice_id: id, at, ...reply });
      const acknowledges = (next === 'acknowledged' || next === 'corrected') && row.acknowledged_at === null;
      await updateNotice(trx, id, { state, ...(acknowledges ? { acknowledged_at: at } : {}) });
      const [caseRow] = await casesByIds(trx, [row.case_id]);
      const action = reply ? `notice-${reply.kind}` : `notice-${state}`;
      const data = { notice: id, number: row.number, ...(reply?.photo ? { photo: reply.photo } : {}) };
      if (caseRow) await noteInTrail(trx, caseRow, { at, actor, action, note: reply?.text ?? undefined, data });
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
    replies: (row: NoticeRow) => repliesOf(store.db, [row.id]),
    /** @throws API_TOKEN for a link that is wrong or has expired, API_WITHDRAWN for one that was closed */
    async byToken(token: string): Promise<NoticeRow> {
      const row = await noticeByToken(store.db, token);
      if (!row || row.token_expires_at < timestamp(clock.now())) throw new AppError('API_TOKEN', 'unknown or expired');
      await refuseClosedLink(store.db, row);
      return row;
    },
    revokeLink: (id: string, actor: string) => revokeLink(store, id, actor, clock.now()),
    renewLink: (id: string, actor: string) => renewLink(store, id, actor, clock.now(), options.linkMs),
    /** The link was opened: the notice has arrived. */
    async opened(row: NoticeRow): Promise<void> {
      if (rank.indexOf(row.state as NoticeState) < rank.indexOf('delivered'))
        await step(row.id, 'delivered', `site:${row.site}`, null);
    },
    /** @param actor who recorded it, when it came another way. @throws API_VALIDATION when the photo is neither JPEG nor PNG */
    async answer(row: NoticeRow, answer: NoticeAnswer, actor = `site:${row.site}`): Promise<void> {
      const mime = answer.photo ? imageKind(answer.photo.bytes) : null;
      if (answer.photo && mime === null)
        throw new AppError('API_VALIDATION', 'photo', {
          faults: [{ path: 'photo', message: 'expected a JPEG or PNG file' }],
        });
      const photo = answer.photo && mime ? await keepPhoto(await cleanPhoto(answer.photo.bytes, mime), mime) : null;
      const reply = { kind: answer.kind, name: answer.name, text: answer.text ?? null, photo };
      await step(row.id, stateAfter[answer.kind], actor, reply);
    },
  };
}
export type NoticeDesk = ReturnType<typeof createNoticeDesk>;
