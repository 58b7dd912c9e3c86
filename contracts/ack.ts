/** `kerbwatch/v1/{node}/acks`: sent by the hub after its commit; only this lets a row leave the outbox. */
import { type Static, Type } from '@sinclair/typebox';

export const AckStatus = Type.Union([Type.Literal('stored'), Type.Literal('duplicate'), Type.Literal('quarantined')]);
export type AckStatus = Static<typeof AckStatus>;

export const Ack = Type.Object(
  {
    id: Type.String({ maxLength: 64, description: 'Event id, or an empty string when the payload could not be read' }),
    rev: Type.Integer({ minimum: 0 }),
    seq: Type.Integer({ minimum: 0, description: '0 when the payload could not be read' }),
    status: AckStatus,
    reason: Type.Optional(Type.String({ maxLength: 500 })),
  },
  { additionalProperties: false },
);
export type Ack = Static<typeof Ack>;

export const AckBatch = Type.Object({ acks: Type.Array(Ack, { maxItems: 1000 }) }, { additionalProperties: false });
export type AckBatch = Static<typeof AckBatch>;
