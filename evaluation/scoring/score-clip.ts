/** Scores one clip that went through the line: events, boxes, beds, and what to show of each failure. */
import type { BoxXywh } from '../../contracts/geometry.ts';
import { type ViolationKind, violationKinds } from '../../contracts/violations/index.ts';
import type { Detection } from '../../edge/domain/detection.ts';
import type { FoundBox, TruthBox } from '../metrics/coco-ap.ts';
import type { BedPair, BedState } from '../metrics/confusion.ts';
import { type SceneKey, sceneKeyOf, type Truth, type TruthFrame } from '../truth/truth.ts';
import { MIN_VISIBLE } from './box-score.ts';
import { type EventScore, type MatchOutcome, matchEvents, type SeenEvent, scoreOutcomes } from './event-match.ts';
import {
  type GatePass,
  isOfGate,
  pairBeds,
  pairPasses,
  type SeenObservation,
  seenPasses,
  truePasses,
} from './gate-passes.ts';
import { otherReason } from './reasons.ts';

/** What the line saw in one frame; `t`: seconds of the clip. */
type SeenFrame = { readonly t: number; readonly inferred: boolean; readonly detections: readonly Detection[] };

export type ClipPlay = {
  readonly truth: Truth;
  /** True boxes; empty where the clip has none. */
  readonly frames: readonly TruthFrame[];
  /** Every frame that the line took, in order; boxes are scored where the model ran. */
  readonly seen: readonly SeenFrame[];
  readonly observations: readonly SeenObservation[];
  readonly events: readonly SeenEvent[];
  /** Instant of the first frame, ms since the epoch. */
  readonly startAt: number;
  /** Frames a second that the line took. */
  readonly cadence: number;
  /** Size of the picture inside the model's input, px. */
  readonly scaled: { readonly width: number; readonly height: number };
};

/** A picture to show of a failure. */
export type Moment = {
  readonly what: 'due' | 'crossed' | 'started' | 'reported';
  /** Second of the clip, of a frame that the line took. */
  readonly seconds: number;
  readonly truths: TruthFrame['objects'];
  readonly detections: readonly Detection[];
};
export type Failure = {
  readonly clip: string;
  readonly outcome: MatchOutcome;
  readonly zone: Truth['camera']['zones'][number] | undefined;
  /** The clip's violations of the kind, and what became of its other events of the kind. */
  readonly others: readonly MatchOutcome[];
  readonly moments: readonly Moment[];
};

type ScoredPass = { readonly pass: GatePass; readonly said: BedState };
export type ClipReport = {
  readonly clip: string;
  readonly scene: SceneKey;
  readonly negatives: readonly string[];
  readonly seconds: number;
  readonly frames: number;
  readonly inferred: number;
  readonly events: EventScore;
  readonly outcomes: readonly MatchOutcome[];
  readonly passes: readonly ScoredPass[];
};
export type ClipScore = {
  readonly report: ClipReport;
  readonly kinds: readonly ViolationKind[];
  readonly truths: readonly TruthBox[];
  readonly found: readonly FoundBox[];
  readonly beds: readonly BedPair[];
  readonly failures: readonly Failure[];
};

/** The truth of the frame nearest to that second, if it is the same frame. */
function frameAt(frames: readonly TruthFrame[], seconds: number, fps: number): TruthFrame | undefined {
  const near = (frame: TruthFrame | undefined) => frame && Math.abs(frame.t - seconds) <= 0.5 / fps;
  const frame = frames[Math.round(seconds * fps)];
  return near(frame) ? frame : frames.find(near);
}

function momentAt(play: ClipPlay, what: Moment['what'], seconds: number): Moment {
  // The nearest frame that the line took: what is drawn on it is what was detected in it.
  const near = play.seen.reduce<SeenFrame | undefined>(
    (best, frame) => (best && Math.abs(best.t - seconds) <= Math.abs(frame.t - seconds) ? best : frame),
    undefined,
  );
  const at = near?.t ?? seconds;
  return {
    what,
    seconds: at,
    truths: frameAt(play.frames, at, play.truth.fps)?.objects ?? [],
    detections: near?.detections ?? [],
  };
}

/** A truck is gone when its pass is due: what matters is seen as it crosses the line. */
function momentsOf(play: ClipPlay, outcome: MatchOutcome, passes: readonly GatePass[]): Moment[] {
  const gate = isOfGate(outcome.kind);
  if (outcome.verdict === 'missed') {
    const { zone, from, dueAt } = outcome.truth;
    const pass = passes.find((own) => gate && own.zone === zone && own.at >= from - 1 && own.at <= dueAt + 1);
    const due = momentAt(play, 'due', dueAt);
    return pass ? [momentAt(play, 'crossed', pass.at), due] : [due];
  }
  const { start, reported } = outcome.seen;
  const report = momentAt(play, 'reported', reported);
  return gate && reported - start > 1 ? [momentAt(play, 'started', start), report] : [report];
}

function failuresOf(play: ClipPlay, outcomes: readonly MatchOutcome[], passes: readonly GatePass[]): Failure[] {
  return outcomes
    .filter((outcome) => outcome.verdict !== 'found' || otherReason(outcome))
    .map((outcome) => {
      const zoneId = outcome.verdict === 'missed' ? outcome.truth.zone : outcome.seen.zone;
      return {
        clip: play.truth.clip,
        outcome,
        zone: play.truth.camera.zones.find(({ id }) => id === zoneId),
        others: outcomes.filter((other) => other !== outcome && other.kind === outcome.kind),
        moments: momentsOf(play, outcome, passes),
      };
    });
}

function boxesOf(play: ClipPlay): Pick<ClipScore, 'truths' | 'found' | 'beds'> {
  const { width, height } = play.scaled;
  const toPixels = ([x, y, w, h]: BoxXywh): BoxXywh => [x * width, y * height, w * width, h * height];
  const truths: TruthBox[] = [];
  const found: FoundBox[] = [];
  const beds: BedPair[] = [];
  for (const { t, inferred, detections } of play.seen) {
    const frame = inferred ? frameAt(play.frames, t, play.truth.fps) : undefined;
    if (!frame) continue;
    const image = `${play.truth.clip}@${frame.t}`;
    for (const { class: label, box, visible } of frame.objects) {
      truths.push({ image, label, box: toPixels(box), ignore: visible < MIN_VISIBLE });
    }
    for (const { concept, score, box } of detections) found.push({ image, label: concept, score, box: toPixels(box) });
    beds.push(...pairBeds(frame, detections));
  }
  return { truths, found, beds };
}

/** Events, passes, boxes and beds of one clip against its truth, and what to show of each failure. */
export function scoreClip(play: ClipPlay): ClipScore {
  const { truth, seen } = play;
  const outcomes = matchEvents(truth, play.events, play.startAt);
  const passes = truePasses(truth, play.frames);
  const report: ClipReport = {
    clip: truth.clip,
    scene: sceneKeyOf(truth),
    negatives: truth.scene?.negatives ?? [],
    seconds: seen.length / play.cadence,
    frames: seen.length,
    inferred: seen.filter(({ inferred }) => inferred).length,
    events: scoreOutcomes(outcomes),
    outcomes,
    passes: pairPasses(passes, seenPasses(play.observations, play.startAt), outcomes),
  };
  return {
    report,
    kinds: violationKinds.filter((kind) => truth.camera.zones.some((zone) => zone.kind === kind)),
    ...boxesOf(play),
    failures: failuresOf(play, outcomes, passes),
  };
}
