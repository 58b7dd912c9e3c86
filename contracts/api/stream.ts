/** `GET /api/v1/stream`: server-sent events. A message says what changed; the reader fetches it. */
import { type Static, Type } from '@sinclair/typebox';
import { CaseSummary } from './case.ts';

export const StreamMessage = Type.Union([
  Type.Object(
    { type: Type.Literal('case'), case: CaseSummary, action: Type.String() },
    { additionalProperties: false },
  ),
  Type.Object(
    { type: Type.Literal('left'), case: Type.String(), unit: Type.String() },
    {
      additionalProperties: false,
      description: 'To the users of a unit alone: a case is theirs no more. Where it went is not theirs to know',
    },
  ),
  Type.Object({ type: Type.Literal('node'), node: Type.String() }, { additionalProperties: false }),
  Type.Object(
    { type: Type.Literal('notice'), notice: Type.String(), case: Type.String() },
    { additionalProperties: false },
  ),
]);
export type StreamMessage = Static<typeof StreamMessage>;
