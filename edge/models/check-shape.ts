/** Does the graph have what its card says? Names, types, ranks and sizes, all faults at once; pure. */
import type { Fault } from '../../platform/app-error.ts';
import type { ModelSpec, TensorShape } from '../domain/model-card.ts';

export type GraphShape = { readonly inputs: readonly TensorShape[]; readonly outputs: readonly TensorShape[] };

/** One expected tensor: a number is a size that must hold, null is free. */
type Expected = { readonly path: string; readonly name: string; readonly dims: readonly (number | null)[] };

function gridCells(spec: ModelSpec, strides: readonly number[]): number {
  return strides.reduce(
    (sum, stride) => sum + Math.floor(spec.input.width / stride) * Math.floor(spec.input.height / stride),
    0,
  );
}

function expectedOutputs(spec: ModelSpec): Expected[] {
  const { outputs, input } = spec;
  const labels = spec.labels.length;
  switch (outputs.family) {
    case 'yolox':
      return [{ path: 'outputs.grid', name: outputs.grid, dims: [1, gridCells(spec, outputs.strides), 5 + labels] }];
    case 'nanodet':
      return outputs.strides.flatMap((stride, i) => {
        const cells = Math.ceil(input.width / stride) * Math.ceil(input.height / stride);
        return [
          { path: `outputs.scores[${i}]`, name: outputs.scores[i] ?? '', dims: [1, cells, labels] },
          { path: `outputs.distances[${i}]`, name: outputs.distances[i] ?? '', dims: [1, cells, 4 * outputs.bins] },
        ];
      });
    case 'nanodet-plus': {
      const cells = outputs.strides.reduce(
        (sum, stride) => sum + Math.ceil(input.width / stride) * Math.ceil(input.height / stride),
        0,
      );
      return [{ path: 'outputs.grid', name: outputs.grid, dims: [1, cells, labels + 4 * outputs.bins] }];
    }
    case 'yolov8':
      return [{ path: 'outputs.grid', name: outputs.grid, dims: [1, 4 + labels, null] }];
    case 'end2end':
      return [{ path: 'outputs.rows', name: outputs.rows, dims: [1, null, 6] }];
    case 'detr': {
      const logits = labels + (outputs.activation === 'softmax' ? 1 : 0);
      return [
        { path: 'outputs.boxes', name: outputs.boxes, dims: [1, null, 4] },
        { path: 'outputs.logits', name: outputs.logits, dims: [1, null, logits] },
      ];
    }
    case 'kerb':
      return [
        { path: 'outputs.boxes', name: outputs.boxes, dims: [1, null, 4] },
        { path: 'outputs.scores', name: outputs.scores, dims: [1, null, labels] },
      ];
  }
}

function agrees(expected: readonly (number | null)[], shape: readonly (number | string)[]): boolean {
  return (
    shape.length === expected.length &&
    // A size that the graph leaves open is checked on a first run.
    expected.every((size, i) => size === null || typeof shape[i] === 'string' || shape[i] === size)
  );
}

const written = (dims: readonly (number | string | null)[]): string => `[${dims.map((d) => d ?? 'N').join(', ')}]`;

function tensorFaults(expected: Expected, type: string, found: readonly TensorShape[], what: string): Fault[] {
  const tensor = found.find((candidate) => candidate.name === expected.name);
  if (!tensor) {
    const names = found.map((candidate) => candidate.name).join(', ');
    return [{ path: expected.path, message: `the graph has no ${what} ${expected.name}; it has ${names}` }];
  }
  const faults: Fault[] = [];
  if (tensor.type !== type)
    faults.push({ path: expected.path, message: `expected ${type}, the graph has ${tensor.type}` });
  if (!agrees(expected.dims, tensor.shape)) {
    faults.push({
      path: expected.path,
      message: `expected ${written(expected.dims)}, the graph has ${written(tensor.shape)}`,
    });
  }
  return faults;
}

/** Faults between a card and its graph; empty when the card tells the truth. */
export function shapeFaults(spec: ModelSpec, graph: GraphShape): Fault[] {
  const { input } = spec;
  const dims = input.layout === 'nchw' ? [1, 3, input.height, input.width] : [1, input.height, input.width, 3];
  const others = graph.inputs.filter((tensor) => tensor.name !== input.name);
  return [
    ...tensorFaults({ path: 'input', name: input.name, dims }, input.type, graph.inputs, 'input'),
    ...others.map((tensor) => ({ path: 'input', message: `the graph also wants ${tensor.name}` })),
    ...expectedOutputs(spec).flatMap((expected) => tensorFaults(expected, 'float32', graph.outputs, 'output')),
  ];
}

/** Names of the outputs that the card's family reads; others are not computed. */
export function outputNames(spec: ModelSpec): string[] {
  return expectedOutputs(spec).map((expected) => expected.name);
}
