import { describe, expect, it } from 'vitest';
import { spec as golden } from '../../tests/detectors/golden.ts';
import { shapeFaults } from './check-shape.ts';

describe('shapeFaults', () => {
  const nanodet = {
    family: 'nanodet' as const,
    scores: ['s8', 's16'],
    distances: ['d8', 'd16'],
    strides: [8, 16],
    bins: 8,
  };
  const spec = golden(nanodet, {
    input: { ...golden(nanodet).input, width: 32, height: 32 },
    labels: [{ name: 'stall', concept: 'stall' }],
  });
  const f = (name: string, ...shape: (number | string)[]) => ({ name, type: 'float32', shape });
  const inputs = [f('x', 1, 3, 32, 32)];
  const outputs = [f('s8', 1, 16, 1), f('s16', 1, 4, 1), f('d8', 1, 16, 32), f('d16', 1, 4, 32)];

  it('a truthful card', () => expect(shapeFaults(spec, { inputs, outputs })).toEqual([]));
  it('sizes that the graph leaves open are not held against it', () => {
    expect(shapeFaults(spec, { inputs: [f('x', 'batch', 3, 32, 32)], outputs })).toEqual([]);
  });
  it.each([
    ['another size of input', { inputs: [f('x', 1, 3, 64, 64)], outputs }, 'expected [1, 3, 32, 32]'],
    ['another layout', { inputs: [f('x', 1, 32, 32, 3)], outputs }, 'expected [1, 3, 32, 32]'],
    ['another name', { inputs: [f('y', 1, 3, 32, 32)], outputs }, 'no input x; it has y'],
    [
      'another type',
      { inputs: [{ ...inputs[0], name: 'x', type: 'uint8', shape: [1, 3, 32, 32] }], outputs },
      'expected float32',
    ],
    ['an output less', { inputs, outputs: outputs.slice(1) }, 'no output s8'],
    ['more labels than the card has', { inputs, outputs: [f('s8', 1, 16, 80), ...outputs.slice(1)] }, '[1, 16, 1]'],
    ['a rank less', { inputs, outputs: [f('s8', 16, 1), ...outputs.slice(1)] }, '[16, 1]'],
    ['an input more', { inputs: [...inputs, f('size', 1, 2)], outputs }, 'also wants size'],
  ])('%s', (_, graph, message) => {
    expect(
      shapeFaults(spec, graph)
        .map((fault) => fault.message)
        .join('; '),
    ).toContain(message);
  });
});
