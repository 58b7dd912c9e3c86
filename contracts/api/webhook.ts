/** Webhooks: other systems that are told when cases change (standardwebhooks.com). */
import { type Static, Type } from '@sinclair/typebox';
import { Location } from '../geometry.ts';
import { words } from '../text.ts';
import { Timestamp } from '../time.ts';
import { ViolationKindSchema } from '../violations/index.ts';
import { CaseState } from './case.ts';
import { CaseSource } from './case-source.ts';

const closed = { additionalProperties: false } as const;
const OrNull = <T extends import('@sinclair/typebox').TSchema>(type: T) => Type.Union([type, Type.Null()]);

/** `case.opened`, and the state that a case has come into. */
export const webhookEvents = [
  'case.opened',
  'case.field-check',
  'case.rejected',
  'case.expired',
  'case.filed',
  'case.dispatched',
  'case.returned',
  'case.handling',
  'case.feedback',
  'case.inspecting',
  'case.closed',
  'case.voided',
  'case.merged',
  // A decision was taken back: it waits to be reviewed again.
  'case.pending-review',
] as const;
export const WebhookEvent = Type.Unsafe<(typeof webhookEvents)[number]>(
  Type.Union(webhookEvents.map((event) => Type.Literal(event))),
);
export type WebhookEvent = Static<typeof WebhookEvent>;

const fields = {
  name: words(60, 'Whose it is'),
  url: Type.String({ pattern: '^https?://', maxLength: 500, description: 'https, unless private targets are allowed' }),
  events: Type.Array(WebhookEvent, { minItems: 1, maxItems: webhookEvents.length, uniqueItems: true }),
  enabled: Type.Optional(Type.Boolean({ default: true, description: 'false: nothing is queued for it' })),
};

export const WebhookBody = Type.Object(fields, closed);
export type WebhookBody = Static<typeof WebhookBody>;

export const WebhookChange = Type.Partial(Type.Object(fields), closed);
export type WebhookChange = Static<typeof WebhookChange>;

export const WebhookView = Type.Object(
  {
    id: Type.String(),
    name: Type.String(),
    url: Type.String(),
    events: Type.Array(WebhookEvent),
    enabled: Type.Boolean(),
    createdAt: Timestamp,
    createdBy: Type.String(),
    queued: Type.Integer({ description: 'Deliveries that wait' }),
    dead: Type.Integer({ description: 'Deliveries that are tried no more' }),
  },
  closed,
);
export type WebhookView = Static<typeof WebhookView>;

export const WebhookMade = Type.Object(
  { ...WebhookView.properties, secret: Type.String({ description: '`whsec_…`, said this once' }) },
  closed,
);
export type WebhookMade = Static<typeof WebhookMade>;

export const WebhookDelivery = Type.Object(
  {
    id: Type.String({ description: '`webhook-id` of the message' }),
    webhook: Type.String(),
    event: WebhookEvent,
    case: Type.String(),
    number: Type.String(),
    at: Timestamp,
    attempts: Type.Integer(),
    settledAt: OrNull(Timestamp),
    reason: OrNull(Type.String({ description: 'Why the last try failed' })),
  },
  closed,
);
export type WebhookDelivery = Static<typeof WebhookDelivery>;

export const WebhookDeliveryCommand = Type.Object(
  { command: Type.Union([Type.Literal('retry'), Type.Literal('give-up')]) },
  closed,
);
export type WebhookDeliveryCommand = Static<typeof WebhookDeliveryCommand>;

/** The body of a message: no person, no plate, no note, no picture. */
export const WebhookMessage = Type.Object(
  {
    type: WebhookEvent,
    timestamp: Type.Unsafe<string>({ ...Timestamp, description: 'When the case changed' }),
    data: Type.Object(
      {
        case: Type.String(),
        number: Type.String(),
        kind: ViolationKindSchema,
        source: CaseSource,
        state: Type.Unsafe<CaseState>({ ...CaseState, description: 'By this change; it may have moved on since' }),
        openedAt: Timestamp,
        location: OrNull(Location),
        district: OrNull(Type.String()),
      },
      closed,
    ),
  },
  closed,
);
export type WebhookMessage = Static<typeof WebhookMessage>;
