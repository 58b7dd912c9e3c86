/** From the decoder's bytes to the numbers that a model wants. */
import type { ModelInput } from '../domain/frame.ts';
import type { CardInput } from '../domain/model-card.ts';

/** How the source must deliver pixels so that as little as possible is left to do here. */
export function modelInputOf(input: Required<CardInput>): ModelInput {
  const { width, height, resize, align, pad } = input;
  const pixelFormat = input.layout === 'nchw' ? 'gbrp' : input.channels === 'rgb' ? 'rgb24' : 'bgr24';
  return { width, height, pixelFormat, resize, align, pad };
}

/** Planes of `gbrp` in the order of the model's channels. */
const planes = { rgb: [2, 0, 1], bgr: [1, 0, 2] } as const;

function fillPlanes(input: Required<CardInput>, pixels: Uint8Array, target: Uint8Array | Float32Array): void {
  const area = input.width * input.height;
  planes[input.channels].forEach((plane, channel) => {
    const from = pixels.subarray(plane * area, (plane + 1) * area);
    const at = channel * area;
    const mean = input.mean[channel] ?? 0;
    const std = input.std[channel] ?? 1;
    if (mean === 0 && std === 1) {
      target.set(from, at);
      return;
    }
    const scale = 1 / std;
    const shift = -mean / std;
    for (let i = 0; i < area; i++) target[at + i] = (from[i] as number) * scale + shift;
  });
}

function fillInterleaved(input: Required<CardInput>, pixels: Uint8Array, target: Uint8Array | Float32Array): void {
  const plain = input.mean.every((mean) => mean === 0) && input.std.every((std) => std === 1);
  if (plain) {
    target.set(pixels);
    return;
  }
  for (let channel = 0; channel < 3; channel++) {
    const scale = 1 / (input.std[channel] ?? 1);
    const shift = -(input.mean[channel] ?? 0) * scale;
    for (let i = channel; i < target.length; i += 3) target[i] = (pixels[i] as number) * scale + shift;
  }
}

/** Writes `pixels` (in the layout of `modelInputOf`) into the model's input tensor: (value − mean) / std a channel. */
export function fillTensor(input: Required<CardInput>, pixels: Uint8Array, target: Uint8Array | Float32Array): void {
  if (input.layout === 'nchw') fillPlanes(input, pixels, target);
  else fillInterleaved(input, pixels, target);
}
