/** `kerbwatch/v1/{node}/events`: one violation seen by one camera, signed and chained by its node. */
import { type Static, type TSchema, Type } from '@sinclair/typebox';
import { EvidenceRef } from './evidence.ts';
import { BoxXywh, Location } from './geometry.ts';
import { CameraId, NodeId, Sha256, Uuid, ZoneId } from './ids.ts';
import { Timestamp } from './time.ts';
import { type Detail, type ViolationKind, violationKinds, violations } from './violations/index.ts';

export const EventPhase = Type.Union([Type.Literal('start'), Type.Literal('update'), Type.Literal('end')]);
export type EventPhase = Static<typeof EventPhase>;

export const EventObject = Type.Object(
  {
    track: Type.Integer({ minimum: 0 }),
    class: Type.String({ minLength: 1, maxLength: 40 }),
    score: Type.Number({ minimum: 0, maximum: 1 }),
    box: BoxXywh,
  },
  { additionalProperties: false },
);
export type EventObject = Static<typeof EventObject>;

export const ClockState = Type.Object(
  {
    offsetMs: Type.Number({
      description:
        'Camera time minus node time, ms: the way through the network, and what a step of the clock has left',
    }),
    source: Type.Union([Type.Literal('ntp'), Type.Literal('pts'), Type.Literal('unknown')], {
      description:
        '`ntp`: the stream’s own steps on a clock that NTP has set; `pts`: on a clock of which nothing is known; `unknown`: the node’s clock was set and the camera’s time is not sure yet, or it was never set',
    }),
    stillsOffsetMs: Type.Optional(
      Type.Number({
        description:
          'Where stills come from another stream than the one that is looked at: time of the still taken with this message minus that of the frame, ms',
      }),
    ),
  },
  { additionalProperties: false },
);
export type ClockState = Static<typeof ClockState>;

export const ModelRef = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 80 }),
    version: Type.String({ minLength: 1, maxLength: 40 }),
    sha256: Sha256,
  },
  { additionalProperties: false },
);
export type ModelRef = Static<typeof ModelRef>;

export const Chain = Type.Object(
  {
    prev: Sha256,
    sig: Type.String({
      // The last letter has four spare bits: with others than zeros it would be another text for the same signature.
      pattern: '^[A-Za-z0-9_-]{85}[AQgw]$',
      description: 'Ed25519 (RFC 8032), base64url, over the RFC 8785 form of the event without `chain.sig`',
    }),
  },
  { additionalProperties: false },
);
export type Chain = Static<typeof Chain>;

/** `chain.prev` of a node's first event. */
export const GENESIS = '0'.repeat(64);

function eventSchema(kind: ViolationKind): TSchema {
  return Type.Object(
    {
      v: Type.Literal(1),
      id: Uuid,
      rev: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
      seq: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
      node: NodeId,
      camera: CameraId,
      zone: ZoneId,
      kind: Type.Literal(kind),
      phase: EventPhase,
      startedAt: Timestamp,
      at: Timestamp,
      endedAt: Type.Union([Timestamp, Type.Null()]),
      score: Type.Number({ minimum: 0, maximum: 1 }),
      objects: Type.Array(EventObject, { maxItems: 200 }),
      detail: violations[kind].detail,
      location: Type.Union([Location, Type.Null()]),
      evidence: Type.Array(EvidenceRef, { maxItems: 32 }),
      model: ModelRef,
      rule: Type.Object({ version: Type.String({ maxLength: 40 }), params: Sha256 }, { additionalProperties: false }),
      clock: ClockState,
      chain: Chain,
    },
    { additionalProperties: false, title: `ViolationEvent (${kind})` },
  );
}

/** One schema a kind; pick by `kind` first: faster than a union and its faults name the field. */
export const violationEventSchemas = Object.fromEntries(
  violationKinds.map((kind) => [kind, eventSchema(kind)]),
) as Record<ViolationKind, TSchema>;

export type ViolationEvent<K extends ViolationKind = ViolationKind> = K extends ViolationKind
  ? {
      v: 1;
      id: Uuid;
      rev: number;
      seq: number;
      node: NodeId;
      camera: CameraId;
      zone: ZoneId;
      kind: K;
      phase: EventPhase;
      startedAt: Timestamp;
      at: Timestamp;
      endedAt: Timestamp | null;
      score: number;
      objects: EventObject[];
      detail: Detail<K>;
      location: Location | null;
      evidence: EvidenceRef[];
      model: ModelRef;
      rule: { version: string; params: Sha256 };
      clock: ClockState;
      chain: Chain;
    }
  : never;

export const ViolationEventSchema = Type.Unsafe<ViolationEvent>(
  Type.Union(violationKinds.map((kind) => violationEventSchemas[kind])),
);

/** Largest event payload a hub looks at; anything longer is quarantined unread. */
export const MAX_EVENT_BYTES = 256 * 1024;
