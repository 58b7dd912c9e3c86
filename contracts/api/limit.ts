/** What the office has set about limits, and what it comes to for each kind of violation. */
import { type Static, Type } from '@sinclair/typebox';
import { Timestamp } from '../time.ts';
import { ViolationKindSchema } from '../violations/index.ts';
import { MatterLimit } from './matter.ts';

/** The handling limit of one kind, for one reason or for any. */
export const LimitInForce = Type.Object(
  {
    kind: ViolationKindSchema,
    reason: Type.Union([Type.String(), Type.Null()], {
      description: 'null: whatever the reason, where no reason of its own gives less',
    }),
    limit: MatterLimit,
    from: Type.Union([Type.Literal('table'), Type.Literal('entry')], {
      description: '`table`: the filing table that counts; `entry`: the program’s own, where the table is silent',
    }),
    dueAt: { ...Timestamp, description: 'Until when a case dispatched now would have to be handled' },
  },
  { additionalProperties: false },
);
export type LimitInForce = Static<typeof LimitInForce>;

export const LimitView = Type.Object(
  {
    scheme: Type.String({ description: 'Filing table whose limits count: `limits.scheme` of the configuration' }),
    schemes: Type.Array(Type.String(), { description: 'Every table that there is' }),
    closureCode: Type.Union([Type.Literal('optional'), Type.Literal('required')], {
      description: 'Whether a close must name a closure code: `limits.closureCode` of the configuration',
    }),
    escalation: Type.Array(Type.Number(), { description: 'Minutes after the limit, below 0 before it' }),
    at: { ...Timestamp, description: 'The now of `dueAt`' },
    inForce: Type.Array(LimitInForce),
  },
  { additionalProperties: false },
);
export type LimitView = Static<typeof LimitView>;
