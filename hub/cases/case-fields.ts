/** What a command writes into a case's row beside its state: plate, unit, extension, appeal, closure code. */
import type { CaseCommand } from '../../contracts/api/case.ts';
import type { CaseAppeal, CaseExtension } from '../../contracts/api/case-round.ts';
import { timestamp } from '../../platform/clock.ts';
import type { CaseRow } from '../storage/cases.ts';
import type { Actor, LifecycleFacts } from './lifecycle/facts.ts';
import { underway } from './lifecycle/transitions.ts';

type Fields = Partial<Pick<CaseRow, 'plate' | 'unit' | 'extension' | 'appeal' | 'due_at' | 'escalation' | 'closure'>>;

/** What was checked of a command and goes into its entry of the trail. */
type CheckedData = Readonly<Record<string, unknown>>;

function asked(until: string, reason: string, by: string, at: string): CaseExtension {
  return { state: 'asked', until: timestamp(Date.parse(until)), reason, by, at, decidedBy: null, decidedAt: null };
}

/** Fields that the command itself says. */
function saidBy(command: CaseCommand, facts: LifecycleFacts, actor: Actor, checked: CheckedData): Fields {
  const [at, by] = [timestamp(facts.now), actor.name];
  const decided = { decidedBy: by, decidedAt: at };
  switch (command.command) {
    case 'confirm':
      return { plate: command.plate || null };
    case 'dispatch':
      return { unit: command.unit };
    case 'extend':
      return { extension: JSON.stringify(asked(command.until, command.note, by, at)) };
    case 'grant-extension': {
      const until = facts.extension?.until ?? null;
      return {
        extension: JSON.stringify({ ...facts.extension, state: 'granted', ...decided }),
        due_at: until,
        escalation: 0,
      };
    }
    case 'refuse-extension':
      return { extension: JSON.stringify({ ...facts.extension, state: 'refused', ...decided }) };
    case 'appeal': {
      const open: CaseAppeal = { state: 'open', reason: command.note, by, at, decidedBy: null, decidedAt: null };
      return { appeal: JSON.stringify(open) };
    }
    case 'answer-appeal':
      return { appeal: JSON.stringify({ ...facts.appeal, state: command.result, ...decided }) };
    case 'close': {
      const { closure: code } = command;
      return { closure: code ? JSON.stringify({ version: checked.closureVersion, code }) : null };
    }
    default:
      return {};
  }
}

/**
 * Everything but state, claim and deadline that a command changes. A request for more time ends with the round of
 * handling that it was made in.
 */
export function fieldsOf(
  command: CaseCommand,
  to: string,
  facts: LifecycleFacts,
  actor: Actor,
  checked: CheckedData,
): Fields {
  const keeps = underway.some((state) => state === facts.state) && underway.some((state) => state === to);
  return { ...(keeps ? {} : { extension: null }), ...saidBy(command, facts, actor, checked) };
}
