/** `kerbwatch/v1/{node}/observations`: what rules counted, hour by hour. Statistics and no evidence: unsigned. */
import { type Static, Type } from '@sinclair/typebox';
import { CameraId, ZoneId } from './ids.ts';
import { Timestamp } from './time.ts';
import { type ViolationKind, violationKinds, violations } from './violations/index.ts';
import type { Statistic } from './violations/violation.ts';

export const HOUR_MS = 3_600_000;

/** Everything counted in one hour so far, never a difference: sent twice or out of order it says the same. */
export const ObservationHour = Type.Object(
  {
    camera: CameraId,
    zone: ZoneId,
    kind: Type.String({ maxLength: 40, description: 'A kind that the hub does not know is refused by itself' }),
    hour: { ...Timestamp, description: 'Start of the hour, UTC' },
    rev: Type.Integer({ minimum: 1, description: 'Rises with each change of this hour; the highest one counts' }),
    watchedSeconds: Type.Integer({
      minimum: 0,
      maximum: HOUR_MS / 1000,
      description: 'Time of the hour in which the zone was watched: nothing counted in it means that nothing was there',
    }),
    statistics: Type.Record(
      Type.String({ pattern: '^[a-z][A-Za-z0-9]{0,39}$' }),
      Type.Number({ minimum: 0, maximum: 1e9 }),
      { maxProperties: 32, description: 'By the names of the kind’s statistics' },
    ),
  },
  { additionalProperties: false },
);
export type ObservationHour = Static<typeof ObservationHour>;

export const MAX_OBSERVATION_HOURS = 200;

export const ObservationBatch = Type.Object(
  {
    id: Type.String({ minLength: 1, maxLength: 64, description: 'Named in the hub’s answer, on the topic of acks' }),
    hours: Type.Array(ObservationHour, { minItems: 1, maxItems: MAX_OBSERVATION_HOURS }),
  },
  { additionalProperties: false },
);
export type ObservationBatch = Static<typeof ObservationBatch>;

/**
 * What is counted of a kind's observations, by name; null for a kind that this program does not know.
 * @example statisticsOf('muck-truck')?.passes?.fold // 'sum'
 */
export function statisticsOf(kind: string): Readonly<Record<string, Statistic<never>>> | null {
  return (violationKinds as readonly string[]).includes(kind) ? violations[kind as ViolationKind].statistics : null;
}
