/** Violation notices to a site's manager (整改提醒，违规告知), and the answers. */
import { type Static, Type } from '@sinclair/typebox';
import { words } from '../text.ts';
import { Timestamp } from '../time.ts';

/**
 * `drafted` until the confirmation can no longer be taken back; `ready` to be handed over. `sent` waits for a channel that
 * sends; `delivered` means that a person has answered, never that a page was opened.
 */
export const noticeStates = [
  'drafted',
  'approved',
  'ready',
  'sent',
  'delivered',
  'acknowledged',
  'corrected',
  'overdue',
  'verified',
  'withdrawn',
] as const;
export const NoticeState = Type.Unsafe<(typeof noticeStates)[number]>(
  Type.Union(noticeStates.map((state) => Type.Literal(state))),
);
export type NoticeState = (typeof noticeStates)[number];

export const NoticeReplyKind = Type.Union([
  Type.Literal('acknowledge'),
  Type.Literal('correction'),
  Type.Literal('statement'),
]);

/** What a site manager sends from `/n/{token}`: a receipt, proof of correction, or a statement in defence. */
export const NoticeReplyBody = Type.Object(
  {
    kind: NoticeReplyKind,
    name: words(60, 'Who answers'),
    text: Type.Optional(Type.String({ maxLength: 4000 })),
    photo: Type.Optional(
      Type.String({ maxLength: 12_000_000, description: 'data:image/jpeg;base64 or data:image/png;base64' }),
    ),
  },
  { additionalProperties: false },
);
/** A correction without a photo says at least so much, in signs. */
export const MIN_CORRECTION_TEXT = 10;
export type NoticeReplyBody = Static<typeof NoticeReplyBody>;

export const NoticeReply = Type.Object(
  {
    at: Timestamp,
    kind: NoticeReplyKind,
    name: Type.String(),
    text: Type.Union([Type.String(), Type.Null()]),
    photo: Type.Union([Type.String({ description: 'sha256 of the first photo' }), Type.Null()]),
    photos: Type.Optional(Type.Array(Type.String({ description: 'sha256' }))),
  },
  { additionalProperties: false },
);
export type NoticeReply = Static<typeof NoticeReply>;

export const NoticeView = Type.Object(
  {
    id: Type.String(),
    number: Type.String(),
    case: Type.String(),
    site: Type.String(),
    state: NoticeState,
    createdAt: Timestamp,
    readyAt: Type.Optional(Type.Union([Timestamp, Type.Null()], { description: 'From when it may be handed over' })),
    sentAt: Type.Union([Timestamp, Type.Null()]),
    acknowledgedAt: Type.Union([Timestamp, Type.Null()]),
    correctBy: Timestamp,
    merged: Type.Optional(
      Type.Object(
        {
          number: Type.Union([Type.String(), Type.Null()], { description: 'Given when it is handed over' }),
          sendAt: Type.Unsafe<string>({ ...Timestamp, description: 'Until when it gathers, or has gathered' }),
        },
        {
          additionalProperties: false,
          description: 'It goes out as one with the others of its site’s shift; the link is that of all of them',
        },
      ),
    ),
    link: Type.Union([
      Type.String({ description: 'The manager’s page; only operators and above see it' }),
      Type.Null(),
    ]),
    replies: Type.Array(NoticeReply),
  },
  { additionalProperties: false, $id: 'NoticeView' },
);
export type NoticeView = Static<typeof NoticeView>;
