/** Finds the clips of a folder that have no truth, and the zones that they are watched with. */
import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, extname, join, sep } from 'node:path';
import { type Static, Type } from '@sinclair/typebox';
import { CameraKind } from '../../contracts/camera-kind.ts';
import { violationKinds, violations } from '../../contracts/violations/index.ts';
import type { ZoneConfig } from '../../contracts/zone.ts';
import { demuxMedia } from '../../edge/media/demux.ts';
import { AppError } from '../../platform/app-error.ts';
import { sha256Hex } from '../../platform/canonical.ts';
import { zoneListFaults } from '../../platform/load-config.ts';
import { readYaml } from '../../platform/read-yaml.ts';
import { faultsOf } from '../../platform/validate.ts';

const VIDEO = /^\.(mp4|m4v|mov|mkv|avi|ts|mts|webm|flv|mpe?g|wmv|h264|h265)$/i;

/** A clip of which nothing is known but that it shows no violation. */
export type FootageClip = {
  /** Path below the folder, with `/`. */
  readonly name: string;
  /** Folder below the folder, `.` for the folder itself. */
  readonly folder: string;
  readonly file: string;
  readonly sha256: string;
  /** Length of one playing, s. */
  readonly seconds: number;
};

/** Length from the times of its pictures, s. @throws EDGE_SOURCE_* */
async function lengthOf(file: string): Promise<number> {
  let [first, last, count] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  const order = { camera: 'eval', url: file, credentials: null, transport: 'tcp' } as const;
  await demuxMedia(
    order,
    ({ ptsUs }) => {
      if (ptsUs === null) return;
      first = Math.min(first, ptsUs);
      last = Math.max(last, ptsUs);
      count += 1;
    },
    new AbortController().signal,
  );
  return count < 2 ? 0 : ((last - first) * count) / (count - 1) / 1e6;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  } catch (cause) {
    throw new AppError('EVAL_TRUTH', `${folder} cannot be read`, { cause });
  }
}

/**
 * All videos below a folder that have no truth beside them, in the order of their names; `withTruth` names the others,
 * which `--media` scores.
 * @throws EVAL_TRUTH where there is none, EDGE_SOURCE_* of one that cannot be read
 */
export async function readFootage(
  folder: string,
): Promise<{ readonly clips: readonly FootageClip[]; readonly withTruth: readonly string[] }> {
  const names = namesIn(folder);
  const truths = new Set(names.filter((name) => name.endsWith('.truth.json')));
  const hasTruth = (name: string) => truths.has(`${name.slice(0, -extname(name).length)}.truth.json`);
  const videos = names.filter((name) => VIDEO.test(extname(name)));
  const clips: FootageClip[] = [];
  for (const path of videos.filter((name) => !hasTruth(name))) {
    const file = join(folder, path);
    const name = path.split(sep).join('/');
    const sha256 = sha256Hex(await readFile(file));
    clips.push({ name, folder: dirname(name), file, sha256, seconds: await lengthOf(file) });
  }
  if (clips.length === 0) throw new AppError('EVAL_TRUTH', `${folder} holds no clip without a truth`);
  return { clips, withTruth: videos.filter(hasTruth) };
}

/** How the clips are watched. */
export type FootageWatch = { readonly kind: Static<typeof CameraKind>; readonly zones: readonly ZoneConfig[] };

/** A margin, because a box that the picture's edge cuts has no foot. */
const WHOLE = [
  [0.01, 0.01],
  [0.99, 0.01],
  [0.99, 0.99],
  [0.01, 0.99],
];

/** One zone of each kind over the whole picture, default parameters, with no more drawn than the kind cannot do without. */
export function wholePictureZones(): ZoneConfig[] {
  return violationKinds.map((kind) => {
    const { geometry, sample } = violations[kind];
    const required: readonly string[] = geometry.required ?? [];
    const drawn = Object.entries(sample.geometry).filter(([name]) => required.includes(name));
    return { id: kind, kind, polygon: WHOLE, ...Object.fromEntries(drawn) } as unknown as ZoneConfig;
  });
}

const WatchFile = Type.Object(
  { kind: Type.Optional(CameraKind), zones: Type.Array(Type.Any(), { minItems: 1 }) },
  { additionalProperties: false },
);

/** `kind` and `zones` as a camera's configuration writes them (YAML). @throws CFG_* with every fault */
export async function readWatch(file: string): Promise<FootageWatch> {
  const value = await readYaml(file);
  const faults = faultsOf(WatchFile, value);
  const { kind = 'street', zones = [] } = (value ?? {}) as Partial<Static<typeof WatchFile>>;
  if (faults.length === 0) faults.push(...zoneListFaults(zones, 'zones'));
  if (faults.length > 0) throw new AppError('CFG_INVALID', `--zones ${file}`, { faults });
  return { kind, zones };
}
