/** Plays every clip that has a truth beside it through the edge line and scores events and boxes. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ModelRef } from '../contracts/event.ts';
import { violationKinds } from '../contracts/violations/index.ts';
import type { Detector } from '../edge/domain/detector.ts';
import { createInference } from '../edge/inference/index.ts';
import { replayClip } from '../edge/replay.ts';
import { type FoundBox, type LabelAp, scoreLabels, type TruthBox } from '../evaluation/coco-ap.ts';
import { addScores, type EventScore, type KindScore, scoreEvents } from '../evaluation/event-match.ts';
import { parseBoxes, parseTruth, type Truth, type TruthFrame } from '../evaluation/truth.ts';
import { type Interval, wilson } from '../evaluation/wilson.ts';
import { AppError } from '../platform/app-error.ts';
import type { Log } from '../platform/log.ts';

/** A share with the cases it rests on. */
export type Share = { readonly hits: number; readonly cases: number; readonly value: number | null } & {
  readonly interval95: Interval | null;
};
export type KindReport = Omit<KindScore, 'delays'> & {
  readonly precision: Share;
  readonly recall: Share;
  /** From due to reported, s. */
  readonly delaySeconds: { readonly median: number; readonly worst: number } | null;
};
export type ClipReport = { readonly clip: string; readonly frames: number; readonly inferred: number } & {
  readonly events: EventScore;
};
export type MediaReport = {
  readonly model: ModelRef;
  readonly clips: readonly ClipReport[];
  readonly byKind: Readonly<Record<string, KindReport>>;
  /** AP at an overlap of 0.5 over the frames that the model looked at. */
  readonly boxes: { readonly ap50: number | null; readonly byClass: readonly LabelAp[] };
};

const START = Date.UTC(2026, 0, 1);
/** Less than this can be seen of it: a detector neither must nor must not find it. */
const LEAST_VISIBLE = 0.3;

type Boxes = { readonly truths: TruthBox[]; readonly found: FoundBox[] };

function share(hits: number, cases: number): Share {
  return { hits, cases, value: cases === 0 ? null : hits / cases, interval95: wilson(hits, cases) };
}

function kindReport(score: KindScore): KindReport {
  const delays = [...score.delays].sort((a, b) => a - b);
  return {
    truth: score.truth,
    detected: score.detected,
    falseAlarms: score.falseAlarms,
    precision: share(score.detected, score.detected + score.falseAlarms),
    recall: share(score.detected, score.truth),
    delaySeconds:
      delays.length === 0 ? null : { median: delays[Math.floor(delays.length / 2)] ?? 0, worst: delays.at(-1) ?? 0 },
  };
}

/** The truth of the frame nearest to that second, if it is the same frame. */
function frameAt(frames: readonly TruthFrame[], seconds: number, fps: number): TruthFrame | undefined {
  const frame = frames[Math.round(seconds * fps)];
  if (frame && Math.abs(frame.t - seconds) <= 0.5 / fps) return frame;
  return frames.find((candidate) => Math.abs(candidate.t - seconds) <= 0.5 / fps);
}

function readTruths(media: string): Truth[] {
  let names: string[];
  try {
    names = readdirSync(media).filter((name) => name.endsWith('.truth.json'));
  } catch (cause) {
    throw new AppError('EVAL_TRUTH', `${media} cannot be read`, { cause });
  }
  if (names.length === 0) throw new AppError('EVAL_TRUTH', `${media} holds no *.truth.json`);
  return names.sort().map((name) => {
    const file = join(media, name);
    try {
      return parseTruth(JSON.parse(readFileSync(file, 'utf8')), file);
    } catch (cause) {
      if (cause instanceof AppError) throw cause;
      throw new AppError('EVAL_TRUTH', `${file}: not JSON`, { cause });
    }
  });
}

type Stage = { readonly media: string; readonly modelDir: string; readonly detector: Detector; readonly log: Log };

async function playClip(truth: Truth, stage: Stage, boxes: Boxes): Promise<ClipReport> {
  const frames = truth.boxes ? parseBoxes(readFileSync(join(stage.media, truth.boxes), 'utf8'), truth.boxes) : [];
  const clip = join(stage.media, truth.clip);
  const { id, kind, zones } = truth.camera;
  const result = await replayClip({
    clip,
    camera: { id, kind, zones, source: { url: clip, cadence: Math.min(5, truth.fps) } },
    node: 'eval',
    modelDir: stage.modelDir,
    detector: stage.detector,
    startAt: START,
    log: stage.log,
    onFrame: ({ at, inferred, detections }) => {
      const frame = inferred ? frameAt(frames, (at - START) / 1000, truth.fps) : undefined;
      if (!frame) return;
      const image = `${truth.clip}@${frame.t}`;
      for (const { class: label, box, visible } of frame.objects) {
        boxes.truths.push({ image, label, box, ignore: visible < LEAST_VISIBLE });
      }
      for (const { concept, score, box } of detections) boxes.found.push({ image, label: concept, score, box });
    },
  });
  const { inferred } = result;
  return { clip: truth.clip, frames: result.frames, inferred, events: scoreEvents(truth, result.events, START) };
}

/** Scores all clips of a folder. Throws EVAL_TRUTH, and what loading the model or decoding a clip throws. */
export async function evaluateMedia(options: {
  readonly media: string;
  readonly modelDir: string;
  readonly log: Log;
  readonly onClip?: (report: ClipReport) => void;
}): Promise<MediaReport> {
  const truths = readTruths(options.media);
  const inference = createInference({ log: options.log });
  try {
    const detector = await inference.loadDetector(options.modelDir);
    const boxes: Boxes = { truths: [], found: [] };
    const clips: ClipReport[] = [];
    for (const truth of truths) {
      const report = await playClip(truth, { ...options, detector }, boxes);
      options.onClip?.(report);
      clips.push(report);
    }
    const all = addScores(clips.map((clip) => clip.events));
    const byClass = scoreLabels(boxes.truths, boxes.found).sort((a, b) => b.truths - a.truths);
    const ap50 = byClass.length === 0 ? null : byClass.reduce((sum, label) => sum + label.ap50, 0) / byClass.length;
    return {
      model: detector.ref,
      clips,
      byKind: Object.fromEntries(violationKinds.map((kind) => [kind, kindReport(all[kind])])),
      boxes: { ap50, byClass },
    };
  } finally {
    await inference.close();
  }
}
