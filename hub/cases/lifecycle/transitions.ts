/** Which command moves a case from where to where, and who may give it. The one table; everything else asks it. */
import type { CaseCommandName, CaseState } from '../../../contracts/api/case.ts';
import type { Role } from '../../../contracts/api/session.ts';
import type { Actor, SecondPerson } from './facts.ts';
import { type UndoFacts, undoUntil } from './undo.ts';

type Transition = {
  readonly from: readonly CaseState[];
  /** null = the state stays. */
  readonly to: CaseState | null;
  readonly roles: readonly Role[];
  /** False for what may be done to a case that a colleague has claimed. */
  readonly locked: boolean;
};

const operators: readonly Role[] = ['operator', 'supervisor', 'admin'];
const supervisors: readonly Role[] = ['supervisor', 'admin'];
/** What the handling unit does itself; an operator records it for a unit that has no log-in. */
const handlers: readonly Role[] = ['unit', ...operators];

export const undecided: readonly CaseState[] = ['pending-review', 'proposed', 'field-check'];
export const confirmed: readonly CaseState[] = [
  'filed',
  'dispatched',
  'returned',
  'handling',
  'feedback',
  'inspecting',
];
/** With a unit that is at work on it. */
export const underway: readonly CaseState[] = ['dispatched', 'handling'];
export const over: readonly CaseState[] = ['rejected', 'expired', 'closed', 'voided', 'merged'];
const alive: readonly CaseState[] = [...undecided, ...confirmed];

const step = (from: readonly CaseState[], to: CaseState | null, roles: readonly Role[], locked = true): Transition => ({
  from,
  to,
  roles,
  locked,
});

/** `recheck`, `reopen`, `link-split` and `undo` depend on more than the state; `decide` says where they lead. */
export const transitions: Readonly<Record<CaseCommandName, Transition>> = {
  claim: step(alive, null, operators),
  release: step(alive, null, operators),
  confirm: step(undecided, 'filed', operators),
  reject: step(undecided, 'rejected', operators),
  'field-check': step(['pending-review', 'proposed'], 'field-check', operators),
  dispatch: step(['filed', 'returned'], 'dispatched', supervisors),
  return: step(underway, 'returned', handlers),
  handle: step(['dispatched'], 'handling', handlers),
  feedback: step(['handling'], 'feedback', handlers),
  recheck: step(['feedback', 'inspecting'], 'inspecting', operators),
  close: step(['inspecting'], 'closed', supervisors),
  reopen: step(over, 'handling', supervisors),
  undo: step(['filed', 'rejected', 'field-check'], null, operators),
  merge: step(alive, 'merged', supervisors),
  split: step(alive, null, supervisors),
  // Who reviews decides about a proposal of the hub; a merge without one is a supervisor's.
  'link-merge': step(alive, 'merged', operators),
  'link-split': step(['merged'], null, operators),
  'link-refuse': step(alive, null, operators),
  'link-restore': step(alive, null, operators),
  void: step(confirmed, 'voided', supervisors),
  comment: step([...alive, ...over], null, handlers, false),
  extend: step(underway, null, handlers),
  'grant-extension': step(underway, null, supervisors),
  'refuse-extension': step(underway, null, supervisors),
  // An objection to how a case is counted, not to its handling: it may come after the close.
  appeal: step([...confirmed.filter((state) => state !== 'filed'), 'closed'], null, handlers, false),
  'answer-appeal': step([...confirmed, 'closed', 'voided'], null, supervisors, false),
};

const supervises = (role: Role) => supervisors.includes(role);

/** A claim keeps colleagues off, not the unit that handles the case; a supervisor may step in. */
export function isLocked(claimedBy: string | null, actor: Actor): boolean {
  return claimedBy !== null && claimedBy !== actor.name && !supervises(actor.role) && actor.role !== 'unit';
}

/** Who confirmed it, handled it, or belongs to the unit that did, does not judge whether it is done. */
export function mayInspect(facts: SecondPerson, actor: Actor): boolean {
  return facts.confirmedBy !== actor.name && !hasHandled(facts, actor);
}

/** Whether this person had a part in the handling. */
export function hasHandled({ handlers: names, unit }: SecondPerson, actor: Actor): boolean {
  return names.includes(actor.name) || (actor.unit !== undefined && actor.unit === unit);
}

/** Commands that this person may give now. */
export function possibleSteps(
  facts: UndoFacts & SecondPerson & { readonly claimedBy: string | null; readonly sightings: number },
  actor: Actor,
): CaseCommandName[] {
  if (actor.role === 'unit' && (facts.unit === null || actor.unit !== facts.unit)) return [];
  return (Object.keys(transitions) as CaseCommandName[]).filter((name) => {
    const { from, roles, locked } = transitions[name];
    if (!roles.includes(actor.role) || !from.includes(facts.state)) return false;
    if (locked && isLocked(facts.claimedBy, actor)) return false;
    // They are a link's, not the case's: `linksOfCase` offers them.
    if (name.startsWith('link-')) return false;
    if (name === 'claim') return facts.claimedBy !== actor.name;
    if (name === 'release') return facts.claimedBy !== null;
    if (name === 'split') return facts.sightings > 1;
    if (name === 'void') return facts.confirmedBy !== actor.name;
    if (name === 'recheck') return mayInspect(facts, actor);
    if (name === 'close') return !hasHandled(facts, actor);
    if (name === 'extend') return facts.extension?.state !== 'asked';
    if (name === 'grant-extension' || name === 'refuse-extension')
      return facts.extension?.state === 'asked' && facts.extension.by !== actor.name;
    if (name === 'appeal') return facts.appeal?.state !== 'open';
    if (name === 'answer-appeal') return facts.appeal?.state === 'open' && facts.appeal.by !== actor.name;
    if (name === 'undo') return undoUntil(facts, actor.name) !== null;
    return true;
  });
}
