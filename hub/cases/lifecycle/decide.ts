/** The lifecycle of a case: (facts, command, who) → what changes, or why not. Pure; `cases/commands.ts` carries it out. */
import type { CaseCommand, CaseCommandName, CaseState, Outcome } from '../../../contracts/api/case.ts';
import type { Role } from '../../../contracts/api/session.ts';
import type { Bilingual } from '../../../contracts/text.ts';
import { isLocked, transitions } from './transitions.ts';
import { type UndoFacts, undoObjection } from './undo.ts';
import { localClock } from './working-time.ts';

export type Actor = { readonly name: string; readonly role: Role };

export type LifecycleFacts = UndoFacts & {
  /** Whose claim holds, and until when. */
  readonly claimedBy: string | null;
  readonly claimedUntil: string | null;
  readonly sightings: number;
  readonly rework: number;
  /** Who confirmed it, for what needs a second person. */
  readonly confirmedBy: string | null;
  /** Who said last that it was handled. */
  readonly handledBy: string | null;
  /** State before it ended, for what takes the end back. */
  readonly stateBefore: CaseState | null;
};

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
  if (command.command === 'reopen') return reopened(facts);
  if (command.command === 'undo') return facts.lastMove?.from ?? facts.state;
  return transitions[command.command].to ?? facts.state;
}

function objection(facts: LifecycleFacts, command: CaseCommand, actor: Actor): Bilingual | null {
  switch (command.command) {
    case 'release':
      return facts.claimedBy === null ? { en: 'nobody has claimed it', zh: '无人领取此案件' } : null;
    case 'recheck': {
      const wanted = command.result === 'start' ? 'feedback' : 'inspecting';
      if (facts.state === wanted) return null;
      return {
        en: `recheck "${command.result}" needs state ${wanted}, it is ${facts.state}`,
        zh: command.result === 'start' ? '反馈后才能开始核查' : '核查开始后才能给出结果',
      };
    }
    case 'void':
      return facts.confirmedBy === actor.name
        ? { en: 'a case is voided by a second person, not by who confirmed it', zh: '作废须由确认人以外的人办理' }
        : null;
    case 'close':
      return facts.handledBy === actor.name
        ? { en: 'a case is closed by a second person, not by who handled it', zh: '结案须由反馈人以外的人办理' }
        : null;
    default:
      return null;
  }
}

function refusalOf(facts: LifecycleFacts, command: CaseCommand, actor: Actor): Decision | null {
  const name = command.command;
  const { from, roles, locked } = transitions[name];
  if (!roles.includes(actor.role))
    return refuse('API_FORBIDDEN', { en: `${actor.role} may not ${name}`, zh: '您的角色无此权限' });
  const late = name === 'undo' ? undoObjection(facts, actor.name) : null;
  if (late) return refuse('API_UNDO', late);
  if (!from.includes(facts.state)) {
    const en = `${name} is not possible in state ${facts.state}`;
    return refuse('API_TRANSITION', { en, zh: '案件状态已变，请重新打开' });
  }
  if (locked && isLocked(facts.claimedBy, actor)) {
    const until =
      facts.claimedUntil === null ? '—' : localClock(Date.parse(facts.claimedUntil), facts.utcOffsetMinutes);
    return refuse('API_TRANSITION', {
      en: `${facts.claimedBy} has claimed it until ${until}`,
      zh: `${facts.claimedBy} 已领取，至 ${until}`,
    });
  }
  const why = objection(facts, command, actor);
  return why === null ? null : refuse('API_TRANSITION', why);
}

function claimAfter(facts: LifecycleFacts, name: CaseCommandName, actor: Actor): string | null {
  // Who takes a decision back goes on with the case.
  if (name === 'claim' || name === 'undo') return actor.name;
  if (name === 'comment' || name === 'split') return facts.claimedBy;
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
