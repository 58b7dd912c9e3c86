/** The size in which a coded picture is shown: square pixels, turned upright. Pure. */
import type { StreamFormat } from '../domain/packet.ts';

/** Nothing that films is squeezed more than this: a wider ratio is a fault of the stream. */
const MAX_ASPECT = 8;

export type DisplaySize = {
  /** Shown. */
  readonly width: number;
  readonly height: number;
  /** Before it is turned: the coded height, and the width that makes pixels square. */
  readonly squareWidth: number;
};

/**
 * `pixelAspect`: width over height of a pixel as the stream says, null where it says nothing. `aspect`: width over height
 * of the shown picture, stated by whoever installed the camera; it holds where the stream says nothing or `square`,
 * which encoders write without knowing.
 */
export function displaySize(
  coded: { readonly width: number; readonly height: number },
  rotation: StreamFormat['rotation'],
  pixelAspect: number | null,
  aspect: number | null,
): DisplaySize {
  const turned = rotation === 90 || rotation === 270;
  let pixel = pixelAspect ?? 1;
  if (pixel === 1 && aspect !== null) pixel = ((turned ? 1 / aspect : aspect) * coded.height) / coded.width;
  if (pixel > MAX_ASPECT || pixel < 1 / MAX_ASPECT) pixel = 1;
  const squareWidth = Math.max(1, Math.round(coded.width * pixel));
  return turned
    ? { width: coded.height, height: squareWidth, squareWidth }
    : { width: squareWidth, height: coded.height, squareWidth };
}
