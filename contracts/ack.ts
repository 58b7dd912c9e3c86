/** `kerbwatch/v1/{node}/acks`: sent by the hub after its commit; only this lets a row leave the outbox. */
import { type Static, Type } from '@sinclair/typebox';
import { Sha256 } from './ids.ts';

export const AckStatus = Type.Union([Type.Literal('stored'), Type.Literal('duplicate'), Type.Literal('quarantined')]);
export type AckStatus = Static<typeof AckStatus>;

/** The last message of the node that the hub has: where a node that lost its place goes on. */
export const AckHead = Type.Object({ seq: Type.Integer({ minimum: 1 }), hash: Sha256 });
export type AckHead = Static<typeof AckHead>;

/** Fields that a node does not know are for later versions: it takes the rest. */
export const Ack = Type.Object(
  {
    id: Type.String({ maxLength: 64, description: 'Event id, or an empty string when the payload could not be read' }),
    rev: Type.Integer({ minimum: 0 }),
    seq: Type.Integer({ minimum: 0, description: '0 when the payload could not be read' }),
    status: AckStatus,
    hash: Type.Optional(
      Type.String({
        ...Sha256,
        description: 'SHA-256 of the message that was read: a restored node may have another one under these numbers',
      }),
    ),
    reason: Type.Optional(
      Type.String({ maxLength: 500, description: 'Code, what was wrong and what to do, when quarantined' }),
    ),
    code: Type.Optional(Type.String({ maxLength: 60, description: 'Error code of the catalogue when quarantined' })),
    taken: Type.Optional(
      Type.Union([Type.Literal('seq'), Type.Literal('rev')], {
        description: 'Which number of the message the hub has with other content: the node gives it another one',
      }),
    ),
    head: Type.Optional(AckHead),
    knownRev: Type.Optional(
      Type.Integer({
        minimum: 0,
        description:
          'Highest revision of this event that the hub has: when a number is taken, or when the message was stored but stands behind an earlier content',
      }),
    ),
  },
  { additionalProperties: true },
);
export type Ack = Static<typeof Ack>;

/** A message of `…/observations` is in the hub's database, but for the hours that it refused. */
export const ObservationAck = Type.Object(
  {
    id: Type.String({ maxLength: 64, description: 'Of the message' }),
    refused: Type.Optional(
      Type.Array(Type.Integer({ minimum: 0 }), { description: 'Places in the message of hours that were not stored' }),
    ),
  },
  { additionalProperties: true },
);
export type ObservationAck = Static<typeof ObservationAck>;

export const AckBatch = Type.Object(
  {
    acks: Type.Array(Ack, { maxItems: 1000 }),
    observations: Type.Optional(
      Type.Array(ObservationAck, {
        maxItems: 1000,
        description: 'Its presence, empty too, says that this hub takes observations: a node sends none before',
      }),
    ),
  },
  { additionalProperties: true },
);
export type AckBatch = Static<typeof AckBatch>;
