/** Something of a stream that can be shown, not decoded yet where that can wait. */
import type { Picture } from '../../media/picture.ts';

export type Sight = {
  /** Presentation time on the stream's own clock, µs, or null. */
  readonly ptsUs: number | null;
  /** When its packet came, ms of `performance.now()`. */
  readonly arrivedAt: number;
  /** Time by which decoding is planned, ms. */
  readonly streamMs: number;
  /** The picture, or null where none, or a damaged one, comes out of it. Call `open` or `drop`, once. */
  readonly open: () => Picture | null;
  readonly drop: () => void;
};

/** The last whole picture of several; the others are freed. */
export function lastWhole(pictures: readonly Picture[]): Picture | null {
  let whole: Picture | null = null;
  for (const picture of pictures) {
    if (picture.damaged) {
      picture.release();
      continue;
    }
    whole?.release();
    whole = picture;
  }
  return whole;
}
