/** Reads a model card and checks it whole: every fault at once, each with its path. */
import { readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { Value } from '@sinclair/typebox/value';
import { AppError, type Fault } from '../../platform/app-error.ts';
import { parseYaml } from '../../platform/read-yaml.ts';
import { faultsOf } from '../../platform/validate.ts';
import { type Family, type FamilyOutputs, families, familyOf, findFamily } from '../detectors/families.ts';
import type { ModelSpec } from '../detectors/model-spec.ts';
import { stateGroupsOf } from '../detectors/suppress.ts';
import type { CameraScores } from '../domain/camera-scores.ts';
import { coco80, coco91 } from '../domain/coco80.ts';
import { PropsComposite, VehicleComposite } from '../domain/composite.ts';
import type { Label } from '../domain/model-card.ts';
import { type ScoreCurve, type ScoreCurves, scoreCurveFault } from '../domain/score-curve.ts';
import { cardSchemas, type ModelCard } from './card-schema.ts';

/** The card's labels, written out. */
export function labelsOf({ labels }: Pick<ModelCard, 'labels'>): readonly Label[] {
  return labels === 'coco80' ? coco80 : labels === 'coco91' ? coco91 : labels;
}

function repeated(names: readonly string[]): string[] {
  return names.filter((name, i) => names.indexOf(name) !== i);
}

const isSameCurve = (one: ScoreCurve | undefined, other: ScoreCurve): boolean =>
  JSON.stringify([one?.a, one?.b, one?.points]) === JSON.stringify([other.a, other.b, other.points]);

/**
 * What is wrong with curves for these labels. States of one thing suppress each other by their scores: a curve of its
 * own for one of them would call a truck covered that the graph calls open.
 * @param path of the curves within their file
 */
export function scoreCurveFaults(curves: ScoreCurves, labels: readonly Label[], path: string): Fault[] {
  const faults: Fault[] = [];
  const groups = stateGroupsOf(labels);
  for (const [name, curve] of Object.entries(curves)) {
    const label = labels.findIndex((one) => one.name === name);
    if (label < 0) {
      faults.push({ path: `${path}.${name}`, message: 'no label is called that' });
      continue;
    }
    const fault = scoreCurveFault(curve);
    if (fault) faults.push({ path: `${path}.${name}`, message: fault });
    const other = labels.find((one, i) => groups[i] === groups[label] && !isSameCurve(curves[one.name], curve));
    if (other) faults.push({ path: `${path}.${name}`, message: `expected the same for ${other.name}, a state of it` });
  }
  return faults;
}

/** What in a camera's own scores no label of this model answers to; `path` of them within their file. */
export function cameraScoreFaults(scores: CameraScores, labels: readonly Label[], path: string): Fault[] {
  const unknown = Object.keys(scores.thresholds ?? {}).filter((name) => !labels.some((label) => label.name === name));
  return [
    ...unknown.map((name) => ({ path: `${path}.thresholds.${name}`, message: 'no label of the model is called that' })),
    ...scoreCurveFaults(scores.calibration ?? {}, labels, `${path}.calibration`),
  ];
}

/** Faults that a schema cannot say. */
function meaningFaults(card: ModelCard): Fault[] {
  const faults: Fault[] = [];
  const labels = labelsOf(card);
  for (const name of repeated(labels.map((label) => label.name))) {
    faults.push({ path: 'labels', message: `two labels are called ${name}` });
  }
  for (const name of Object.keys(card.thresholds.byLabel ?? {})) {
    if (!labels.some((label) => label.name === name))
      faults.push({ path: `thresholds.byLabel.${name}`, message: 'no label is called that' });
  }
  faults.push(...scoreCurveFaults(card.calibration ?? {}, labels, 'calibration'));
  for (const [i, { concepts }] of (card.thresholds.compete ?? []).entries()) {
    for (const concept of concepts) {
      if (!labels.some((label) => label.concept === concept))
        faults.push({ path: `thresholds.compete[${i}]`, message: `no label is a ${concept}` });
    }
  }
  faults.push(...(familyOf(card).faultsOf?.(card.outputs ?? {}) ?? []));
  const { type, mean, std } = card.input;
  if (type === 'uint8' && [...(mean ?? [])].some((value) => value !== 0)) {
    faults.push({ path: 'input.mean', message: 'a uint8 input takes pixels as they are' });
  }
  if (type === 'uint8' && [...(std ?? [])].some((value) => value !== 1)) {
    faults.push({ path: 'input.std', message: 'a uint8 input takes pixels as they are' });
  }
  return faults;
}

/** A union only says that nothing matched; the variant that `by` names says what. */
function compositeFaults(composites: unknown): Fault[] {
  if (!Array.isArray(composites)) return [];
  return composites.flatMap((composite: unknown, i) => {
    const path = `composites[${i}]`;
    const by = (composite as { by?: unknown } | null)?.by;
    const schema = by === 'props' ? PropsComposite : by === 'vendor-vehicle' ? VehicleComposite : null;
    if (!schema) return [{ path: `${path}.by`, message: 'expected props or vendor-vehicle' }];
    return faultsOf(schema, Value.Default(schema, structuredClone(composite))).map((fault) => ({
      path: fault.path ? `${path}.${fault.path}` : path,
      message: fault.message,
    }));
  });
}

/** Defaults filled in, on a copy. */
function completed(family: Family, value: unknown): unknown {
  const card = Value.Default(cardSchemas[family], structuredClone(value)) as { outputs?: unknown };
  if (card.outputs === undefined) card.outputs = Value.Default(cardSchemas[family].properties.outputs, {});
  return card;
}

/** All that is wrong with a card; empty when it may be used. `folder` is the name that the card must bear. */
export function cardFaults(value: unknown, folder: string): Fault[] {
  if (typeof value !== 'object' || value === null) return [{ path: '', message: 'expected a model card' }];
  const family = findFamily((value as { family?: unknown }).family);
  if (!family) {
    return [{ path: 'family', message: `expected one of ${families.map(({ name }) => name).join(', ')}` }];
  }
  const card = completed(family.name, value) as ModelCard;
  const faults = faultsOf(cardSchemas[family.name], card).filter((fault) => !/^composites\[/.test(fault.path));
  faults.push(...compositeFaults(card.composites));
  if (faults.length > 0) return faults;
  const named: Fault[] =
    card.name === folder ? [] : [{ path: 'name', message: `expected ${folder}, as the folder is called` }];
  return [...named, ...meaningFaults(card)];
}

/**
 * Defaults filled in, labels written out. The card must have been checked.
 * @param sha256 of the weights, where the card names none
 */
export function specOf(checked: ModelCard, sha256 = ''): ModelSpec {
  const card = completed(checked.family, checked) as ModelCard;
  return {
    name: card.name,
    version: card.version,
    file: card.file,
    sha256: card.sha256 ?? sha256,
    licence: card.licence,
    input: card.input as ModelSpec['input'],
    outputs: { ...card.outputs, family: card.family } as FamilyOutputs,
    thresholds: {
      score: card.thresholds.score,
      byLabel: card.thresholds.byLabel ?? {},
      nmsIou: card.thresholds.nmsIou ?? null,
      classGroups: card.thresholds.compete ?? [],
      maxBoxes: card.thresholds.maxBoxes ?? 100,
    },
    labels: labelsOf(card),
    ...(card.calibration ? { calibration: card.calibration } : {}),
    composites: card.composites ?? [],
  };
}

/** The card of a model folder. Throws EDGE_MODEL_CARD with every fault. */
export async function readCard(modelDir: string): Promise<ModelCard> {
  const file = join(modelDir, 'model.yaml');
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new AppError('EDGE_MODEL_CARD', `${file} cannot be read`, { cause });
  });
  let value: unknown;
  try {
    // A hash that happens to look like a number is still a hash.
    value = parseYaml(text.replace(/^(sha256:\s*)([0-9a-f]{64})\s*$/m, '$1"$2"'), file);
  } catch (cause) {
    throw new AppError('EDGE_MODEL_CARD', cause instanceof Error ? cause.message : file, { cause });
  }
  const faults = cardFaults(value, basename(resolve(modelDir)));
  if (faults.length > 0) {
    throw new AppError('EDGE_MODEL_CARD', `${file}: ${faults.length} fault${faults.length > 1 ? 's' : ''}`, { faults });
  }
  return value as ModelCard;
}
