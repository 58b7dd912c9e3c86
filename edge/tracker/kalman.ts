/** Constant-velocity Kalman filter of one axis, in seconds: the same at 1 or 30 frames a second. */

/** [position, velocity a second, variance of position, covariance, variance of velocity] */
export type Axis = readonly [number, number, number, number, number];

/** Spread of a detector's box centre, in box sizes (ByteTrack, arXiv 2110.06864, uses 1/20 of the height). */
const MEASURE = 0.07;
/** Spectral density of the acceleration, box sizes² per s³: a walker turns within a second. */
const ACCELERATION = 2;
/** Spread of the velocity of what was just born, in box sizes a second. */
const BIRTH_SPEED = 5;

/** @param position centre of the box along the axis; @param size of the box along it, the same unit */
export function bornAxis(position: number, size: number): Axis {
  const spread = MEASURE * size;
  return [position, 0, spread * spread, 0, (BIRTH_SPEED * size) ** 2];
}

/** State after `dt` seconds without a sight, then corrected by one at `position`. White-noise acceleration model. */
export function updateAxis(axis: Axis, dt: number, position: number, size: number): Axis {
  const [x, v, pxx, pxv, pvv] = axis;
  const q = ACCELERATION * size * size;
  const ahead = x + v * dt;
  const axx = pxx + 2 * dt * pxv + dt * dt * pvv + (q * dt * dt * dt) / 3;
  const axv = pxv + dt * pvv + (q * dt * dt) / 2;
  const avv = pvv + q * dt;
  const r = (MEASURE * size) ** 2;
  const s = axx + r;
  // A box without size and without spread tells nothing new.
  if (s <= 0) return [position, v, pxx, pxv, pvv];
  const kx = axx / s;
  const kv = axv / s;
  const innovation = position - ahead;
  return [ahead + kx * innovation, v + kv * innovation, (1 - kx) * axx, (1 - kx) * axv, avv - kv * axv];
}
