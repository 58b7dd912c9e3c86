/** A zone's ground plane: four points in the picture, and what a tape says between them. */
import { type Static, Type } from '@sinclair/typebox';
import { Location, Point, Shape } from './geometry.ts';
import { metresApart } from './wgs84.ts';

const Metres = Type.Number({ minimum: 0.1, maximum: 500 });

/**
 * Four sides and one diagonal fix a quadrilateral, right angles or not, so an engineer needs a tape and chalk only.
 * The second diagonal is a check on the other five measures.
 */
export const GroundPlane = Type.Object(
  {
    points: Type.Tuple([Point, Point, Point, Point], {
      description: 'Four marks on flat ground, in order around; far apart, so that a pixel matters little',
    }),
    sidesM: Type.Tuple([Metres, Metres, Metres, Metres], {
      description: 'Measured along the ground, m: point 1–2, 2–3, 3–4, 4–1',
    }),
    diagonalM: Type.Number({ minimum: 0.1, maximum: 500, description: 'Measured from point 1 to point 3, m' }),
    otherDiagonalM: Type.Optional(
      Type.Number({
        minimum: 0.1,
        maximum: 500,
        description: 'Measured from point 2 to point 4, m: checks the other measures, 5 % are forgiven',
      }),
    ),
    locations: Type.Optional(
      Type.Tuple([Location, Location], {
        description:
          'Surveyed positions of points 1 and 3, WGS 84 to about a metre: with them, what two cameras see on one spot of the ground is known to be one',
      }),
    ),
  },
  {
    additionalProperties: false,
    description: 'Turns the picture into metres on flat ground: four points with the distances between them',
    [Shape]: 'ground-plane',
  },
);
export type GroundPlane = Static<typeof GroundPlane>;

type Corner = readonly [number, number];
type Quad = readonly [Corner, Corner, Corner, Corner];
export type GroundCorners =
  | { readonly ok: true; readonly corners: Quad }
  | { readonly ok: false; readonly field: string; readonly message: string };

/** A triangle flatter than this share of its sides' product is a mistake with the tape. */
const FLAT = 0.02;
/** In the picture, sine of the flattest corner and least area as a share of the frame. */
const FLAT_IN_PICTURE = 0.02;
const MIN_AREA = 0.0005;
const FORGIVEN = 0.05;
/** A surveyed position is good to about a metre. */
const FORGIVEN_M = 1;

const turn = (a: Corner, b: Corner, c: Corner) => (b[0] - a[0]) * (c[1] - b[1]) - (b[1] - a[1]) * (c[0] - b[0]);
const length = (a: Corner, b: Corner) => Math.hypot(b[0] - a[0], b[1] - a[1]);

/** Sines of the four corners' turns, all of one sign in a convex quadrilateral; 0 where two points coincide. */
function turns([a, b, c, d]: Quad): number[] {
  const corners: [Corner, Corner, Corner][] = [
    [d, a, b],
    [a, b, c],
    [b, c, d],
    [c, d, a],
  ];
  return corners.map(([p, q, r]) => turn(p, q, r) / Math.max(1e-12, length(p, q) * length(q, r)));
}

const isConvex = (quad: Quad, flattest: number) => {
  const all = turns(quad);
  return all.every((sine) => sine > flattest) || all.every((sine) => sine < -flattest);
};

function areaOf([a, b, c, d]: Quad): number {
  return Math.abs((c[0] - a[0]) * (d[1] - b[1]) - (c[1] - a[1]) * (d[0] - b[0])) / 2;
}

/** The corner at `near` metres from the start of a base of `base` metres and `far` from its end; null for no triangle. */
function apex(base: number, near: number, far: number): Corner | null {
  const along = (base * base + near * near - far * far) / (2 * base);
  const height2 = near * near - along * along;
  return height2 > (FLAT * near) ** 2 ? [along, Math.sqrt(height2)] : null;
}

const fault = (field: string, message: string): GroundCorners => ({ ok: false, field, message });

/**
 * The four marks in metres, the first at the origin, the third on the x axis, going around as the picture does; or what
 * cannot be true about them, with the field to look at.
 */
export function groundCorners({ points, sidesM, diagonalM, otherDiagonalM, locations }: GroundPlane): GroundCorners {
  if (!isConvex(points, FLAT_IN_PICTURE)) {
    return fault('points', 'the four points must be the corners of a convex quadrilateral, in order around');
  }
  if (areaOf(points) < MIN_AREA) return fault('points', 'the four points lie too close together in the picture');
  const [s12, s23, s34, s41] = sidesM;
  const second = apex(diagonalM, s12, s23);
  const fourth = apex(diagonalM, s41, s34);
  if (!second || !fourth) {
    const sides = second ? `3–4 (${s34} m) and 4–1 (${s41} m)` : `1–2 (${s12} m) and 2–3 (${s23} m)`;
    return fault('diagonalM', `sides ${sides} and the diagonal 1–3 (${diagonalM} m) form no triangle: measure again`);
  }
  // Clockwise in the picture (y downwards) is clockwise seen from above: a camera does not mirror the ground.
  const sign = (turns(points)[0] ?? 0) > 0 ? -1 : 1;
  const corners: Quad = [
    [0, 0],
    [second[0], sign * second[1]],
    [diagonalM, 0],
    [fourth[0], -sign * fourth[1]],
  ];
  if (!isConvex(corners, FLAT)) {
    return fault('sidesM', 'the measures make a quadrilateral with a corner that points inwards: measure again');
  }
  const other = length(corners[1], corners[3]);
  if (otherDiagonalM !== undefined && Math.abs(other - otherDiagonalM) > FORGIVEN * other) {
    return fault(
      'otherDiagonalM',
      `by the other measures the diagonal 2–4 is ${other.toFixed(2)} m, not ${otherDiagonalM} m: measure again`,
    );
  }
  const apart = locations && metresApart(...locations);
  if (apart !== undefined && Math.abs(apart - diagonalM) > Math.max(FORGIVEN_M, FORGIVEN * diagonalM)) {
    return fault(
      'locations',
      `the positions lie ${apart.toFixed(1)} m apart, the tape says ${diagonalM} m from point 1 to point 3: survey again`,
    );
  }
  return { ok: true, corners };
}
