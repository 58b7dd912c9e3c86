/** Golden tensors: small, made by hand, with the boxes worked out on paper. The model sees 64 × 32 px and two labels. */

import type { Tensors } from '../../edge/detectors/candidates.ts';
import { createDecoder } from '../../edge/detectors/decode.ts';
import type { FamilyOutputs } from '../../edge/detectors/families.ts';
import { forScoring, type ModelSpec } from '../../edge/detectors/model-spec.ts';
import type { Detection } from '../../edge/domain/detection.ts';
import type { Placement } from '../../edge/domain/frame.ts';
import type { Label, Thresholds } from '../../edge/domain/model-card.ts';
import { roundTo } from '../../edge/geometry/numbers.ts';

const labels: readonly Label[] = [
  { name: 'person', concept: 'person' },
  { name: 'stall', concept: 'stall' },
];

export const plain: Thresholds = { score: 0.3, byLabel: {}, nmsIou: 0.6, classGroups: [], maxBoxes: 100 };
export const inputSize = { width: 64, height: 32 };

export function spec(outputs: FamilyOutputs, more: Partial<ModelSpec> = {}): ModelSpec {
  return {
    name: 'golden',
    version: '1',
    file: 'golden.onnx',
    sha256: '0'.repeat(64),
    licence: 'Apache-2.0',
    input: {
      name: 'x',
      ...inputSize,
      layout: 'nchw',
      type: 'float32',
      channels: 'rgb',
      resize: 'letterbox',
      align: 'top-left',
      pad: 114,
      mean: [0, 0, 0],
      std: [1, 1, 1],
    },
    outputs,
    thresholds: plain,
    labels,
    composites: [],
    ...more,
  };
}

/** The picture fills the input: shares are pixels over 64 and 32. */
export const full: Placement = { offsetX: 0, offsetY: 0, scaledWidth: 64, scaledHeight: 32 };

export function tensor(dims: number[], values: readonly number[] = []) {
  const data = new Float32Array(dims.reduce((a, b) => a * b, 1));
  data.set(values);
  return { data, dims };
}

/** A tensor of zeros but for some rows of its middle dimension. */
export function rows(dims: [number, number, number], filled: Record<number, readonly number[]>) {
  const whole = tensor(dims);
  for (const [row, values] of Object.entries(filled)) whole.data.set(values, Number(row) * dims[2]);
  return whole;
}

/** Logits that put all of a side's distance on one of four bins. */
export const onBin = (bin: number) => Array.from({ length: 4 }, (_, i) => (i === bin ? 100 : 0));

/** Boxes in pixels of the input, to compare with the paper. */
export const inPixels = (found: readonly Detection[]) =>
  found.map(({ label, score, box: [x, y, w, h] }) => [
    label,
    roundTo(score, 4),
    ...[x * 64, y * 32, w * 64, h * 32].map((value) => roundTo(value, 3)),
  ]);

export function decode(outputs: FamilyOutputs, tensors: Tensors, more: Partial<ModelSpec> = {}, placement = full) {
  return createDecoder(spec(outputs, more))(tensors, placement);
}

/** Labels and scores where every label of a box is asked for, as for scoring. */
export const everyLabel = (outputs: FamilyOutputs, tensors: Tensors) =>
  createDecoder(forScoring(spec(outputs), 0.01, 100))(tensors, full)
    .filter(({ score }) => score > 0.05)
    .map(({ label, score }) => [label, roundTo(score, 3)]);
