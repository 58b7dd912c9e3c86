/** Does the graph have what its card says? Names, types, ranks and sizes, all faults at once; pure. */
import type { Fault } from '../../platform/app-error.ts';
import { familyOf } from '../detectors/families.ts';
import type { ConstantInput, ExpectedTensor } from '../detectors/family.ts';
import type { ModelSpec } from '../detectors/model-spec.ts';

/** A tensor's shape as the graph declares it; a name stands for a size that is open. */
export type TensorShape = {
  readonly name: string;
  readonly type: string;
  readonly shape: readonly (number | string)[];
};
export type GraphShape = { readonly inputs: readonly TensorShape[]; readonly outputs: readonly TensorShape[] };

function expectedOutputs({ outputs, input, labels }: ModelSpec): ExpectedTensor[] {
  return familyOf(outputs).expects(outputs, input, labels.length);
}

/** The inputs beside the picture, which are the same for every frame. */
export function constantInputs({ outputs, input }: ModelSpec): readonly ConstantInput[] {
  return familyOf(outputs).constants?.(outputs, input) ?? [];
}

function agrees(expected: readonly (number | null)[], shape: readonly (number | string)[]): boolean {
  return (
    shape.length === expected.length &&
    // A size that the graph leaves open is checked on a first run.
    expected.every((size, i) => size === null || typeof shape[i] === 'string' || shape[i] === size)
  );
}

const written = (dims: readonly (number | string | null)[]): string => `[${dims.map((d) => d ?? 'N').join(', ')}]`;

function tensorFaults(expected: ExpectedTensor, type: string, found: readonly TensorShape[], what: string): Fault[] {
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
  const constants = constantInputs(spec);
  const known = new Set([input.name, ...constants.map(({ name }) => name)]);
  const others = graph.inputs.filter((tensor) => !known.has(tensor.name));
  return [
    ...tensorFaults({ path: 'input', name: input.name, dims }, input.type, graph.inputs, 'input'),
    ...constants.flatMap((expected) => tensorFaults(expected, 'int64', graph.inputs, 'input')),
    ...others.map((tensor) => ({ path: 'input', message: `the graph also wants ${tensor.name}` })),
    ...expectedOutputs(spec).flatMap((expected) =>
      tensorFaults(expected, expected.type ?? 'float32', graph.outputs, 'output'),
    ),
  ];
}

/** Names of the outputs that the card's family reads; others are not computed. */
export function outputNames(spec: ModelSpec): string[] {
  return expectedOutputs(spec).map((expected) => expected.name);
}
