/** What the manager's page shows of everything that a link opens, as the database has it now. */
import type { CorrectionOrderFields } from '../../contracts/api/correction-order.ts';
import type { Clock } from '../../platform/clock.ts';
import { orderOfNotice } from '../storage/correction-orders.ts';
import { storedHashes } from '../storage/evidence.ts';
import type { NoticeRow } from '../storage/notices.ts';
import type { Db, Store } from '../storage/store.ts';
import { photosOf } from './answer.ts';
import type { NoticeContent } from './content.ts';
import { type PageState, renderPage } from './page.ts';
import { renderMergedPage } from './page-merged.ts';
import type { NoticeReads, OpenedLink } from './reads.ts';

/** What the request adds: in which language it asks, and what its form came to. */
export type PageAsked = Pick<PageState, 'token' | 'lang' | 'message' | 'draft'>;

/** What the manager knows of: an order that was served, also once it is cancelled. */
async function servedOrder(db: Db, notice: string): Promise<PageState['order']> {
  const row = await orderOfNotice(db, notice);
  if (!row || row.served === null) return null;
  const { orderNumber = '' } = JSON.parse(row.fields) as CorrectionOrderFields;
  const { on } = JSON.parse(row.served) as { on: string };
  return { number: orderNumber, servedOn: on, cancelledAt: row.state === 'cancelled' ? row.cancelled_at : null };
}

type PagesParts = {
  readonly store: Pick<Store, 'db'>;
  readonly clock: Clock;
  readonly reads: NoticeReads;
};

/** Draws what a link opens. */
export function createPages({ store, clock, reads }: PagesParts) {
  async function stateOf(row: NoticeRow, link: OpenedLink, asked: PageAsked): Promise<PageState> {
    const content = JSON.parse(row.body) as NoticeContent;
    const files = [...content.evidence, ...(content.clip ? [content.clip] : [])];
    const hashes = files.map(({ sha256 }) => sha256);
    const view = await reads.view(row, false);
    return {
      ...asked,
      content,
      among: link.rows.length > 1 ? row.number : null,
      stored: await storedHashes(store.db, hashes),
      replies: (await reads.replies(row)).map((answer) => ({ ...answer, photos: photosOf(answer) })),
      state: link.open.includes(row) ? view.state : 'withdrawn',
      order: await servedOrder(store.db, row.id),
      sentAt: view.sentAt,
      linkUntil: row.token_expires_at,
      now: clock.now(),
    };
  }

  /** @returns an HTML document */
  return async function draw(link: OpenedLink, asked: PageAsked): Promise<string> {
    const cases: PageState[] = [];
    for (const row of link.rows) cases.push(await stateOf(row, link, asked));
    const [only] = cases;
    return only && cases.length === 1 ? renderPage(only) : renderMergedPage({ number: link.number, cases });
  };
}
