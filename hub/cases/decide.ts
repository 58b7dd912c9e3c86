/** The lifecycle of a case: (facts, command, who) → what changes, or why not. Pure; `desk` carries it out. */
import type { CaseCommand, CaseCommandName, CaseState, Outcome } from '../../contracts/api/case.ts';
import type { Role } from '../../contracts/api/session.ts';
import { isLocked, transitions } from './transitions.ts';

export type Actor = { readonly name: string; readonly role: Role };

export type LifecycleFacts = {
  readonly state: CaseState;
  readonly claimedBy: string | null;
  readonly sightings: number;
  readonly rework: number;
  /** Who confirmed it, for what needs a second person. */
  readonly confirmedBy: string | null;
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
  | { readonly ok: false; readonly code: 'API_FORBIDDEN' | 'API_TRANSITION' | 'API_VALIDATION'; readonly why: string };

const refuse = (code: 'API_FORBIDDEN' | 'API_TRANSITION' | 'API_VALIDATION', why: string): Decision => ({
  ok: false,
  code,
  why,
});

/** Where a case goes when its end is taken back. */
function reopened(facts: LifecycleFacts): CaseState {
  if (facts.state === 'closed') return 'handling';
  if (facts.state === 'rejected' || facts.state === 'expired') return 'pending-review';
  return facts.stateBefore ?? (facts.state === 'voided' ? 'filed' : 'pending-review');
}

function target(facts: LifecycleFacts, command: CaseCommand): CaseState {
  if (command.command === 'recheck' && command.result === 'fail') return 'handling';
  if (command.command === 'reopen') return reopened(facts);
  return transitions[command.command].to ?? facts.state;
}

function objection(facts: LifecycleFacts, command: CaseCommand, actor: Actor): string | null {
  switch (command.command) {
    case 'release':
      return facts.claimedBy === null ? 'nobody has claimed it' : null;
    case 'recheck': {
      const wanted = command.result === 'start' ? 'feedback' : 'inspecting';
      return facts.state === wanted ? null : `recheck "${command.result}" needs state ${wanted}, it is ${facts.state}`;
    }
    case 'void':
      return facts.confirmedBy === actor.name ? 'a case is voided by a second person, not by who confirmed it' : null;
    default:
      return null;
  }
}

function claimAfter(facts: LifecycleFacts, name: CaseCommandName, actor: Actor): string | null {
  if (name === 'claim') return actor.name;
  if (name === 'comment' || name === 'split') return facts.claimedBy;
  // A step done leaves the case free for whoever takes the next one.
  return null;
}

export function decide(facts: LifecycleFacts, command: CaseCommand, actor: Actor): Decision {
  const { from, roles, locked } = transitions[command.command];
  if (!roles.includes(actor.role)) return refuse('API_FORBIDDEN', `${actor.role} may not ${command.command}`);
  if (!from.includes(facts.state)) {
    return refuse('API_TRANSITION', `${command.command} is not possible in state ${facts.state}`);
  }
  if (locked && isLocked(facts.claimedBy, actor)) {
    return refuse('API_TRANSITION', `${facts.claimedBy} has claimed it`);
  }
  const why = objection(facts, command, actor);
  if (why) return refuse('API_TRANSITION', why);
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
