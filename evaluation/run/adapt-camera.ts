/** Verdicts, a model and a camera become a proposal; stored clips are played with the present settings and the proposed ones. */
import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { ViolationEvent } from '../../contracts/event.ts';
import type { Calendar } from '../../contracts/schedule.ts';
import { type CameraConfig, EdgeConfig } from '../../edge/config.ts';
import { forCamera } from '../../edge/detectors/model-spec.ts';
import { areFittedTo, type CameraScores } from '../../edge/domain/camera-scores.ts';
import { createInference } from '../../edge/inference/index.ts';
import { findModelDir } from '../../edge/models/load-model.ts';
import { createModelChoice } from '../../edge/models/model-folder.ts';
import { readCard, specOf } from '../../edge/models/read-card.ts';
import { replayClip } from '../../edge/replay.ts';
import { AppError } from '../../platform/app-error.ts';
import { readCalendar } from '../../platform/calendar.ts';
import { sha256Hex } from '../../platform/canonical.ts';
import { loadConfig } from '../../platform/load-config.ts';
import { createLog } from '../../platform/log.ts';
import { type Adaptation, adaptCamera } from '../adapt/adaptation.ts';
import { compareEvents, type ShadowDifference, type ShadowEvent } from '../adapt/compare-events.ts';
import type { ProposalAim } from '../adapt/propose.ts';
import { readVerdictFile, type VerdictFile } from '../adapt/read-verdicts.ts';

export type AdaptOptions = {
  /** The export's file. */
  readonly verdicts: string;
  /** Default: the only camera of the export. */
  readonly camera?: string;
  /** A node's configuration: the camera's present scores, its model, and what the shadow run needs. */
  readonly config?: string;
  /** A model folder or name; default: the camera's in the configuration, else the one that the verdicts name. */
  readonly model?: string;
  readonly aim: ProposalAim;
  readonly since?: string;
  readonly calibrate: boolean;
};

/** A camera of a configuration, as it stands there. */
type ConfiguredCamera = {
  readonly camera: CameraConfig;
  readonly node: string;
  readonly modelDir: string;
  readonly calendar: Calendar;
};

export type AdaptedCamera = {
  readonly adaptation: Adaptation;
  /** SHA-256 of the export. */
  readonly sha256: string;
  readonly modelDir: string;
  readonly configured: ConfiguredCamera | null;
};

async function readExport(file: string): Promise<{ readonly verdicts: VerdictFile; readonly sha256: string }> {
  const bytes = await readFile(file).catch((cause: NodeJS.ErrnoException) => {
    throw new AppError('EVAL_VERDICTS', `${file}: ${cause.code ?? cause.message}`, { cause });
  });
  return { verdicts: readVerdictFile(file, bytes.toString('utf8')), sha256: sha256Hex(bytes) };
}

function cameraOf({ camera, verdicts: file }: AdaptOptions, { verdicts }: VerdictFile): string {
  if (camera !== undefined) return camera;
  const [only, ...others] = [...new Set(verdicts.map((verdict) => verdict.camera))].sort();
  if (only !== undefined && others.length === 0) return only;
  const why =
    only === undefined
      ? 'it holds no verdict'
      : `name one of its cameras with --camera: ${[only, ...others].join(', ')}`;
  throw new AppError('EVAL_VERDICTS', `${file}: ${why}`);
}

async function readConfigured(file: string, id: string): Promise<ConfiguredCamera> {
  const config = await loadConfig(EdgeConfig, file);
  const configDir = dirname(resolve(file));
  const camera = config.cameras.find((one) => one.id === id);
  if (!camera) {
    const message = `no camera has the id ${id}; there are ${config.cameras.map((one) => one.id).join(', ')}`;
    throw new AppError('CFG_INVALID', file, { faults: [{ path: 'cameras', message }] });
  }
  const modelDir = await createModelChoice(config, configDir)(camera);
  return { camera, node: config.node, modelDir, calendar: await readCalendar(config.calendar, configDir) };
}

/** The model that found the latest case of the camera. */
function namedModel({ verdicts }: VerdictFile, camera: string): string {
  const own = verdicts.filter((verdict) => verdict.camera === camera);
  const name = own.at(-1)?.model.name;
  if (name === undefined)
    throw new AppError('EVAL_FEW_VERDICTS', `camera ${camera}: the export holds no verdict of it`);
  return name;
}

/**
 * Fits and proposes; changes nothing.
 * @throws EVAL_VERDICTS, EVAL_FEW_VERDICTS, CFG_*, EDGE_MODEL_CARD, EDGE_MODEL_LOAD
 */
export async function adaptFromVerdicts(options: AdaptOptions): Promise<AdaptedCamera> {
  const { verdicts, sha256 } = await readExport(options.verdicts);
  const camera = cameraOf(options, verdicts);
  const configured = options.config === undefined ? null : await readConfigured(options.config, camera);
  const modelDir =
    options.model === undefined
      ? (configured?.modelDir ?? findModelDir(namedModel(verdicts, camera)))
      : findModelDir(options.model);
  const card = specOf(await readCard(modelDir));
  const scores = configured?.camera.scores;
  const own = scores && areFittedTo(scores, card) ? scores : null;
  const { aim, calibrate, since } = options;
  const adaptation = adaptCamera(verdicts, {
    ...{ camera, aim, calibrate, present: own ? forCamera(card, own) : card },
    ...(own ? { own } : {}),
    ...(since === undefined ? {} : { since }),
  });
  return { adaptation, sha256, modelDir, configured };
}

const VIDEO = /\.(mp4|mkv|mov|avi|ts|webm|h264|h265)$/i;

function clipsIn(folder: string): string[] {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch (cause) {
    const message = `${folder} cannot be read: ${(cause as NodeJS.ErrnoException).code}`;
    throw new AppError('CFG_INVALID', '--clips', { faults: [{ path: '--clips', message }], cause });
  }
  const clips = names.filter((name) => VIDEO.test(name)).sort();
  if (clips.length > 0) return clips;
  throw new AppError('CFG_INVALID', '--clips', {
    faults: [{ path: '--clips', message: `no video lies in ${folder}` }],
  });
}

/** Each event once, as it was told last. */
function shadowEvents(events: readonly ViolationEvent[]): ShadowEvent[] {
  const latest = new Map(events.map((event) => [event.id, event]));
  return [...latest.values()].map(({ kind, zone, startedAt, score, objects }) => {
    const box = objects[0]?.box;
    return { kind, zone, startedAt, score, box: box ? [...box] : null };
  });
}

export type ShadowClip = { readonly clip: string } & ShadowDifference;

/**
 * Plays every video of a folder twice through the camera's line, with its scores as they are and as proposed; both
 * detectors share their session.
 * @throws CFG_INVALID without a configuration or a video; EDGE_SOURCE_*, EDGE_MODEL_*
 */
export async function* shadowRun(folder: string, adapted: AdaptedCamera): AsyncGenerator<ShadowClip> {
  const { configured, modelDir, adaptation } = adapted;
  if (!configured) {
    const message = 'is needed for --clips: it has the zones of the camera';
    throw new AppError('CFG_INVALID', '--clips', { faults: [{ path: '--config', message }] });
  }
  const clips = clipsIn(folder);
  const log = createLog({ level: process.env.KERBWATCH_LOG ?? 'warn' });
  const inference = createInference({ workers: 1, log });
  const { camera, node, calendar } = configured;
  try {
    const [before, after] = [
      await inference.loadDetector(modelDir, camera.scores),
      await inference.loadDetector(modelDir, adaptation.scores ?? camera.scores),
    ];
    for (const name of clips) {
      const clip = resolve(join(folder, name));
      const play = async (detector: typeof before, scores: CameraScores | undefined) => {
        const { scores: _present, ...rest } = camera;
        const own = scores ? { ...rest, scores } : rest;
        return shadowEvents((await replayClip({ clip, camera: own, node, calendar, modelDir, detector, log })).events);
      };
      const present = await play(before, camera.scores);
      const proposed = await play(after, adaptation.scores ?? camera.scores);
      yield { clip: basename(name), ...compareEvents(present, proposed) };
    }
  } finally {
    await inference.close();
  }
}
