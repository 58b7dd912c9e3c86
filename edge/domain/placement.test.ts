import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ModelInput } from './frame.ts';
import { placementOf } from './placement.ts';

const square: ModelInput = {
  width: 416,
  height: 416,
  pixelFormat: 'rgb24',
  resize: 'letterbox',
  align: 'center',
  pad: 114,
};

describe('placementOf', () => {
  it.each([
    ['16:9 in a square, top left', 'letterbox', 'top-left', [1920, 1080], [0, 0, 416, 234]],
    ['16:9 in a square, centred', 'letterbox', 'center', [1920, 1080], [0, 91, 416, 234]],
    ['portrait, centred', 'letterbox', 'center', [480, 640], [52, 0, 312, 416]],
    ['stretched', 'stretch', 'top-left', [1920, 1080], [0, 0, 416, 416]],
    ['a line of one pixel keeps one', 'letterbox', 'top-left', [5000, 1], [0, 0, 416, 1]],
  ] as const)('%s', (_, resize, align, [width, height], [offsetX, offsetY, scaledWidth, scaledHeight]) => {
    expect(placementOf({ ...square, resize, align }, width, height)).toEqual({
      offsetX,
      offsetY,
      scaledWidth,
      scaledHeight,
    });
  });

  it('always lies inside the input and keeps the ratio to a pixel', () => {
    const size = fc.integer({ min: 16, max: 4000 });
    fc.assert(
      fc.property(size, size, fc.constantFrom('top-left' as const, 'center' as const), (width, height, align) => {
        const p = placementOf({ ...square, height: 256, align }, width, height);
        const ratio = Math.min(416 / width, 256 / height);
        return (
          (p.scaledWidth === 416 || p.scaledHeight === 256) &&
          p.offsetX >= 0 &&
          p.offsetY >= 0 &&
          p.offsetX + p.scaledWidth <= 416 &&
          p.offsetY + p.scaledHeight <= 256 &&
          Math.abs(p.scaledWidth - Math.max(1, width * ratio)) <= 0.5 &&
          Math.abs(p.scaledHeight - Math.max(1, height * ratio)) <= 0.5
        );
      }),
    );
  });
});
