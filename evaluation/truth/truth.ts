/** The truth beside a clip: `<clip>.truth.json` and `<clip>.boxes.jsonl`, checked before anything is scored against it. */
import { type Static, Type } from '@sinclair/typebox';
import { TypeCompiler } from '@sinclair/typebox/compiler';
import { CameraKind } from '../../contracts/camera-kind.ts';
import { CameraId, ZoneId } from '../../contracts/ids.ts';
import { ViolationKindSchema } from '../../contracts/violations/index.ts';
import type { ZoneConfig } from '../../contracts/zone.ts';
import { AppError, type Fault } from '../../platform/app-error.ts';
import { zoneListFaults } from '../../platform/load-config.ts';
import { faultsOf } from '../../platform/validate.ts';

const closed = { additionalProperties: false } as const;
const FileName = Type.String({ pattern: '^[^/\\\\]+$' });
const Seconds = Type.Number({ minimum: 0 });

/** `from`/`to`: seconds of the clip in which it holds in the world; `dueAt`: when the rule’s parameters make it reportable. */
export const TruthViolation = Type.Object(
  {
    kind: ViolationKindSchema,
    zone: ZoneId,
    from: Seconds,
    to: Seconds,
    dueAt: Seconds,
    detail: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  },
  closed,
);
export type TruthViolation = Static<typeof TruthViolation>;

const Word = Type.String({ pattern: '^[a-z0-9]+(-[a-z0-9]+)*$', maxLength: 40 });
/** What kind of scene a clip shows, to sort scores by; only rendered clips have a seed. */
const SceneWords = Type.Object(
  {
    seed: Type.Optional(Type.Integer()),
    /** Rendered things before real street video: reported apart from both. */
    composite: Type.Optional(Type.Boolean()),
    world: Type.Optional(Word),
    light: Type.Optional(Word),
    weather: Type.Optional(Word),
    /** What is taken for a violation and is none, as far as it is in the clip. */
    negatives: Type.Optional(Type.Array(Word)),
  },
  closed,
);

const TruthFile = Type.Object(
  {
    clip: FileName,
    fps: Type.Number({ exclusiveMinimum: 0, maximum: 240 }),
    camera: Type.Object({ id: CameraId, kind: CameraKind, zones: Type.Array(Type.Any(), { minItems: 1 }) }, closed),
    violations: Type.Array(TruthViolation),
    boxes: Type.Optional(FileName),
    scene: Type.Optional(SceneWords),
  },
  closed,
);
export type Truth = Omit<Static<typeof TruthFile>, 'camera'> & {
  readonly camera: { readonly id: CameraId; readonly kind: CameraKind; readonly zones: ZoneConfig[] };
};

/** Stands where a truth file does not say. */
export const UNSTATED = 'unstated';
export type SceneKey = { readonly world: string; readonly light: string; readonly weather: string };

/** World, light and weather of a clip. */
export function sceneKeyOf({ scene }: Pick<Truth, 'scene'>): SceneKey {
  return { world: scene?.world ?? UNSTATED, light: scene?.light ?? UNSTATED, weather: scene?.weather ?? UNSTATED };
}

const Share = Type.Number({ minimum: -1, maximum: 3 });
/** What is really there in one frame; `visible` is the share of an object that nothing hides. */
export const TruthFrame = Type.Object(
  {
    t: Seconds,
    objects: Type.Array(
      Type.Object(
        {
          class: Type.String({ minLength: 1 }),
          box: Type.Tuple([Share, Share, Share, Share]),
          visible: Type.Number({ minimum: 0, maximum: 1 }),
          /** State of a truck’s bed, where it can be seen. */
          load: Type.Optional(Type.String()),
          cover: Type.Optional(Type.String()),
        },
        closed,
      ),
    ),
  },
  closed,
);
export type TruthFrame = Static<typeof TruthFrame>;
/** Compiled: a clip has hundreds of lines of boxes, and naming what is wrong is slow where nothing is. */
const frameCheck = TypeCompiler.Compile(TruthFrame);

function refuse(file: string, faults: readonly Fault[]): never {
  throw new AppError('EVAL_TRUTH', `${file}: ${faults.length} fault${faults.length > 1 ? 's' : ''}`, { faults });
}

/** Checks a truth file's content. Throws EVAL_TRUTH with every fault. */
export function parseTruth(value: unknown, file: string): Truth {
  const faults = faultsOf(TruthFile, value);
  if (faults.length > 0) refuse(file, faults);
  const truth = value as Truth;
  const zones = truth.camera.zones as readonly unknown[];
  faults.push(...zoneListFaults(zones, 'camera.zones'));
  truth.violations.forEach((violation, i) => {
    const known = truth.camera.zones.some((zone) => zone.id === violation.zone && zone.kind === violation.kind);
    if (!known) faults.push({ path: `violations[${i}].zone`, message: `no ${violation.kind} zone has this id` });
    if (violation.to < violation.from) faults.push({ path: `violations[${i}].to`, message: 'lies before `from`' });
  });
  if (faults.length > 0) refuse(file, faults);
  return truth;
}

function parseJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AppError('EVAL_TRUTH', `${where}: not JSON`, { cause });
  }
}

/** Checks a boxes file, one JSON object a line. Throws EVAL_TRUTH with the first line that is wrong. */
export function parseBoxes(text: string, file: string): TruthFrame[] {
  return text.split('\n').flatMap((line, i) => {
    if (line.trim() === '') return [];
    const value = parseJson(line, `${file}:${i + 1}`);
    if (!frameCheck.Check(value)) refuse(`${file}:${i + 1}`, faultsOf(TruthFrame, value));
    return [value];
  });
}
