/** The hub's clock: whether it is trusted, and what waits while it is not. */
import { type Static, Type } from '@sinclair/typebox';
import { Timestamp } from '../time.ts';

export const ClockView = Type.Object(
  {
    now: Timestamp,
    held: Type.Boolean({ description: 'It has stepped forward: nothing expires or is removed until it is confirmed' }),
    aheadSeconds: Type.Integer({ description: 'How far it is ahead of what it should be; negative = behind' }),
    believedInSeconds: Type.Integer({
      minimum: 0,
      description: 'Running time after which it is believed all the same',
    }),
  },
  { additionalProperties: false, $id: 'ClockView' },
);
export type ClockView = Static<typeof ClockView>;
