/** Evidence: content-addressed files that an event names by hash. */
import { type Static, Type } from '@sinclair/typebox';
import { Sha256 } from './ids.ts';
import { Timestamp } from './time.ts';

/** What a file shows. The last six are used by gate passes and counts and add to version 1. */
export const EvidenceRole = Type.Union([
  Type.Literal('before'),
  Type.Literal('start'),
  Type.Literal('during'),
  Type.Literal('after'),
  Type.Literal('clip'),
  Type.Literal('cleared'),
  Type.Literal('threshold'),
  Type.Literal('worst'),
  Type.Literal('approach'),
  Type.Literal('bed'),
  Type.Literal('plate'),
  Type.Literal('ground-before'),
  Type.Literal('ground-after'),
]);
export type EvidenceRole = Static<typeof EvidenceRole>;

export const EvidenceRef = Type.Object(
  {
    role: EvidenceRole,
    sha256: Sha256,
    mime: Type.Union([Type.Literal('image/jpeg'), Type.Literal('video/mp4')]),
    bytes: Type.Integer({ minimum: 1, maximum: 256 * 1024 * 1024 }),
    at: Timestamp,
    width: Type.Integer({ minimum: 1, maximum: 16384 }),
    height: Type.Integer({ minimum: 1, maximum: 16384 }),
  },
  { additionalProperties: false },
);
export type EvidenceRef = Static<typeof EvidenceRef>;

/** Where a file is: still coming, here, gone from the hub's disk, no longer what its hash says, or removed by its time. */
export const EvidenceState = Type.Union([
  Type.Literal('waiting'),
  Type.Literal('stored'),
  Type.Literal('missing'),
  Type.Literal('damaged'),
  Type.Literal('removed'),
]);
export type EvidenceState = Static<typeof EvidenceState>;

/** What a file turned out to be; said only where it is not what its event says. */
export const ActualFile = Type.Object(
  { mime: Type.String(), bytes: Type.Integer({ minimum: 0 }) },
  { additionalProperties: false },
);
export type ActualFile = Static<typeof ActualFile>;
