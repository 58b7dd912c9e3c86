/** Which command moves a case from where to where, and who may give it. The one table; everything else asks it. */
import type { CaseCommandName, CaseState } from '../../../contracts/api/case.ts';
import type { Role } from '../../../contracts/api/session.ts';
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

export const undecided: readonly CaseState[] = ['pending-review', 'proposed', 'field-check'];
export const confirmed: readonly CaseState[] = [
  'filed',
  'dispatched',
  'returned',
  'handling',
  'feedback',
  'inspecting',
];
export const over: readonly CaseState[] = ['rejected', 'expired', 'closed', 'voided', 'merged'];
const alive: readonly CaseState[] = [...undecided, ...confirmed];

const step = (from: readonly CaseState[], to: CaseState | null, roles: readonly Role[], locked = true): Transition => ({
  from,
  to,
  roles,
  locked,
});

/** `recheck`, `reopen` and `undo` depend on more than the state; `decide` says where they lead. */
export const transitions: Readonly<Record<CaseCommandName, Transition>> = {
  claim: step(alive, null, operators),
  release: step(alive, null, operators),
  confirm: step(undecided, 'filed', operators),
  reject: step(undecided, 'rejected', operators),
  'field-check': step(['pending-review', 'proposed'], 'field-check', operators),
  dispatch: step(['filed', 'returned'], 'dispatched', supervisors),
  return: step(['dispatched', 'handling'], 'returned', operators),
  handle: step(['dispatched'], 'handling', operators),
  feedback: step(['handling'], 'feedback', operators),
  recheck: step(['feedback', 'inspecting'], 'inspecting', operators),
  close: step(['inspecting'], 'closed', supervisors),
  reopen: step(over, 'handling', supervisors),
  undo: step(['filed', 'rejected', 'field-check'], null, operators),
  merge: step(alive, 'merged', supervisors),
  split: step(alive, null, supervisors),
  void: step(confirmed, 'voided', supervisors),
  comment: step([...alive, ...over], null, operators, false),
};

const supervises = (role: Role) => supervisors.includes(role);

/** A claim keeps colleagues off; a supervisor may step in. */
export function isLocked(claimedBy: string | null, actor: { readonly name: string; readonly role: Role }): boolean {
  return claimedBy !== null && claimedBy !== actor.name && !supervises(actor.role);
}

/** Who did what a second person must judge. */
type SecondPerson = { readonly confirmedBy: string | null; readonly handledBy: string | null };

/** Commands that this person may give now. */
export function possibleSteps(
  facts: UndoFacts & SecondPerson & { readonly claimedBy: string | null; readonly sightings: number },
  actor: { readonly name: string; readonly role: Role },
): CaseCommandName[] {
  return (Object.keys(transitions) as CaseCommandName[]).filter((name) => {
    const { from, roles, locked } = transitions[name];
    if (!roles.includes(actor.role) || !from.includes(facts.state)) return false;
    if (locked && isLocked(facts.claimedBy, actor)) return false;
    if (name === 'claim') return facts.claimedBy !== actor.name;
    if (name === 'release') return facts.claimedBy !== null;
    if (name === 'split') return facts.sightings > 1;
    if (name === 'void') return facts.confirmedBy !== actor.name;
    if (name === 'close') return facts.handledBy !== actor.name;
    if (name === 'undo') return undoUntil(facts, actor.name) !== null;
    return true;
  });
}
