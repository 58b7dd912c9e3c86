/** Where a picture lies inside a model's input: the one rule that the source, still images and box mapping share. */
import type { ModelInput, Placement } from '../domain/frame.ts';

type Size = { readonly width: number; readonly height: number };

/**
 * Letterbox keeps the ratio (scaled size rounded to whole pixels, the rest is padding, at the bottom right or split
 * evenly); stretch fills the input.
 */
export function placePicture(
  input: Pick<ModelInput, 'width' | 'height' | 'resize' | 'align'>,
  picture: Size,
): Placement {
  if (input.resize === 'stretch') {
    return { offsetX: 0, offsetY: 0, scaledWidth: input.width, scaledHeight: input.height };
  }
  const ratio = Math.min(input.width / picture.width, input.height / picture.height);
  const scaledWidth = Math.min(input.width, Math.max(1, Math.round(picture.width * ratio)));
  const scaledHeight = Math.min(input.height, Math.max(1, Math.round(picture.height * ratio)));
  if (input.align === 'top-left') return { offsetX: 0, offsetY: 0, scaledWidth, scaledHeight };
  return {
    offsetX: Math.floor((input.width - scaledWidth) / 2),
    offsetY: Math.floor((input.height - scaledHeight) / 2),
    scaledWidth,
    scaledHeight,
  };
}
