/** What a detector finds in one frame, in our own concepts and in shares of the full frame. */
import type { BoxXywh } from '../../contracts/geometry.ts';

/** The field's things, whatever a model calls them; a card maps labels to concepts. */
export const concepts = [
  'person',
  'bicycle',
  'motorcycle',
  'car',
  'bus',
  'truck',
  'muck_truck',
  'stall',
  'cart',
  'umbrella',
  'table',
  'chair',
  'goods',
  'animal',
  'other',
] as const;
export type Concept = (typeof concepts)[number];

export type Load = 'loaded' | 'empty' | 'unknown';
export type Cover = 'covered' | 'partly' | 'uncovered' | 'unknown';

export type Detection = {
  readonly concept: Concept;
  /** The model's own label, for people. */
  readonly label: string;
  /** 0..1 */
  readonly score: number;
  /** [x, y, w, h], 0..1 of the full frame; never clipped, so that the foot point stays true. */
  readonly box: BoxXywh;
  readonly load?: Load;
  readonly cover?: Cover;
};

/** A detection with an identity over time. */
export type Track = Detection & {
  readonly id: number;
  /** ms since the epoch of the first sight. */
  readonly bornAt: number;
  /** ms since the epoch of the last real sight; less than the scene's `at` while the track coasts. */
  readonly seenAt: number;
  readonly hits: number;
  /** Mean score asked for where it stands, 0..1, where the camera's memory has raised it. */
  readonly bar?: number;
};
