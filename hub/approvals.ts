/** Four eyes: what the configuration names is done only once a second named person has approved it, once, and in time. */
import { randomUUID } from 'node:crypto';
import type { ApprovalAction, ApprovalBody, ApprovalCommand, ApprovalView } from '../contracts/api/approval.ts';
import type { AuditThing } from '../contracts/api/audit.ts';
import { AppError } from '../platform/app-error.ts';
import { timestamp } from '../platform/clock.ts';
import { type Author, appendAudit } from './audit.ts';
import type { Actor } from './cases/lifecycle/facts.ts';
import type { FourEyesConfig } from './four-eyes-config.ts';
import {
  type ApprovalRow,
  approvalById,
  insertApproval,
  listApprovals,
  moveApproval,
  openApproval,
} from './storage/approvals.ts';
import { casesByIds } from './storage/cases.ts';
import { isWithin, reachOf } from './storage/reach.ts';
import type { Db, Store } from './storage/store.ts';

const LIST = 200;
const MINUTE = 60_000;
const registers: ReadonlySet<string> = new Set(['permit', 'site', 'carrier', 'stall-point', 'camera']);

export type Approvals = {
  /** Actions that need a second person here. */
  readonly needed: readonly ApprovalAction[];
  /** The same request again gives the one that is open. @throws API_VALIDATION, API_NOT_FOUND, API_FORBIDDEN */
  request(body: ApprovalBody, actor: Actor, by: Author): Promise<ApprovalView>;
  list(actor: Actor, now: number): Promise<ApprovalView[]>;
  /** @throws API_NOT_FOUND, API_OWN_APPROVAL, API_FORBIDDEN, API_TRANSITION */
  decide(id: string, command: ApprovalCommand['command'], actor: Actor, by: Author): Promise<ApprovalView>;
  /** Uses the approval up; nothing where none is needed. @throws API_APPROVAL where there is none to use */
  use(action: ApprovalAction, thing: AuditThing, target: string, by: Author): Promise<void>;
};

/** Of the role that the action itself needs. */
const mayJudge = (action: string, { role }: Actor) =>
  role === 'admin' || (action === 'export' && role === 'supervisor');

const stateAt = (row: ApprovalRow, now: string) =>
  (row.state === 'waiting' || row.state === 'approved') && row.expires_at <= now ? 'expired' : row.state;

function toView(row: ApprovalRow, number: string | null, actor: Actor, now: string): ApprovalView {
  const state = stateAt(row, now) as ApprovalView['state'];
  return {
    ...({ id: row.id, action: row.action, thing: row.thing, target: row.thing_id } as ApprovalView),
    ...{ number, reason: row.reason, requestedBy: row.requested_by, requestedAt: row.requested_at },
    ...{ expiresAt: row.expires_at, state, decidedBy: row.decided_by, decidedAt: row.decided_at },
    usedAt: row.used_at,
    mayDecide: state === 'waiting' && row.requested_by !== actor.name && mayJudge(row.action, actor),
  };
}

function refuse(path: string, message: string, messageZh: string): never {
  throw new AppError('API_VALIDATION', message, { faults: [{ path, message, messageZh }] });
}

/** What can be asked for at all, and by whom. */
async function checkRequest(db: Db, { action, thing, target }: ApprovalBody, actor: Actor): Promise<void> {
  if (action === 'delete' && actor.role !== 'admin') throw new AppError('API_FORBIDDEN', 'needs the role admin');
  if ((action === 'delete') !== (thing === 'node'))
    refuse('thing', `${action} is not asked for of a ${thing}`, '此类事项不适用于该对象');
  if (registers.has(thing) && target !== '*')
    refuse('target', 'a register is exported whole: write *', '台账按整表导出，请填写 *');
  if (thing !== 'case') return;
  const [row] = await casesByIds(db, [target]);
  if (!row || !(await isWithin(db, reachOf(actor), 'case', target)))
    throw new AppError('API_NOT_FOUND', `case ${target}`);
}

async function numbersOf(db: Db, rows: readonly ApprovalRow[]): Promise<Map<string, string>> {
  const ids = rows.filter(({ thing }) => thing === 'case').map(({ thing_id }) => thing_id);
  return new Map((await casesByIds(db, [...new Set(ids)])).map(({ id, number }) => [id, number]));
}

/** @param config nothing needs a second person without it */
export function createApprovals(store: Store, config: FourEyesConfig = {}): Approvals {
  const { db } = store;
  const needed = (['export', 'delete'] as const).filter((action) => config[action]);
  const waitMs = (config.minutes ?? 60) * MINUTE;

  async function viewsOf(rows: readonly ApprovalRow[], actor: Actor, now: number): Promise<ApprovalView[]> {
    const numbers = await numbersOf(db, rows);
    return rows.map((row) => toView(row, numbers.get(row.thing_id) ?? null, actor, timestamp(now)));
  }
  async function viewOf(id: string, actor: Actor, now: number): Promise<ApprovalView> {
    const row = await approvalById(db, id);
    const [view] = row ? await viewsOf([row], actor, now) : [];
    if (!view) throw new AppError('API_NOT_FOUND', `approval ${id}`);
    return view;
  }

  return {
    needed,
    async request(body, actor, by) {
      const { action, thing, target, reason } = body;
      if (!needed.includes(action)) refuse('action', 'needs no second person here', '此事项无需第二人批准');
      await checkRequest(db, body, actor);
      const at = timestamp(by.now);
      const asked = { action, thing, thing_id: target, requested_by: actor.name };
      const id = await store.exclusive(async (trx) => {
        const open = await openApproval(trx, asked, at);
        if (open) return open.id;
        const row = { id: randomUUID(), ...asked, reason: reason.trim(), requested_at: at };
        const undecided = { state: 'waiting', decided_by: null, decided_at: null, used_at: null };
        await insertApproval(trx, { ...row, ...undecided, expires_at: timestamp(by.now + waitMs) });
        const data = { approval: row.id, of: action, reason: row.reason };
        await appendAudit(trx, by, [{ action: 'request', thing, id: target, data }]);
        return row.id;
      });
      return viewOf(id, actor, by.now);
    },

    list: async (actor, now) => viewsOf(await listApprovals(db, actor.name, reachOf(actor), LIST), actor, now),

    async decide(id, command, actor, by) {
      const at = timestamp(by.now);
      const reach = reachOf(actor);
      await store.exclusive(async (trx) => {
        const row = await approvalById(trx, id);
        const known = row && (row.requested_by === actor.name || reach === null || row.thing === 'case');
        if (!row || !known || (row.thing === 'case' && !(await isWithin(trx, reach, 'case', row.thing_id))))
          throw new AppError('API_NOT_FOUND', `approval ${id}`);
        if (row.requested_by === actor.name) throw new AppError('API_OWN_APPROVAL', id);
        if (!mayJudge(row.action, actor)) throw new AppError('API_FORBIDDEN', 'needs the role admin');
        const state = stateAt(row, at);
        const decided = { decided_by: actor.name, decided_at: at };
        const next =
          command === 'approve' ? { state: 'approved', expires_at: timestamp(by.now + waitMs) } : { state: 'refused' };
        if (state !== 'waiting' || !(await moveApproval(trx, id, 'waiting', { ...decided, ...next })))
          throw new AppError('API_TRANSITION', `the request is ${state}`);
        const data = { approval: id, of: row.action, requestedBy: row.requested_by };
        const step = { thing: row.thing as AuditThing, id: row.thing_id, data };
        await appendAudit(trx, by, [{ action: command, ...step }]);
      });
      return viewOf(id, actor, by.now);
    },

    async use(action, thing, target, by) {
      if (!needed.includes(action)) return;
      const at = timestamp(by.now);
      await store.exclusive(async (trx) => {
        const asked = { action, thing, thing_id: target, requested_by: by.actor };
        const open = await openApproval(trx, asked, at);
        const used = { state: 'used', used_at: at };
        if (open?.state !== 'approved' || !(await moveApproval(trx, open.id, 'approved', used)))
          throw new AppError('API_APPROVAL', open ? 'the request waits for the second person' : 'not asked for yet');
      });
    },
  };
}
