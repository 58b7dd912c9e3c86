import { expect, it } from 'vitest';
import type { CardInput } from '../domain/model-card.ts';
import { fillTensor, modelInputOf } from './fill-tensor.ts';

const input = (more: Partial<CardInput>): Required<CardInput> => ({
  name: 'x',
  width: 2,
  height: 1,
  layout: 'nchw',
  type: 'float32',
  channels: 'rgb',
  resize: 'stretch',
  align: 'center',
  pad: 114,
  mean: [0, 0, 0],
  std: [1, 1, 1],
  ...more,
});
/** Two pixels, (R, G, B) = (1, 2, 3) and (10, 20, 30), as the source delivers them. */
const pixels = { gbrp: [2, 20, 3, 30, 1, 10], rgb24: [1, 2, 3, 10, 20, 30], bgr24: [3, 2, 1, 30, 20, 10] };

it.each([
  ['planar, RGB', {}, [1, 10, 2, 20, 3, 30]],
  ['planar, BGR', { channels: 'bgr' }, [3, 30, 2, 20, 1, 10]],
  [
    'planar, BGR, normalised in that order',
    { channels: 'bgr', mean: [1, 2, 3], std: [2, 1, 1] },
    [1, 14.5, 0, 18, -2, 7],
  ],
  ['interleaved, RGB', { layout: 'nhwc' }, [1, 2, 3, 10, 20, 30]],
  ['interleaved, BGR', { layout: 'nhwc', channels: 'bgr' }, [3, 2, 1, 30, 20, 10]],
  ['interleaved, normalised', { layout: 'nhwc', mean: [1, 1, 1], std: [1, 2, 1] }, [0, 0.5, 2, 9, 9.5, 29]],
] as const)('%s', (_, more, expected) => {
  const card = input(more as Partial<CardInput>);
  const target = new Float32Array(6);
  fillTensor(card, Uint8Array.from(pixels[modelInputOf(card).pixelFormat]), target);
  expect([...target]).toEqual(expected);
});
