/** Plays clips that show no violation with one model after another: every event is a false alarm. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ModelRef } from '../../contracts/event.ts';
import type { ViolationKind } from '../../contracts/violations/index.ts';
import { createInference } from '../../edge/inference/index.ts';
import { rules } from '../../edge/rules/index.ts';
import { canonicalJson, sha256Hex } from '../../platform/canonical.ts';
import type { Log } from '../../platform/log.ts';
import { type FootageFigures, type FootagePlay, type FootageReport, footageFigures } from '../report/footage-report.ts';
import { programFacts } from './evaluation-facts.ts';
import type { FootageStore } from './footage-store.ts';
import { inTurn } from './in-turn.ts';
import { type FootageStage, playFootage } from './play-footage.ts';
import { type FootageClip, type FootageWatch, readFootage, wholePictureZones } from './read-footage.ts';

/** What rules are tuned for. */
const FPS = 5;

export type FootageOptions = {
  readonly footage: string;
  readonly modelDirs: readonly string[];
  /** Default: zones of every kind over the whole picture of a street camera, default parameters. */
  readonly watch?: FootageWatch;
  /** The stream of each clip is made so long, s; default: each is played once. */
  readonly repeatToSeconds?: number;
  readonly store: FootageStore;
  /** Clips beside each other; default 1. */
  readonly jobs?: number;
  readonly log: Log;
  readonly onClip?: (step: {
    readonly model: ModelRef;
    readonly play: FootagePlay;
    /** An earlier run had kept it. */
    readonly kept: boolean;
    readonly done: number;
    readonly all: number;
  }) => void;
};

/** What a clip's result hangs on: another program, rule, card, clip, zone or length gives another. */
async function keyMaker(
  modelDir: string,
  facts: Readonly<Record<string, unknown>>,
): Promise<(sha256: string) => string> {
  const versions = Object.values(rules).map(({ kind, version }) => [kind, version]);
  const card = sha256Hex(await readFile(join(modelDir, 'model.yaml')));
  const common = { ...facts, program: programFacts(), versions, card };
  return (sha256) => sha256Hex(canonicalJson({ ...common, sha256 })).slice(0, 32);
}

type Played = { readonly figures: FootageFigures; readonly kept: number };
type Shared = Omit<FootageStage, 'detector' | 'modelDir'>;

async function playWith(
  modelDir: string,
  clips: readonly FootageClip[],
  shared: Shared,
  options: FootageOptions,
  step: (model: ModelRef, play: FootagePlay, kept: boolean) => void,
): Promise<Played> {
  const { watch, repeatToSeconds, cadence } = shared;
  const keyOf = await keyMaker(modelDir, { watch, repeatToSeconds, cadence });
  const inference = createInference({ log: options.log });
  let kept = 0;
  try {
    const detector = await inference.loadDetector(modelDir);
    const plays = await inTurn(clips, options.jobs ?? 1, async (clip) => {
      const key = keyOf(`${clip.name} ${clip.sha256} ${detector.ref.sha256}`);
      const known = await options.store.take(key);
      const play = known ?? (await playFootage(clip, { ...shared, detector, modelDir }));
      if (known) kept += 1;
      else await options.store.keep(key, play);
      step(detector.ref, play, known !== null);
      return play;
    });
    const kinds = new Set(watch.zones.map(({ kind }): ViolationKind => kind));
    return { figures: footageFigures(detector.ref, plays, kinds), kept };
  } finally {
    await inference.close();
  }
}

/** All clips below a folder, with every model. @throws EVAL_TRUTH, EDGE_MODEL_*, EDGE_SOURCE_*, CLI_WRITE */
export async function evaluateFootage(options: FootageOptions): Promise<FootageReport> {
  const startedAt = performance.now();
  const { clips, withTruth } = await readFootage(options.footage);
  const watch = options.watch ?? { kind: 'street' as const, zones: wholePictureZones() };
  const repeatToSeconds = options.repeatToSeconds ?? null;
  const { store, log } = options;
  const shared: Shared = { watch, repeatToSeconds, cadence: FPS, store, log };
  const all = clips.length * options.modelDirs.length;
  let done = 0;
  const played: Played[] = [];
  for (const modelDir of options.modelDirs) {
    const own = await playWith(modelDir, clips, shared, options, (model, play, kept) => {
      done += 1;
      options.onClip?.({ model, play, kept, done, all });
    });
    played.push(own);
  }
  return {
    program: programFacts(),
    repeatToSeconds,
    cadence: FPS,
    cameraKind: watch.kind,
    zones: watch.zones,
    wholePicture: options.watch === undefined,
    clips: clips.length,
    ownHours: clips.reduce((sum, { seconds }) => sum + seconds, 0) / 3600,
    withTruth,
    models: played.map(({ figures }) => figures),
    resumed: played.reduce((sum, { kept }) => sum + kept, 0),
    wallSeconds: Math.round((performance.now() - startedAt) / 100) / 10,
  };
}
