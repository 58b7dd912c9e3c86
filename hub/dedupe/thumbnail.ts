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

export function thumbnailOf(evidence: readonly EvidenceRef[]): string | null {
  for (const role of BEST_FIRST) {
    const still = evidence.find((ref) => ref.role === role && ref.mime === 'image/jpeg');
    if (still) return still.sha256;
  }
  return null;
}
