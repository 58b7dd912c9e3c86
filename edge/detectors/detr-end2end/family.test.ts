import { expect, it } from 'vitest';
import { decode, inPixels, inputSize, spec, tensor } from '../../../tests/detectors/golden.ts';
import { constantInputs, shapeFaults } from '../../models/check-shape.ts';
import { detrEnd2end } from './family.ts';

const outputs = { family: 'detr-end2end', labels: 'labels', boxes: 'boxes', scores: 'scores', size: 'sizes' } as const;
const thresholds = { score: 0.3, byLabel: {}, nmsIou: null, classGroups: [], maxBoxes: 100 };
const labels = (...values: bigint[]) => ({ dims: [1, values.length], data: BigInt64Array.from(values) });

it('boxes in px of the input, as its size is what the graph is told; labels that there are not are left out', () => {
  const boxes = tensor([1, 4, 4], [8, 4, 24, 20, 8, 4, 24, 20, 0, 0, 10, 10, 0, 0, 9, 9]);
  const scores = tensor([1, 4], [0.9, 0.8, 0.7, 0.2]);
  const found = decode(outputs, { labels: labels(1n, 0n, 7n, 0n), boxes, scores }, { thresholds });
  expect(inPixels(found)).toEqual([
    ['stall', 0.9, 8, 4, 16, 16],
    ['person', 0.8, 8, 4, 16, 16],
  ]);
  expect(constantInputs(spec(outputs))).toEqual([
    { path: 'outputs.size', name: 'sizes', dims: [1, 2], values: [inputSize.width, inputSize.height] },
  ]);
});

it('the graph must have its second input and int64 labels, and no third input', () => {
  const inputs = [
    { name: 'x', type: 'float32', shape: ['N', 3, 32, 64] },
    { name: 'sizes', type: 'int64', shape: ['M', 2] },
  ];
  const graph = {
    inputs,
    outputs: [
      { name: 'labels', type: 'int64', shape: ['A', 'B'] },
      { name: 'boxes', type: 'float32', shape: ['A', 'B', 4] },
      { name: 'scores', type: 'float32', shape: ['A', 'B'] },
    ],
  };
  const faultsOf = (change: Partial<typeof graph>) =>
    shapeFaults(spec(outputs), { ...graph, ...change }).map(({ path, message }) => `${path}: ${message}`);
  expect(faultsOf({})).toEqual([]);
  expect(faultsOf({ inputs: inputs.slice(0, 1) })).toEqual(['outputs.size: the graph has no input sizes; it has x']);
  const third = { name: 'mask', type: 'float32', shape: [1] };
  expect(faultsOf({ inputs: [...inputs, third] })).toEqual(['input: the graph also wants mask']);
  const float = [{ name: 'labels', type: 'float32', shape: ['A', 'B'] }, ...graph.outputs.slice(1)];
  expect(faultsOf({ outputs: float })).toEqual(['outputs.labels: expected int64, the graph has float32']);
});

it('names have the exporters’ defaults', () => {
  const names = Object.values(detrEnd2end.outputs).map((name) => (name as { default?: string }).default);
  expect(names).toEqual(['labels', 'boxes', 'scores', 'orig_target_sizes']);
});
