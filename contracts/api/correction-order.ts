/** The correction order (责令改正通知书): a legal document that people fill in, approve, seal and serve; software never sends it. */
import { type Static, Type } from '@sinclair/typebox';
import { LocalDate } from '../schedule.ts';
import { words } from '../text.ts';
import { Timestamp } from '../time.ts';

export const correctionOrderStates = ['draft', 'approved', 'served', 'cancelled'] as const;
export const CorrectionOrderState = Type.Unsafe<(typeof correctionOrderStates)[number]>(
  Type.Union(correctionOrderStates.map((state) => Type.Literal(state))),
);
export type CorrectionOrderState = (typeof correctionOrderStates)[number];

const optional = (maxLength: number, description: string) => Type.Optional(words(maxLength, description));

/** What people fill in; what is left out stands as an empty line in the document. */
export const CorrectionOrderFields = Type.Object(
  {
    orderNumber: optional(64, 'Number of the document, as the office gives it'),
    party: optional(120, 'The party; at first the contractor on record'),
    officers: Type.Array(
      Type.Object(
        { name: words(60), certificate: words(40, 'Number of the enforcement certificate') },
        {
          additionalProperties: false,
        },
      ),
      { maxItems: 6, description: 'At least two sign it (行政处罚法 art. 42)' },
    ),
    legalBasis: Type.Array(words(500), { minItems: 1, maxItems: 10 }),
    requirements: Type.Array(words(500), { minItems: 1, maxItems: 20 }),
    deadline: Timestamp,
    reconsiderationBody: optional(120, 'To whom one applies for reconsideration'),
    court: optional(120, 'Before which one brings an action'),
  },
  { additionalProperties: false },
);
export type CorrectionOrderFields = Static<typeof CorrectionOrderFields>;

export const CorrectionOrderCommand = Type.Union([
  Type.Object(
    { command: Type.Literal('approve'), note: Type.Optional(words(500)) },
    { additionalProperties: false, description: 'By somebody who did not write it, once officers and number stand' },
  ),
  Type.Object(
    {
      command: Type.Literal('served'),
      method: words(120, 'How it was served: in person, left, by post'),
      on: LocalDate,
      recipient: words(60, 'Who received it'),
    },
    { additionalProperties: false, description: 'It was signed and sealed, and handed over' },
  ),
  Type.Object(
    { command: Type.Literal('cancel'), note: words(500, 'Why') },
    {
      additionalProperties: false,
      description: 'It is none any more; of one that was served the manager’s page says so',
    },
  ),
]);
export type CorrectionOrderCommand = Static<typeof CorrectionOrderCommand>;

const orNull = <T extends ReturnType<typeof Type.String>>(schema: T) => Type.Union([schema, Type.Null()]);

export const CorrectionOrderView = Type.Object(
  {
    notice: Type.String(),
    case: Type.String(),
    site: Type.String(),
    state: CorrectionOrderState,
    version: Type.Integer({ minimum: 1 }),
    fields: CorrectionOrderFields,
    missing: Type.Array(Type.String(), { description: 'Fields without which it cannot be approved' }),
    editedBy: Type.String(),
    editedAt: Timestamp,
    approvedBy: orNull(Type.String()),
    approvedAt: Type.Union([Timestamp, Type.Null()]),
    served: Type.Union([
      Type.Object({ method: Type.String(), on: LocalDate, recipient: Type.String() }, { additionalProperties: false }),
      Type.Null(),
    ]),
    cancelled: Type.Union([
      Type.Object({ at: Timestamp, by: Type.String(), why: Type.String() }, { additionalProperties: false }),
      Type.Null({ description: 'Also where an earlier version did not keep it' }),
    ]),
  },
  { additionalProperties: false, $id: 'CorrectionOrderView' },
);
export type CorrectionOrderView = Static<typeof CorrectionOrderView>;
