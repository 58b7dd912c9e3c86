/** Plays every clip that has a truth beside it through the edge line and scores events and boxes. */
import type { Detector } from '../../edge/domain/detector.ts';
import { placementOf } from '../../edge/domain/placement.ts';
import { createInference } from '../../edge/inference/index.ts';
import { replayClip } from '../../edge/replay.ts';
import type { Log } from '../../platform/log.ts';
import { type MediaReport, reportMedia } from '../report/media-report.ts';
import { type ClipPlay, type ClipReport, type ClipScore, type Failure, scoreClip } from '../scoring/score-clip.ts';
import { conceptsOf, programFacts } from './evaluation-facts.ts';
import { inTurn } from './in-turn.ts';
import { type MediaClip, readMedia } from './read-media.ts';

const START = Date.UTC(2026, 0, 1);
/** What rules are tuned for, and what the bars hold for. */
const FPS = 5;

type Stage = { readonly modelDir: string; readonly detector: Detector; readonly log: Log };

/** The detector, and the size of the pictures that it is shown. */
function withSize(detector: Detector): { readonly detector: Detector; readonly size: () => Size } {
  let size: Size = { width: 16, height: 9 };
  return {
    detector: {
      ...detector,
      detect: (pixels, frame) => {
        size = { width: frame.width, height: frame.height };
        return detector.detect(pixels, frame);
      },
    },
    size: () => size,
  };
}
type Size = { readonly width: number; readonly height: number };

async function playClip({ file, truth, frames }: MediaClip, stage: Stage): Promise<ClipScore> {
  const { id, kind, zones } = truth.camera;
  const cadence = Math.min(FPS, truth.fps);
  const { detector, size } = withSize(stage.detector);
  const seen: ClipPlay['seen'][number][] = [];
  const observations: ClipPlay['observations'][number][] = [];
  const result = await replayClip({
    clip: file,
    camera: { id, kind, zones, source: { url: file, cadence } },
    node: 'eval',
    modelDir: stage.modelDir,
    detector,
    startAt: START,
    log: stage.log,
    onFrame: ({ at, inferred, detections, observations: observed }) => {
      seen.push({ t: (at - START) / 1000, inferred, detections });
      observations.push(...observed);
    },
  });
  const { width, height } = size();
  const place = placementOf(detector.input, width, height);
  return scoreClip({
    truth,
    frames,
    seen,
    observations,
    events: result.events,
    startAt: START,
    cadence,
    scaled: { width: place.scaledWidth, height: place.scaledHeight },
  });
}

export type Evaluation = { readonly report: MediaReport; readonly failures: readonly Failure[] };

/**
 * Scores all clips of a folder through the real line at 5 frames a second.
 * Throws EVAL_TRUTH, and what loading the model or decoding a clip throws.
 */
export async function evaluateMedia(options: {
  readonly media: string;
  readonly modelDir: string;
  readonly log: Log;
  /** Clips beside each other; default 1. */
  readonly jobs?: number;
  readonly onClip?: (report: ClipReport, done: number, all: number) => void;
}): Promise<Evaluation> {
  const startedAt = performance.now();
  const clips = readMedia(options.media);
  const concepts = await conceptsOf(options.modelDir);
  const inference = createInference({ log: options.log });
  try {
    const detector = await inference.loadDetector(options.modelDir);
    let done = 0;
    const scores = await inTurn(clips, options.jobs ?? 1, async (clip) => {
      const score = await playClip(clip, { ...options, detector });
      done += 1;
      options.onClip?.(score.report, done, clips.length);
      return score;
    });
    const report = reportMedia(scores, {
      program: programFacts(),
      model: detector.ref,
      concepts,
      media: clips.map(({ facts }) => facts),
      wallSeconds: Math.round((performance.now() - startedAt) / 100) / 10,
    });
    return { report, failures: scores.flatMap(({ failures }) => failures) };
  } finally {
    await inference.close();
  }
}
