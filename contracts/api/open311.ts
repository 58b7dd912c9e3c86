/** Open311 GeoReport v2, what is read of it: https://wiki.open311.org/GeoReport_v2/ (schemas: open311/schema-validation). */
import { type Static, Type } from '@sinclair/typebox';

const closed = { additionalProperties: false } as const;
const OrNull = <T extends ReturnType<typeof Type.String> | ReturnType<typeof Type.Number>>(type: T) =>
  Type.Union([type, Type.Null()]);

/** W3C date and time (ISO 8601) with its zone: without one nobody can say which instant is meant. */
export const W3cTime = Type.String({
  pattern:
    '^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])T([01]\\d|2[0-3]):[0-5]\\d(:[0-5]\\d(\\.\\d{1,9})?)?(Z|[+-]([01]\\d|2[0-3]):[0-5]\\d)$',
  description: 'e.g. 2026-11-23T02:11:05Z or 2026-11-23T10:11:05%2B08:00 (a bare + in an address is a blank)',
});

/** Ours is one jurisdiction; clients of many send its name all the same. */
export const jurisdictionId = Type.Optional(Type.String({ maxLength: 100, description: 'Not looked at' }));

export const Open311Any = Type.Object({ jurisdiction_id: jurisdictionId }, closed);

export const Open311Query = Type.Object(
  {
    jurisdiction_id: jurisdictionId,
    service_request_id: Type.Optional(
      Type.String({
        maxLength: 4000,
        description: 'One or several, comma-separated; all other filters are left aside',
      }),
    ),
    service_code: Type.Optional(Type.String({ maxLength: 400, description: 'One or several, comma-separated' })),
    status: Type.Optional(Type.String({ maxLength: 40, description: '`open`, `closed` or both, comma-separated' })),
    start_date: Type.Optional(W3cTime),
    end_date: Type.Optional(W3cTime),
    page: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000, default: 1 })),
    page_size: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 1000 })),
  },
  closed,
);
export type Open311Query = Static<typeof Open311Query>;

export const Open311Request = Type.Object(
  {
    service_request_id: Type.String({ description: 'The case’s number' }),
    status: Type.Union([Type.Literal('open'), Type.Literal('closed')]),
    status_notes: OrNull(Type.String()),
    service_name: OrNull(Type.String()),
    service_code: Type.String(),
    description: OrNull(Type.String({ maxLength: 4000 })),
    agency_responsible: OrNull(Type.String()),
    service_notice: OrNull(Type.String()),
    requested_datetime: Type.String(),
    updated_datetime: OrNull(Type.String({ description: 'Its last change; once closed, when it was closed' })),
    expected_datetime: OrNull(Type.String({ description: 'When the present step is due' })),
    address: OrNull(Type.String()),
    address_id: OrNull(Type.String({ description: 'The camera; null where none has seen it' })),
    zipcode: OrNull(Type.String()),
    lat: OrNull(Type.Number()),
    long: OrNull(Type.Number()),
    media_url: OrNull(Type.String({ description: 'Evidence is not public: always null' })),
  },
  closed,
);
export type Open311Request = Static<typeof Open311Request>;

export const Open311Service = Type.Object(
  {
    service_code: Type.String(),
    service_name: Type.String(),
    description: Type.String(),
    metadata: Type.Boolean({ description: 'There is a definition: /services/{code}.json' }),
    type: Type.Literal('realtime'),
    keywords: Type.String(),
    group: Type.String(),
  },
  closed,
);

export const Open311Definition = Type.Object(
  {
    service_code: Type.String(),
    attributes: Type.Array(
      Type.Object(
        {
          variable: Type.Boolean(),
          code: Type.String(),
          datatype: Type.String(),
          required: Type.Boolean(),
          datatype_description: OrNull(Type.String()),
          order: Type.Integer(),
          description: Type.String(),
        },
        closed,
      ),
    ),
  },
  closed,
);

export const Open311Errors = Type.Array(
  Type.Object({ code: Type.Integer({ description: 'HTTP status' }), description: Type.String() }, closed),
);
export type Open311Errors = Static<typeof Open311Errors>;
