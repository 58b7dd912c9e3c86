/** The lifecycle of a case: (facts, command, who) → what changes, or why not. Pure; `cases/commands.ts` carries it out. */
import type { CaseCommand, CaseCommandName, CaseState, Outcome } from '../../../contracts/api/case.ts';
import type { Bilingual } from '../../../contracts/text.ts';
import type { Actor, LifecycleFacts } from './facts.ts';
import { lockedBy, objectionTo } from './objections.ts';
import { isLocked, transitions } from './transitions.ts';
import { undoObjection } from './undo.ts';

export type Decision =
  | {
      readonly ok: true;
      readonly to: CaseState;
      readonly claimedBy: string | null;
      readonly rework: number;
      readonly outcome: Outcome | null | 'keep';
    }
  | { readonly ok: false; readonly code: RefusalCode; readonly why: Bilingual };

type RefusalCode = 'API_FORBIDDEN' | 'API_TRANSITION' | 'API_UNDO';

const refuse = (code: RefusalCode, why: Bilingual): Decision => ({ ok: false, code, why });

/** Where a case goes when its end is taken back. */
function reopened(facts: LifecycleFacts): CaseState {
  if (facts.state === 'closed') return 'handling';
  if (facts.state === 'rejected' && facts.stateBefore === 'proposed') return 'proposed';
  if (facts.state === 'rejected' || facts.state === 'expired') return 'pending-review';
  return facts.stateBefore ?? (facts.state === 'voided' ? 'filed' : 'pending-review');
}

function target(facts: LifecycleFacts, command: CaseCommand): CaseState {
  if (command.command === 'recheck' && command.result === 'fail') return 'handling';
  if (command.command === 'reopen' || command.command === 'link-split') return reopened(facts);
  if (command.command === 'undo') return facts.lastMove?.from ?? facts.state;
  return transitions[command.command].to ?? facts.state;
}

function refusalOf(facts: LifecycleFacts, command: CaseCommand, actor: Actor): Decision | null {
  const name = command.command;
  const { from, roles, locked } = transitions[name];
  if (!roles.includes(actor.role))
    return refuse('API_FORBIDDEN', { en: `${actor.role} may not ${name}`, zh: '您的角色无此权限' });
  if (actor.role === 'unit' && (facts.unit === null || actor.unit !== facts.unit))
    return refuse('API_FORBIDDEN', { en: 'the case is not your unit’s', zh: '此案件不属于您的单位' });
  const late = name === 'undo' ? undoObjection(facts, actor.name) : null;
  if (late) return refuse('API_UNDO', late);
  if (!from.includes(facts.state)) {
    const en = `${name} is not possible in state ${facts.state}`;
    return refuse('API_TRANSITION', { en, zh: '案件状态已变，请重新打开' });
  }
  if (locked && isLocked(facts.claimedBy, actor)) return refuse('API_TRANSITION', lockedBy(facts));
  const why = objectionTo(facts, command, actor);
  return why === null ? null : refuse('API_TRANSITION', why);
}

const keepsClaim: ReadonlySet<CaseCommandName> = new Set([
  'comment',
  'split',
  'link-refuse',
  'link-restore',
  'extend',
  'grant-extension',
  'refuse-extension',
  'appeal',
  'answer-appeal',
]);

function claimAfter(facts: LifecycleFacts, name: CaseCommandName, actor: Actor): string | null {
  // Who takes a decision back goes on with the case.
  if (name === 'claim' || name === 'undo') return actor.name;
  // What leaves the state as it is takes nobody's place.
  if (keepsClaim.has(name)) return facts.claimedBy;
  // A step done leaves the case free for whoever takes the next one.
  return null;
}

/**
 * Asks the one table of transitions, then what depends on more than the state.
 * @returns what the case becomes, or a refusal with its reason in both languages; nothing is thrown
 */
export function decide(facts: LifecycleFacts, command: CaseCommand, actor: Actor): Decision {
  const refusal = refusalOf(facts, command, actor);
  if (refusal) return refusal;
  const fails = command.command === 'recheck' && command.result === 'fail';
  const again = command.command === 'reopen' && facts.state === 'closed';
  return {
    ok: true,
    to: target(facts, command),
    claimedBy: claimAfter(facts, command.command, actor),
    rework: facts.rework + (fails || again ? 1 : 0),
    outcome: command.command === 'close' ? command.outcome : command.command === 'reopen' ? null : 'keep',
  };
}
