/** Where a picture lies inside a model's input: one formula for the decoder's letterbox, for stills and for boxes. */
import type { ModelInput, Placement } from './frame.ts';

function rounded(size: number): number {
  return Math.max(1, Math.trunc(size + 0.5));
}

/**
 * Placement of a picture of `width` × `height` pixels. Letterbox keeps the shape: both sides times
 * min(W/width, H/height), rounded half up; what is left is border at the right and the bottom (`top-left`) or shared
 * (`center`, the smaller half first).
 * @example placementOf(input416x256, 1920, 1080) // { offsetX: 0, offsetY: 0, scaledWidth: 416, scaledHeight: 234 }
 */
export function placementOf(input: ModelInput, width: number, height: number): Placement {
  if (input.resize === 'stretch') {
    return { offsetX: 0, offsetY: 0, scaledWidth: input.width, scaledHeight: input.height };
  }
  const scale = Math.min(input.width / width, input.height / height);
  const scaledWidth = rounded(width * scale);
  const scaledHeight = rounded(height * scale);
  if (input.align === 'top-left') return { offsetX: 0, offsetY: 0, scaledWidth, scaledHeight };
  return {
    offsetX: Math.trunc((input.width - scaledWidth) / 2),
    offsetY: Math.trunc((input.height - scaledHeight) / 2),
    scaledWidth,
    scaledHeight,
  };
}
