/** What people decide about links: kept at the link, told in both trails and in the audit log. */
import type { CaseCommand, CaseState } from '../../contracts/api/case.ts';
import type { CaseLinkState } from '../../contracts/api/case-link.ts';
import { AppError } from '../../platform/app-error.ts';
import { timestamp } from '../../platform/clock.ts';
import { appendAudit } from '../audit.ts';
import { appendHistory } from '../storage/case-history.ts';
import { linkOf, pairOf, settleLink } from '../storage/case-links.ts';
import { type CaseRow, casesByIds } from '../storage/cases.ts';
import type { Trx } from '../storage/store.ts';
import { extendHistory } from './history.ts';
import type { Actor } from './lifecycle/facts.ts';

/** What each decision needs the link to be, and makes of it. */
const decisions = {
  'link-merge': { from: 'proposed', to: 'merged' },
  'link-split': { from: 'merged', to: 'proposed' },
  'link-refuse': { from: 'proposed', to: 'refused' },
  'link-restore': { from: 'refused', to: 'proposed' },
} as const satisfies Record<string, { from: CaseLinkState; to: CaseLinkState }>;
type LinkCommand = Extract<CaseCommand, { command: keyof typeof decisions }>;

/** Whether a command is about a link. */
export function isLinkCommand(command: CaseCommand): command is LinkCommand {
  return command.command in decisions;
}

function refusal(code: 'API_NOT_FOUND' | 'API_TRANSITION', message: string, messageZh: string): AppError {
  return new AppError(code, message, { faults: [{ path: 'other', message, messageZh }] });
}

/**
 * The other case of the link that the command is about.
 * @throws API_NOT_FOUND without such a link, API_TRANSITION where somebody has decided about it already
 */
export async function linkTarget(trx: Trx, row: CaseRow, { command, other }: LinkCommand): Promise<CaseRow> {
  const link = await linkOf(trx, row.id, other);
  const [target] = link ? await casesByIds(trx, [other]) : [];
  if (!link || !target) throw refusal('API_NOT_FOUND', `case ${row.number} has no link to ${other}`, '没有这条关联');
  const { from } = decisions[command];
  if (link.state !== from || (from === 'merged' && row.merged_into !== target.id))
    throw refusal('API_TRANSITION', `the link to case ${target.number} is ${link.state}`, '关联已由他人处理，请刷新');
  return target;
}

/** Keeps what a person decided about the link of two cases. @param now ms since the epoch */
export async function decideLink(
  trx: Trx,
  [one, other]: readonly [CaseRow, CaseRow],
  to: CaseLinkState,
  actor: Actor,
  now: number,
): Promise<void> {
  const before = await linkOf(trx, one.id, other.id);
  if (!before || before.state === to) return;
  const open = to === 'proposed';
  const settled = { decided_by: open ? null : actor.name, decided_at: open ? null : timestamp(now) };
  await settleLink(trx, pairOf(one.id, other.id), { state: to, ...settled });
  const data = { cases: [one.number, other.number], changes: [{ field: 'state', from: before.state, to }] };
  const step = { action: 'change', thing: 'case-link', id: `${one.number} ${other.number}`, data } as const;
  await appendAudit(trx, { actor: actor.name, address: null, now }, [step]);
}

/** Refuses a proposal, or takes it up again: no event moves, and the other case's version stays. @returns the other case */
export async function markLink(
  trx: Trx,
  row: CaseRow,
  command: LinkCommand,
  actor: Actor,
  now: number,
): Promise<CaseRow> {
  const target = await linkTarget(trx, row, command);
  await decideLink(trx, [row, target], decisions[command.command].to, actor, now);
  const state = target.state as CaseState;
  const data = { case: row.id, number: row.number };
  const step = { at: timestamp(now), actor: actor.name, action: command.command, from: state, to: state, data };
  const { caseRow, entry } = extendHistory(target, step);
  await appendHistory(trx, entry);
  return caseRow;
}
