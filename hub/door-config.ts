/** What the office sets about its doors: reports that come in, systems that are told of cases. */
import { Type } from '@sinclair/typebox';

const closed = { additionalProperties: false } as const;

export const IntakeConfig = Type.Object(
  {
    joinMetres: Type.Optional(
      Type.Number({
        minimum: 1,
        maximum: 500,
        default: 50,
        description: 'A report joins a case of its kind within this distance, m',
      }),
    ),
    joinMinutes: Type.Optional(
      Type.Number({
        minimum: 1,
        maximum: 1440,
        default: 120,
        description: 'and within this time of when it was seen, min; a truck within 10, a confirmed case within a day',
      }),
    ),
    contactDays: Type.Optional(
      Type.Number({
        minimum: 1,
        maximum: 3650,
        default: 90,
        description: 'Whom to call about a report is removed after this time, days',
      }),
    ),
  },
  { ...closed, description: 'Reports of citizens, by Open311' },
);

export const WebhooksConfig = Type.Object(
  {
    privateTargets: Type.Optional(
      Type.Boolean({
        default: false,
        description: 'true: webhooks may point at private networks and speak plain http',
      }),
    ),
  },
  { ...closed, description: 'Other systems that are told when cases change' },
);
