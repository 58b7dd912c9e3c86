/** Notices as they are read: by the office in lists, by a site's manager through the link. */
import type { NoticeReplyBody, NoticeState, NoticeView } from '../../contracts/api/notice.ts';
import { AppError } from '../../platform/app-error.ts';
import { type Clock, timestamp } from '../../platform/clock.ts';
import {
  handedOverState,
  listNoticeRows,
  type NoticeReplyRow,
  type NoticeRow,
  noticeById,
  noticeByToken,
  repliesOf,
} from '../storage/notices.ts';
import type { Confinement } from '../storage/reach.ts';
import type { Store } from '../storage/store.ts';
import { photosOf } from './answer.ts';
import { refuseClosedLink } from './link.ts';
import { hashOfToken, type LinkTokens } from './link-token.ts';
import { checkOpen, isAwaited } from './notice-state.ts';

const LIST = 500;

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

export type NoticeReads = ReturnType<typeof createNoticeReads>;

/** @param parts `publicUrl` is asked anew each time: the port may not be known yet */
export function createNoticeReads(parts: {
  readonly store: Pick<Store, 'db'>;
  readonly clock: Clock;
  readonly publicUrl: () => string;
  readonly links: LinkTokens;
}) {
  const { clock, links } = parts;
  const { db } = parts.store;
  const urlOf = (token: string) => `${parts.publicUrl()}/n/${token}`;
  /** Null where another root has sealed it: a new link is given then. */
  const linkOf = (row: NoticeRow) => {
    const token = links.open(row.token_sealed);
    return token === null ? null : urlOf(token);
  };
  return {
    linkOf,
    urlOf,
    async list(withLink: boolean, reach: Confinement = null): Promise<NoticeView[]> {
      const rows = await listNoticeRows(db, LIST, reach);
      const replies = await repliesOf(
        db,
        rows.map((row) => row.id),
      );
      return rows.map((row) => toView(row, replies, clock.now(), withLink ? linkOf(row) : null));
    },
    /** @throws API_NOT_FOUND */
    async byId(id: string): Promise<NoticeRow> {
      const row = await noticeById(db, id);
      if (!row) throw new AppError('API_NOT_FOUND', `notice ${id}`);
      return row;
    },
    async view(row: NoticeRow, withLink: boolean): Promise<NoticeView> {
      return toView(row, await repliesOf(db, [row.id]), clock.now(), withLink ? linkOf(row) : null);
    },
    /** The document is not given out while its confirmation may still be taken back. @throws API_TRANSITION */
    checkReady(row: NoticeRow): void {
      if (handedOverState(row, clock.now()) === 'drafted') checkOpen(row, clock.now());
    },
    replies: (row: NoticeRow) => repliesOf(db, [row.id]),
    /** @throws API_TOKEN for a link that is wrong, has expired, or may not be handed over yet, API_WITHDRAWN for one that was closed */
    async byToken(token: string): Promise<NoticeRow> {
      const row = await noticeByToken(db, hashOfToken(token));
      const now = clock.now();
      if (!row || row.token_expires_at < timestamp(now) || handedOverState(row, now) === 'drafted')
        throw new AppError('API_TOKEN', 'unknown or expired');
      await refuseClosedLink(db, row);
      return row;
    },
  };
}
