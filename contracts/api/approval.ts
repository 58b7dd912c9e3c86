/** Approvals of a second named person: asked for, approved or refused, used once. */
import { type Static, Type } from '@sinclair/typebox';
import { Timestamp } from '../time.ts';

export const approvalActions = ['export', 'delete'] as const;
export const ApprovalAction = Type.Unsafe<(typeof approvalActions)[number]>(
  Type.Union(approvalActions.map((action) => Type.Literal(action))),
);
export type ApprovalAction = Static<typeof ApprovalAction>;

/** What may be asked for: a case's package, a whole register (`*`), or a node by its id. */
export const approvalThings = ['case', 'permit', 'site', 'carrier', 'stall-point', 'camera', 'node'] as const;
export const ApprovalThing = Type.Unsafe<(typeof approvalThings)[number]>(
  Type.Union(approvalThings.map((thing) => Type.Literal(thing))),
);
export type ApprovalThing = Static<typeof ApprovalThing>;

export const ApprovalBody = Type.Object(
  {
    action: ApprovalAction,
    thing: ApprovalThing,
    target: Type.String({ minLength: 1, maxLength: 64, description: 'Id of the thing; `*` for a whole register' }),
    reason: Type.String({ minLength: 1, maxLength: 300, description: 'What it is for, as the second person reads it' }),
  },
  { additionalProperties: false },
);
export type ApprovalBody = Static<typeof ApprovalBody>;

export const approvalStates = ['waiting', 'approved', 'refused', 'used', 'expired'] as const;

export const ApprovalView = Type.Object(
  {
    ...ApprovalBody.properties,
    id: Type.String(),
    number: Type.Union([Type.String(), Type.Null()], { description: 'Number of the case, where it is one' }),
    requestedBy: Type.String(),
    requestedAt: Timestamp,
    expiresAt: Timestamp,
    state: Type.Unsafe<(typeof approvalStates)[number]>(Type.Union(approvalStates.map((state) => Type.Literal(state)))),
    decidedBy: Type.Union([Type.String(), Type.Null()]),
    decidedAt: Type.Union([Timestamp, Type.Null()]),
    usedAt: Type.Union([Timestamp, Type.Null()]),
    mayDecide: Type.Boolean({ description: 'Whoever asks is the second person that it waits for' }),
  },
  { additionalProperties: false },
);
export type ApprovalView = Static<typeof ApprovalView>;

export const ApprovalCommand = Type.Object(
  { command: Type.Unsafe<'approve' | 'refuse'>(Type.Union([Type.Literal('approve'), Type.Literal('refuse')])) },
  { additionalProperties: false },
);
export type ApprovalCommand = Static<typeof ApprovalCommand>;
