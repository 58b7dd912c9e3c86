/** What verdicts say of boxes: a stall that is permitted was seen rightly, one that was a parked car was not. */
import type { RejectReason } from '../../contracts/api/case.ts';
import type { Verdict } from '../../contracts/verdicts.ts';
import type { Concept } from '../../edge/domain/detection.ts';

/** Was the box right? Null: the reason does not say. */
const RIGHT: Readonly<Record<RejectReason, boolean | null>> = {
  permitted: true,
  'parked-vehicle': false,
  pedestrians: false,
  'glare-or-rain': false,
  'wrong-class': false,
  fixture: false,
  'too-unclear': null,
  other: null,
};

/** One case as the fit sees it. */
export type JudgedCase = {
  readonly number: string;
  readonly startedAt: string;
  readonly concept: Concept;
  /** 0..1, as it was reported first. */
  readonly score: number;
  readonly right: boolean;
};

/** Cases that say nothing of a score, by why. */
export type LeftOut = {
  /** Rejected as unclear, for another reason, or for one that a later hub knows. */
  unclear: number;
  /** A count or a composite: several boxes, and the verdict is on none of them. */
  severalBoxes: number;
  /** Found by another model, or by another version of it. */
  otherModel: number;
  /** Another camera's, or from before the time that was asked for. */
  elsewhere: number;
};

export type JudgedCases = { readonly cases: readonly JudgedCase[]; readonly leftOut: LeftOut };

const plain = (model: string): string => model.replace(/-int8$/, '');

/** @returns null where the operator’s reason does not say whether the box was right */
function isRight({ verdict, reason }: Verdict): boolean | null {
  if (verdict === 'confirmed') return true;
  return reason === null ? null : RIGHT[reason];
}

/**
 * Sorts verdicts of one camera and model, oldest first.
 * @param of `model`: name and version of the card, whose 8-bit form counts as the same; `since`: instant of a case's
 * start, e.g. when the present settings came into force
 */
export function judgedCases(
  verdicts: readonly Verdict[],
  of: {
    readonly camera: string;
    readonly model: { readonly name: string; readonly version: string };
    readonly concepts: ReadonlySet<string>;
    readonly since?: string;
  },
): JudgedCases {
  const leftOut: LeftOut = { unclear: 0, severalBoxes: 0, otherModel: 0, elsewhere: 0 };
  const cases: JudgedCase[] = [];
  for (const verdict of verdicts) {
    const right = isRight(verdict);
    const [object, ...others] = verdict.objects;
    if (verdict.camera !== of.camera || (of.since !== undefined && verdict.startedAt < of.since)) leftOut.elsewhere++;
    else if (plain(verdict.model.name) !== plain(of.model.name) || verdict.model.version !== of.model.version)
      leftOut.otherModel++;
    else if (!object || others.length > 0 || !of.concepts.has(object.class)) leftOut.severalBoxes++;
    else if (right === null) leftOut.unclear++;
    else {
      const { number, startedAt } = verdict;
      cases.push({ number, startedAt, concept: object.class as Concept, score: object.score, right });
    }
  }
  cases.sort((a, b) => (a.startedAt < b.startedAt ? -1 : a.startedAt > b.startedAt ? 1 : a.number < b.number ? -1 : 1));
  return { cases, leftOut };
}
