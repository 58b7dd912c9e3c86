/** How a notice went, channel by channel, and what a supervisor makes of a delivery that is tried no more. */
import { type Static, Type } from '@sinclair/typebox';
import { words } from '../text.ts';
import { Timestamp } from '../time.ts';

/** `delivered`: the channel has done its part. That a person has the notice is said by the notice's own state alone. */
export const deliveryStates = ['queued', 'delivered', 'refused', 'failed', 'given-up'] as const;
export const DeliveryState = Type.Unsafe<(typeof deliveryStates)[number]>(
  Type.Union(deliveryStates.map((state) => Type.Literal(state))),
);
export type DeliveryState = (typeof deliveryStates)[number];

const textOrNull = (description: string) => Type.Union([Type.String({ description }), Type.Null()]);

export const NoticeDelivery = Type.Object(
  {
    channel: Type.String({
      description: 'Kind of the channel, as in `notices.channels`; with `+before` or `+limit` for a reminder',
    }),
    state: DeliveryState,
    attempts: Type.Integer({ minimum: 0, description: 'Tries so far' }),
    nextAt: Type.Union([Timestamp, Type.Null()], { description: 'When it is tried next' }),
    settledAt: Type.Union([Timestamp, Type.Null()]),
    reason: textOrNull('Why it was refused, or failed the last time'),
    sentTo: textOrNull('Whom it was sent to, addresses shortened; null where the channel sends nothing'),
    receipt: textOrNull('What the receiving side answered'),
    settledBy: textOrNull('Who has given it up, or had it tried again'),
  },
  { additionalProperties: false, $id: 'NoticeDelivery' },
);
export type NoticeDelivery = Static<typeof NoticeDelivery>;

/** A delivery that is tried no more and waits for a person, with the notice that it is of. */
export const DeadLetter = Type.Object(
  {
    notice: Type.String(),
    number: Type.String(),
    case: Type.String(),
    site: Type.String(),
    ...NoticeDelivery.properties,
  },
  { additionalProperties: false, $id: 'DeadLetter' },
);
export type DeadLetter = Static<typeof DeadLetter>;

export const DeliveryCommand = Type.Union([
  Type.Object({ command: Type.Literal('retry') }, { additionalProperties: false }),
  Type.Object(
    { command: Type.Literal('give-up'), note: words(500, 'Why, and how the site hears of it instead') },
    { additionalProperties: false },
  ),
]);
export type DeliveryCommand = Static<typeof DeliveryCommand>;
