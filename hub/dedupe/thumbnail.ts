/** Which of an event's stills shows it best at a glance. */
import { type EvidenceRef, EvidenceRole } from '../../contracts/evidence.ts';
import { type ViolationKind, violations } from '../../contracts/violations/index.ts';

/** These show the violation itself; any other shows less than what an earlier revision has brought. */
const SHOWS_VIOLATION: ReadonlySet<EvidenceRole> = new Set(['worst', 'bed', 'start', 'threshold', 'during']);
const allRoles = EvidenceRole.anyOf.map((role) => role.const);

/**
 * The SHA-256 of the JPEG to show, or null where there is none.
 * @param before what the event's earlier revisions were shown by: a revision brings only what is new
 */
export function thumbnailOf(
  kind: ViolationKind,
  evidence: readonly EvidenceRef[],
  before: string | null = null,
): string | null {
  const bestFirst = [...violations[kind].stillOrder, ...allRoles];
  for (const role of before === null ? bestFirst : bestFirst.filter((one) => SHOWS_VIOLATION.has(one))) {
    const still = evidence.find((ref) => ref.role === role && ref.mime === 'image/jpeg');
    if (still) return still.sha256;
  }
  return before;
}
