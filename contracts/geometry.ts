/** Shapes on the wire: every coordinate is a share (0..1) of the camera's full frame, origin top left. */
import { type Static, Type } from '@sinclair/typebox';

/**
 * Marks what a person draws. The check of shapes walks a zone's schema for it, so it knows every kind's; as a symbol it
 * stays out of the generated JSON Schema.
 */
export const Shape = Symbol('shape');
export type ShapeKind = 'polygon' | 'line' | 'ground-plane';

const Unit = Type.Number({ minimum: 0, maximum: 1 });

export const Point = Type.Tuple([Unit, Unit], { description: '[x, y], 0..1 of the frame' });
export type Point = Static<typeof Point>;

export const Polygon = Type.Array(Point, {
  minItems: 3,
  maxItems: 64,
  description: 'Simple polygon, at least three corners, not closed by repeating the first',
  [Shape]: 'polygon',
});
export type Polygon = Static<typeof Polygon>;

export const Polyline = Type.Array(Point, { minItems: 2, maxItems: 64, [Shape]: 'line' });
export type Polyline = Static<typeof Polyline>;

export const Segment = Type.Tuple([Point, Point], { [Shape]: 'line' });
export type Segment = Static<typeof Segment>;

/** `[x, y, w, h]`; x and y may leave the frame by a little where an object is cut off by its edge. */
export const BoxXywh = Type.Tuple(
  [
    Type.Number({ minimum: -1, maximum: 2 }),
    Type.Number({ minimum: -1, maximum: 2 }),
    Type.Number({ minimum: 0, maximum: 3 }),
    Type.Number({ minimum: 0, maximum: 3 }),
  ],
  { description: '[x, y, w, h] in 0..1 of the full frame' },
);
export type BoxXywh = Static<typeof BoxXywh>;

export const Location = Type.Object(
  { lon: Type.Number({ minimum: -180, maximum: 180 }), lat: Type.Number({ minimum: -90, maximum: 90 }) },
  { additionalProperties: false, description: 'WGS 84 degrees' },
);
export type Location = Static<typeof Location>;
