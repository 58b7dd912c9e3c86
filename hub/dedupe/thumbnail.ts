/** Which of an event's stills shows it best at a glance. */
import type { EvidenceRef, EvidenceRole } from '../../contracts/evidence.ts';

const BEST_FIRST: readonly EvidenceRole[] = [
  'worst',
  'bed',
  'start',
  'threshold',
  'during',
  'approach',
  'ground-after',
  'plate',
  'after',
  'before',
  'ground-before',
  'cleared',
];

/** From here on a still shows less than what an earlier revision has brought. */
const LESSER = BEST_FIRST.indexOf('during') + 1;

/** @param before what the event's earlier revisions were shown by: a revision brings only what is new */
export function thumbnailOf(evidence: readonly EvidenceRef[], before: string | null = null): string | null {
  for (const role of before === null ? BEST_FIRST : BEST_FIRST.slice(0, LESSER)) {
    const still = evidence.find((ref) => ref.role === role && ref.mime === 'image/jpeg');
    if (still) return still.sha256;
  }
  return before;
}
