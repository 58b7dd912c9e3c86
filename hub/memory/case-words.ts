/** Decisions on cases go back to the camera that saw them: what was real, and what was no such thing. */
import { randomUUID } from 'node:crypto';
import type { CaseCommand, RejectReason } from '../../contracts/api/case.ts';
import { type CaseSight, type caseWords, MAX_CASE_SIGHTS, type MemoryOrder } from '../../contracts/camera-memory.ts';
import type { ViolationEvent } from '../../contracts/event.ts';
import type { ViolationKind } from '../../contracts/violations/index.ts';
import { timestamp } from '../../platform/clock.ts';
import { hasCaseWord, queueMemoryOrder } from '../storage/camera-memory.ts';
import type { CaseRow } from '../storage/cases.ts';
import { eventsOfCase } from '../storage/events.ts';
import type { Trx } from '../storage/store.ts';

type Word = (typeof caseWords)[number];

/** What a reason says of the detector: `permitted` is a real stall; of what is too unclear nothing is known. */
const wordOfReason: Readonly<Record<RejectReason, Word>> = {
  permitted: 'confirmed',
  'parked-vehicle': 'rejected',
  pedestrians: 'rejected',
  'glare-or-rain': 'rejected',
  'wrong-class': 'rejected',
  fixture: 'rejected',
  'too-unclear': 'none',
  other: 'none',
};

/** Null for a command that decides nothing. A case that is reopened is being handled: something was there. */
export function wordOf(command: CaseCommand): Word | null {
  if (command.command === 'reject') return wordOfReason[command.reason];
  if (command.command === 'confirm' || command.command === 'reopen') return 'confirmed';
  return command.command === 'undo' || command.command === 'void' ? 'none' : null;
}

async function sightsOf(trx: Trx, caseId: string): Promise<CaseSight[]> {
  const rows = await eventsOfCase(trx, caseId);
  return rows
    .reverse()
    .flatMap(({ body, at }) => {
      const { objects } = JSON.parse(body) as ViolationEvent;
      return objects
        .filter((thing) => thing.class !== 'person')
        .map((thing) => ({ class: thing.class, box: thing.box, at }));
    })
    .slice(0, MAX_CASE_SIGHTS);
}

/** Queues the decision for the case's node, in the transaction that decides. @param now ms since the epoch */
export async function queueCaseWord(
  trx: Trx,
  caseRow: CaseRow,
  command: CaseCommand,
  actor: { readonly name: string },
  now: number,
): Promise<void> {
  // What no camera has seen teaches none.
  if (caseRow.camera === '') return;
  const verdict = wordOf(command);
  // Nothing is taken back where nothing was said.
  if (verdict === null || (verdict === 'none' && !(await hasCaseWord(trx, caseRow.id)))) return;
  const order: MemoryOrder = {
    command: 'verdict',
    camera: caseRow.camera,
    kind: caseRow.kind as ViolationKind,
    case: caseRow.id,
    verdict,
    sights: verdict === 'none' ? [] : await sightsOf(trx, caseRow.id),
  };
  await queueMemoryOrder(trx, {
    ...{ id: randomUUID(), node: caseRow.node, camera: caseRow.camera, case_id: caseRow.id },
    ...{ body: JSON.stringify(order), created_at: timestamp(now), created_by: actor.name },
  });
}
