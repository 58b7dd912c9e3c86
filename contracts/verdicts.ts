/** Verdicts of operators as a file: one JSON object a line (`application/x-ndjson`), a header, a line a decided case, an end. */
import { type Static, Type } from '@sinclair/typebox';
import { RejectReason } from './api/case.ts';
import { EventObject, ModelRef } from './event.ts';
import { EvidenceRole } from './evidence.ts';
import { CameraId, NodeId, Sha256, Uuid, ZoneId } from './ids.ts';
import { Timestamp } from './time.ts';
import { ViolationKindSchema } from './violations/index.ts';

const closed = { additionalProperties: false } as const;
const orNull = <T extends import('@sinclair/typebox').TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

export const VerdictHeader = Type.Object(
  {
    type: Type.Literal('header'),
    format: Type.Literal('kerbwatch-verdicts'),
    v: Type.Literal(1),
    exportedAt: Timestamp,
    exportedBy: Type.String({ maxLength: 120 }),
    camera: orNull(CameraId),
    from: orNull(Timestamp),
    to: orNull(Timestamp),
  },
  closed,
);
export type VerdictHeader = Static<typeof VerdictHeader>;

/** A still that shows it, by its hash at `/evidence/{sha256}`: as it is stored, heads coarse. */
const VerdictStill = Type.Object(
  {
    role: EvidenceRole,
    sha256: Sha256,
    at: Timestamp,
    width: Type.Integer({ minimum: 1 }),
    height: Type.Integer({ minimum: 1 }),
  },
  closed,
);

export const Verdict = Type.Object(
  {
    type: Type.Literal('verdict'),
    case: Uuid,
    number: Type.String({ maxLength: 40 }),
    node: NodeId,
    camera: CameraId,
    zone: ZoneId,
    kind: ViolationKindSchema,
    verdict: Type.Union([Type.Literal('confirmed'), Type.Literal('rejected')]),
    reason: orNull(RejectReason),
    decidedAt: Timestamp,
    startedAt: Timestamp,
    sightings: Type.Integer({
      minimum: 1,
      description: 'Events joined in the case; the rest of the line is of the first',
    }),
    model: ModelRef,
    score: Type.Number({ minimum: 0, maximum: 1, description: 'Of the event when it was first reported' }),
    objects: Type.Array(EventObject, { maxItems: 200, description: 'Likewise: what an operator was shown' }),
    stills: Type.Array(VerdictStill, { maxItems: 32 }),
  },
  closed,
);
export type Verdict = Static<typeof Verdict>;

/** A file without it was cut off. */
export const VerdictEnd = Type.Object({ type: Type.Literal('end'), verdicts: Type.Integer({ minimum: 0 }) }, closed);
export type VerdictEnd = Static<typeof VerdictEnd>;

export const VerdictQuery = Type.Object(
  {
    camera: Type.Optional(CameraId),
    from: Type.Optional({ ...Timestamp, description: 'Cases opened since' }),
    to: Type.Optional({ ...Timestamp, description: 'Cases opened before' }),
  },
  closed,
);
export type VerdictQuery = Static<typeof VerdictQuery>;
