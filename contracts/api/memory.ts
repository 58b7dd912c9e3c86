/** `/api/v1/cameras/{id}/memory`: what a camera remembers of its street, and what people order of it. */
import { type Static, Type } from '@sinclair/typebox';
import { MemoryMap, MemoryPart } from '../camera-memory.ts';
import { Sha256 } from '../ids.ts';
import { Timestamp } from '../time.ts';

const closed = { additionalProperties: false } as const;

export const MemoryChange = Type.Union([
  Type.Object({ command: Type.Literal('reset'), ...MemoryPart }, closed),
  Type.Object({ command: Type.Literal('restore') }, closed),
]);
export type MemoryChange = Static<typeof MemoryChange>;

/** An order with who gave it and what became of it. */
export const MemoryOrderView = Type.Object(
  {
    id: Type.String(),
    change: MemoryChange,
    at: Timestamp,
    by: Type.String(),
    state: Type.Union([Type.Literal('queued'), Type.Literal('done'), Type.Literal('refused')]),
    settledAt: Type.Union([Timestamp, Type.Null()]),
    reason: Type.Union([Type.String(), Type.Null()]),
  },
  closed,
);
export type MemoryOrderView = Static<typeof MemoryOrderView>;

export const CameraMemoryView = Type.Object(
  {
    camera: Type.String(),
    node: Type.String(),
    map: Type.Union([MemoryMap, Type.Null()], {
      description: 'The newest that the node has sent; it is asked for another',
    }),
    receivedAt: Type.Union([Timestamp, Type.Null()]),
    still: Type.Union(
      [
        Type.Object({ sha256: Sha256, at: Timestamp, width: Type.Integer(), height: Type.Integer() }, closed),
        Type.Null(),
      ],
      { description: 'The camera’s newest still' },
    ),
    orders: Type.Array(MemoryOrderView, { maxItems: 20, description: 'The newest first' }),
  },
  closed,
);
export type CameraMemoryView = Static<typeof CameraMemoryView>;
