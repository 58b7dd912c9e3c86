/** `…/commands` and `…/replies`, correlated by `requestId`; `…/config` and `…/config/applied`. */
import { type Static, Type } from '@sinclair/typebox';
import { MemoryMap, MemoryOrder } from './camera-memory.ts';
import { CameraId, Sha256 } from './ids.ts';

const requestId = Type.String({ minLength: 1, maxLength: 64 });

export const Command = Type.Union([
  Type.Object({ requestId, command: Type.Literal('snapshot'), camera: CameraId }, { additionalProperties: false }),
  Type.Object({ requestId, command: Type.Literal('live-start'), camera: CameraId }, { additionalProperties: false }),
  Type.Object({ requestId, command: Type.Literal('live-stop'), camera: CameraId }, { additionalProperties: false }),
  Type.Object({ requestId, command: Type.Literal('reload') }, { additionalProperties: false }),
  // What was refused is sent again now: the cause may be mended.
  Type.Object({ requestId, command: Type.Literal('resend') }, { additionalProperties: false }),
  // The hub lacks these files, although it had them: send them again if they are still there.
  Type.Object(
    { requestId, command: Type.Literal('evidence'), sha256: Type.Array(Sha256, { minItems: 1, maxItems: 100 }) },
    { additionalProperties: false },
  ),
  Type.Object(
    { requestId, command: Type.Literal('pull-model'), model: Type.String({ maxLength: 80 }), sha256: Sha256 },
    { additionalProperties: false },
  ),
  // What a camera remembers of its street, and what people decided of its cases.
  ...MemoryOrder.anyOf.map((order) => Type.Object({ requestId, ...order.properties }, { additionalProperties: false })),
]);
export type Command = Static<typeof Command>;

export const Reply = Type.Object(
  {
    requestId,
    ok: Type.Boolean(),
    code: Type.Optional(Type.String({ maxLength: 60, description: 'Error code of the catalogue when not ok' })),
    message: Type.Optional(Type.String({ maxLength: 500 })),
    sha256: Type.Optional(Sha256),
    memory: Type.Optional(MemoryMap),
  },
  { additionalProperties: false },
);
export type Reply = Static<typeof Reply>;

export const DesiredConfig = Type.Object(
  {
    version: Type.Integer({ minimum: 1 }),
    config: Type.Unknown({ description: 'An edge configuration; the node validates it whole' }),
  },
  { additionalProperties: false },
);
export type DesiredConfig = Static<typeof DesiredConfig>;

export const AppliedConfig = Type.Object(
  {
    version: Type.Integer({ minimum: 0 }),
    ok: Type.Boolean(),
    faults: Type.Array(Type.Object({ path: Type.String(), message: Type.String() }, { additionalProperties: false })),
  },
  { additionalProperties: false },
);
export type AppliedConfig = Static<typeof AppliedConfig>;
