/** Citizens' reports: as they come in by Open311, and as the office sees them. */
import { type Static, Type } from '@sinclair/typebox';
import { Location } from '../geometry.ts';
import { words } from '../text.ts';
import { Timestamp } from '../time.ts';
import { ViolationKindSchema } from '../violations/index.ts';
import { KeyPurpose } from './case-source.ts';
import { jurisdictionId, W3cTime } from './open311.ts';

const closed = { additionalProperties: false } as const;
const OrNull = <T extends import('@sinclair/typebox').TSchema>(type: T) => Type.Union([type, Type.Null()]);

/** Attributes that every service has, for its definition and for the form. */
export const OBSERVED_AT = 'observed_at';
export const TICKET = 'ticket';

/** GeoReport v2 POST: fields of a form, or the same as JSON. */
export const Open311Report = Type.Object(
  {
    jurisdiction_id: jurisdictionId,
    api_key: Type.Optional(Type.String({ maxLength: 200, description: 'Or in the header `Authorization: Bearer …`' })),
    service_code: ViolationKindSchema,
    lat: Type.Optional(Type.Number({ minimum: -90, maximum: 90, description: 'WGS 84 degrees; with `long`' })),
    long: Type.Optional(Type.Number({ minimum: -180, maximum: 180 })),
    address_string: Type.Optional(words(300, 'Where it is, in words; enough where there is no position')),
    address_id: Type.Optional(Type.String({ maxLength: 100, description: 'Not looked at' })),
    description: Type.Optional(words(4000, 'What was seen, as the person said it; for the office alone')),
    email: Type.Optional(Type.String({ maxLength: 120 })),
    first_name: Type.Optional(Type.String({ maxLength: 60 })),
    last_name: Type.Optional(Type.String({ maxLength: 60 })),
    phone: Type.Optional(Type.String({ maxLength: 40 })),
    device_id: Type.Optional(Type.String({ maxLength: 200, description: 'Not kept' })),
    account_id: Type.Optional(Type.String({ maxLength: 200, description: 'Not kept' })),
    media_url: Type.Optional(Type.String({ maxLength: 2000, description: 'Not taken yet; the answer says so' })),
    [`attribute[${OBSERVED_AT}]`]: Type.Optional({ ...W3cTime, description: 'When it was seen; unset: now' }),
    [`attribute[${TICKET}]`]: Type.Optional(
      words(64, 'Number at the source: the same one again is the same report, and gets the same answer'),
    ),
  },
  closed,
);
export type Open311Report = Omit<Static<typeof Open311Report>, `attribute[${string}]`> & {
  readonly [K in `attribute[${typeof OBSERVED_AT | typeof TICKET}]`]?: string;
};

export const Open311Receipt = Type.Object(
  {
    service_request_id: Type.String({ description: 'Number of the case; public once somebody has confirmed it' }),
    service_notice: OrNull(Type.String()),
    account_id: Type.Null(),
  },
  closed,
);
export type Open311Receipt = Static<typeof Open311Receipt>;

export const CaseReport = Type.Object(
  {
    id: Type.String(),
    source: KeyPurpose,
    ticket: OrNull(Type.String({ description: 'Number at the source' })),
    at: Type.Unsafe<string>({ ...Timestamp, description: 'When it was seen' }),
    receivedAt: Timestamp,
    location: OrNull(Location),
    address: OrNull(Type.String()),
    text: OrNull(Type.String()),
    hasContact: Type.Boolean({ description: 'The office may still look up whom to call' }),
  },
  closed,
);
export type CaseReport = Static<typeof CaseReport>;

/** Personal data: kept apart, for a while, and never public. */
export const ReportContact = Type.Object(
  {
    name: OrNull(Type.String()),
    phone: OrNull(Type.String()),
    email: OrNull(Type.String()),
    until: Type.Unsafe<string>({ ...Timestamp, description: 'When it is removed' }),
  },
  closed,
);
export type ReportContact = Static<typeof ReportContact>;
