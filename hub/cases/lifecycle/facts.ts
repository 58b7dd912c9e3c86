/** What the lifecycle decides on: a case as it is, and who acts. */
import type { CaseState } from '../../../contracts/api/case.ts';
import type { CaseAppeal, CaseExtension } from '../../../contracts/api/case-round.ts';
import type { UserScope } from '../../../contracts/api/scope.ts';
import type { Role } from '../../../contracts/api/session.ts';
import type { UndoFacts } from './undo.ts';

/** Who gives a command: a user, the handling unit of one that belongs to one, what the user is confined to. */
export type Actor = {
  readonly name: string;
  readonly role: Role;
  readonly unit?: string;
  readonly scope?: UserScope;
};

/** Who did what a second person must judge. */
export type SecondPerson = {
  readonly confirmedBy: string | null;
  /** Everybody who ever began to handle it or reported that it was handled. */
  readonly handlers: readonly string[];
  /** The unit that has it. */
  readonly unit: string | null;
  readonly extension: CaseExtension | null;
  readonly appeal: CaseAppeal | null;
};

export type LifecycleFacts = UndoFacts &
  SecondPerson & {
    /** Whose claim holds, and until when. */
    readonly claimedBy: string | null;
    readonly claimedUntil: string | null;
    readonly sightings: number;
    readonly rework: number;
    /** Photographs of the unit that has it, taken in this round of handling. */
    readonly photos: number;
    /** ms since the epoch */
    readonly dueAt: number | null;
    /** State before it ended, for what takes the end back. */
    readonly stateBefore: CaseState | null;
  };
