/** A decoded picture as the line takes it. */
import type { Frame, ModelInput } from '../../domain/frame.ts';
import type { Picture } from '../../media/picture.ts';
import { lendPixels, returnPixels } from './pixel-pool.ts';

/** `release` gives back its places. Rejects a picture that cannot be converted with EDGE_SOURCE_DECODE, and frees it. */
export function frameOf(
  picture: Picture,
  input: ModelInput,
  when: Pick<Frame, 'index' | 'at' | 'arrivedAt' | 'timeline' | 'resting'>,
  main: Frame['main'],
): Frame {
  const pixels = lendPixels(3 * input.width * input.height);
  try {
    picture.modelInput(input, pixels);
  } catch (error) {
    returnPixels(pixels);
    picture.release();
    throw error;
  }
  let released = false;
  return {
    ...when,
    pixels,
    full: picture.full,
    ...(main ? { main } : {}),
    release() {
      if (released) return;
      released = true;
      returnPixels(pixels);
      picture.release();
    },
  };
}
