/** Drafts of correction orders: filled in with what is known, finished, approved, sealed and served by people. */

import type {
  CorrectionOrderCommand,
  CorrectionOrderFields,
  CorrectionOrderState,
  CorrectionOrderView,
} from '../../contracts/api/correction-order.ts';
import type { HistoryAction } from '../../contracts/api/history-actions.ts';
import type { Bilingual } from '../../contracts/text.ts';
import { AppError } from '../../platform/app-error.ts';
import { type Clock, timestamp } from '../../platform/clock.ts';
import type { Changes } from '../changes.ts';
import { casesByIds } from '../storage/cases.ts';
import { type CorrectionOrderRow, insertOrder, orderOfNotice, updateOrder } from '../storage/correction-orders.ts';
import { type NoticeRow, noticeById } from '../storage/notices.ts';
import type { Store, Trx } from '../storage/store.ts';
import { localTime, type NoticeContent, wordsOf } from './content.ts';
import { renderPdf } from './document.ts';
import { fillTemplate } from './fill.ts';
import { checkOpen } from './notice-state.ts';
import { missingIn, orderStep } from './order-state.ts';
import type { NoticePrinter } from './printing.ts';
import { noteInTrail } from './trail.ts';

const draftMark: Bilingual = { zh: '草稿　未经审批盖章　不具效力', en: 'DRAFT - not approved or sealed' };
const cancelledMark: Bilingual = { zh: '已撤销', en: 'CANCELLED' };

const actions: Readonly<Record<CorrectionOrderCommand['command'] | 'draft', HistoryAction>> = {
  draft: 'order-drafted',
  approve: 'order-approved',
  served: 'order-served',
  cancel: 'order-cancelled',
};

function cancelledOf({ cancelled_at: at, cancelled_by: by, cancelled_why: why }: CorrectionOrderRow) {
  return at === null || by === null ? null : { at, by, why: why ?? '' };
}

function toView(row: CorrectionOrderRow, notice: NoticeRow): CorrectionOrderView {
  const fields = JSON.parse(row.fields) as CorrectionOrderFields;
  return {
    notice: row.notice_id,
    case: notice.case_id,
    site: notice.site,
    state: row.state as CorrectionOrderState,
    version: row.version,
    fields,
    missing: missingIn(fields),
    editedBy: row.edited_by,
    editedAt: row.edited_at,
    approvedBy: row.approved_by,
    approvedAt: row.approved_at,
    served: row.served === null ? null : (JSON.parse(row.served) as CorrectionOrderView['served']),
    cancelled: cancelledOf(row),
  };
}

function firstFields(content: NoticeContent): CorrectionOrderFields {
  const { reasons, legalBasis } = wordsOf(content);
  const { contractor } = content.site;
  return {
    ...(contractor ? { party: contractor } : {}),
    officers: [],
    legalBasis: [...(content.legalBasis ?? legalBasis)],
    requirements: reasons.map(({ required }) => required.zh),
    deadline: content.correctBy,
  };
}

type OrderParts = {
  readonly store: Pick<Store, 'db' | 'exclusive'>;
  readonly clock: Clock;
  readonly changes: Changes;
  readonly printer: NoticePrinter;
};

export type CorrectionOrders = ReturnType<typeof createCorrectionOrders>;

/** @param parts `changes` hears of each step */
export function createCorrectionOrders({ store, clock, changes, printer }: OrderParts) {
  async function read(id: string, db: Store['db'] = store.db) {
    const notice = await noticeById(db, id);
    const row = notice && (await orderOfNotice(db, id));
    if (!notice || !row) throw new AppError('API_NOT_FOUND', `correction order of notice ${id}`);
    return { notice, row };
  }

  async function note(trx: Trx, notice: NoticeRow, step: keyof typeof actions, by: string, why?: string) {
    const [caseRow] = await casesByIds(trx, [notice.case_id]);
    const data = { notice: notice.id, number: notice.number };
    const at = timestamp(clock.now());
    if (caseRow) await noteInTrail(trx, caseRow, { at, actor: by, action: actions[step], note: why, data });
  }

  /** @throws API_VERSION when somebody was quicker than the version looked at */
  async function change(
    id: string,
    version: number,
    fieldsOf: (trx: Trx, found: Awaited<ReturnType<typeof read>>) => Promise<Partial<CorrectionOrderRow>>,
  ): Promise<CorrectionOrderView> {
    const notice = await store.exclusive(async (trx) => {
      const found = await read(id, trx);
      const late = () => new AppError('API_VERSION', `correction order of notice ${found.notice.number}`);
      if (found.row.version !== version) throw late();
      if (!(await updateOrder(trx, found.row, await fieldsOf(trx, found)))) throw late();
      return found.notice;
    });
    changes.emit({ type: 'notice', notice: id, case: notice.case_id });
    return toView((await read(id)).row, notice);
  }

  return {
    /** @throws API_NOT_FOUND */
    async get(id: string): Promise<CorrectionOrderView> {
      const { notice, row } = await read(id);
      return toView(row, notice);
    },
    /** Drafts one for a notice that is out; there is one at most. @throws API_NOT_FOUND, API_TRANSITION, API_CONFLICT */
    async draft(id: string, by: string): Promise<CorrectionOrderView> {
      const at = timestamp(clock.now());
      const notice = await store.exclusive(async (trx) => {
        const own = await noticeById(trx, id);
        if (!own) throw new AppError('API_NOT_FOUND', `notice ${id}`);
        checkOpen(own, clock.now());
        if (await orderOfNotice(trx, id))
          throw new AppError('API_CONFLICT', `correction order of notice ${own.number}`);
        const fields = JSON.stringify(firstFields(JSON.parse(own.body) as NoticeContent));
        const people = { created_by: by, created_at: at, edited_by: by, edited_at: at };
        const open = { cancelled_at: null, cancelled_by: null, cancelled_why: null };
        const blank = { approved_by: null, approved_at: null, served: null, ...open };
        await insertOrder(trx, { notice_id: id, state: 'draft', version: 1, fields, ...people, ...blank });
        await note(trx, own, 'draft', by);
        return own;
      });
      changes.emit({ type: 'notice', notice: id, case: notice.case_id });
      return toView((await read(id)).row, notice);
    },
    /** Only a draft is written to. @throws API_NOT_FOUND, API_TRANSITION, API_VERSION */
    write: (id: string, fields: CorrectionOrderFields, version: number, by: string) =>
      change(id, version, async (_trx, { row }) => {
        if (row.state !== 'draft') throw new AppError('API_TRANSITION', `correction order is ${row.state}`);
        return { fields: JSON.stringify(fields), edited_by: by, edited_at: timestamp(clock.now()) };
      }),
    /** @throws API_NOT_FOUND, API_TRANSITION with what stands in its way, API_VERSION */
    give: (id: string, command: CorrectionOrderCommand, version: number, by: string) =>
      change(id, version, async (trx, { row, notice }) => {
        const step = orderStep(toView(row, notice), command.command, by);
        if ('fault' in step)
          throw new AppError('API_TRANSITION', step.fault.message, { faults: [{ path: '', ...step.fault }] });
        await note(trx, notice, command.command, by, 'note' in command ? command.note : undefined);
        const at = timestamp(clock.now());
        if (command.command === 'approve') return { state: step.state, approved_by: by, approved_at: at };
        if (command.command === 'cancel')
          return { state: step.state, cancelled_at: at, cancelled_by: by, cancelled_why: command.note };
        const { method, on, recipient } = command;
        return { state: step.state, served: JSON.stringify({ method, on, recipient }) };
      }),
    /** To be signed and sealed; what is no order yet says so across every page. @throws API_NOT_FOUND */
    async pdf(id: string, lang: 'zh' | 'en' = 'zh'): Promise<{ readonly name: string; readonly pdf: Buffer }> {
      const { notice, row } = await read(id);
      const { state, fields, approvedBy, approvedAt, served } = toView(row, notice);
      const filling = await printer.fillingOf(notice, null);
      const { utcOffsetMinutes } = filling.content;
      const values = {
        ...{ orderNumber: fields.orderNumber ?? null, party: fields.party ?? null },
        ...{ reconsiderationBody: fields.reconsiderationBody ?? null, court: fields.court ?? null },
        deadline: localTime(fields.deadline, utcOffsetMinutes),
        approvedBy,
        approvedAt: approvedAt === null ? '' : localTime(approvedAt, utcOffsetMinutes),
      };
      const service = {
        methods: served ? [{ zh: served.method, en: served.method }] : [],
        ...{ sentAt: null, receivedAt: null, receivedBy: served ? `${served.recipient}　${served.on}` : null },
      };
      const mark = state === 'draft' ? draftMark : state === 'cancelled' ? cancelledMark : null;
      const { legalBasis, requirements, officers } = fields;
      const own = { ...filling, values, service, legalBasis, requirements, officers, mark };
      return {
        name: notice.number,
        pdf: await renderPdf(fillTemplate(printer.templates.correctionOrder, own, lang), []),
      };
    },
  };
}
