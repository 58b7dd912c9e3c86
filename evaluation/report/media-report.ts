/** All figures of one evaluation of clips: what `kerbwatch eval --media … --json` prints. */
import type { ModelRef } from '../../contracts/event.ts';
import { type BedConfusion, bedConfusion } from '../metrics/confusion.ts';
import { type BoxScore, scoreBoxes } from '../scoring/box-score.ts';
import { type ReasonRow, scoreReasons } from '../scoring/reasons.ts';
import type { ClipReport, ClipScore } from '../scoring/score-clip.ts';
import { UNSTATED } from '../truth/truth.ts';
import { type EventReport, reportEvents } from './event-report.ts';

/** Where the pictures are from; accuracy on rendered scenes says nothing of real streets. */
export type Origin = 'rendered' | 'composite' | 'mixed' | 'unstated';

export type MediaFile = {
  readonly clip: string;
  readonly seed: number | null;
  /** Rendered things before real street video. */
  readonly composite?: boolean;
  readonly sha256: string;
  readonly truthSha256: string;
  readonly boxesSha256: string | null;
};

/** What was run on what. */
export type RunFacts = {
  readonly program: { readonly name: string; readonly version: string };
  readonly model: ModelRef;
  /** Concepts that the model has a label for. */
  readonly concepts: readonly string[];
  readonly media: readonly MediaFile[];
  readonly wallSeconds: number;
};

export type TruckReport = {
  /** One case a pass whose bed can be seen. */
  readonly passes: BedConfusion;
  /** One case a box that was found, of a truck whose state the truth says. */
  readonly frames: BedConfusion;
};

export type MediaReport = EventReport &
  Omit<RunFacts, 'concepts'> & {
    readonly origin: Origin;
    readonly clips: readonly ClipReport[];
    /** What events say of violations: sub-kinds, reasons, findings. */
    readonly reasons: readonly ReasonRow[];
    /** Over the frames that were inferred, at the card's own thresholds; things of 12 px and more. */
    readonly boxes: BoxScore;
    readonly trucks: TruckReport;
  };

function originOf(media: readonly MediaFile[]): Origin {
  const composite = media.filter((file) => file.composite === true).length;
  if (composite > 0) return composite === media.length ? 'composite' : 'mixed';
  const rendered = media.filter(({ seed }) => seed !== null).length;
  return rendered === 0 ? 'unstated' : rendered === media.length ? 'rendered' : 'mixed';
}

/** Figures of all clips from the score of each. */
export function reportMedia(scores: readonly ClipScore[], facts: RunFacts): MediaReport {
  const { concepts, ...run } = facts;
  const scenes = new Map(scores.map(({ report }) => [report.clip, report.scene]));
  const skyOf = (image: string) => {
    const scene = scenes.get(image.slice(0, image.lastIndexOf('@')));
    return { light: scene?.light ?? UNSTATED, weather: scene?.weather ?? UNSTATED };
  };
  const boxes = { truths: scores.flatMap(({ truths }) => truths), found: scores.flatMap(({ found }) => found), skyOf };
  const pairs = scores.flatMap(({ report }) => report.passes.map(({ pass, said }) => ({ truth: pass.bed, said })));
  return {
    ...run,
    origin: originOf(facts.media),
    clips: scores.map(({ report }) => report),
    reasons: scoreReasons(scores.flatMap(({ report }) => report.outcomes)),
    ...reportEvents(scores.map(({ report, kinds }) => ({ ...report, kinds }))),
    boxes: scoreBoxes(boxes, new Set(concepts)),
    trucks: { passes: bedConfusion(pairs), frames: bedConfusion(scores.flatMap(({ beds }) => beds)) },
  };
}
