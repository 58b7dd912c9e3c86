/** The hub's configuration: one schema for type, validation, JSON Schema and documentation. */
import { type Static, Type } from '@sinclair/typebox';

const closed = { additionalProperties: false } as const;
const Secret = Type.String({ minLength: 1, pattern: '^(file|env):.+$', description: 'file:/path or env:NAME' });

export const HubConfig = Type.Object(
  {
    database: Type.Optional(
      Type.String({
        pattern: '^(sqlite:.+|postgres(ql)?://.+)$',
        default: 'sqlite:data/hub.db',
        description: 'sqlite:PATH or postgres://…',
      }),
    ),
    databasePassword: Type.Optional(Secret),
    dataDir: Type.String({ minLength: 1, description: 'Evidence blobs and the embedded broker’s state' }),
    mqtt: Type.Optional(
      Type.String({
        pattern: '^(embedded|mqtts?://.+)$',
        default: 'embedded',
        description: '`embedded`, or an MQTT broker',
      }),
    ),
    mqttUser: Type.Optional(Type.String()),
    mqttPassword: Type.Optional(Secret),
    sharedGroup: Type.Optional(
      Type.String({
        pattern: '^[A-Za-z0-9_-]+$',
        description: 'Shared subscription group when several hubs share the load',
      }),
    ),
    broker: Type.Optional(
      Type.Object(
        {
          host: Type.Optional(Type.String({ default: '0.0.0.0' })),
          port: Type.Optional(
            Type.Integer({
              minimum: 0,
              maximum: 65535,
              default: 1883,
              description: 'Port of the embedded broker; 0 = any free one',
            }),
          ),
        },
        closed,
      ),
    ),
    http: Type.Optional(
      Type.Object(
        {
          host: Type.Optional(Type.String({ default: '0.0.0.0' })),
          port: Type.Optional(
            Type.Integer({ minimum: 0, maximum: 65535, default: 8080, description: '0 = any free one' }),
          ),
          publicUrl: Type.Optional(
            Type.String({
              pattern: '^https?://',
              description: 'Address that people use; links in notices start with it; https makes cookies secure',
            }),
          ),
          trustProxy: Type.Optional(Type.Boolean({ default: false })),
        },
        closed,
      ),
    ),
    dedupe: Type.Optional(
      Type.Object(
        {
          recurrenceHours: Type.Optional(
            Type.Number({
              minimum: 0,
              maximum: 720,
              default: 24,
              description: 'A new case on the same spot within this time of a closed one is its recurrence, h',
            }),
          ),
          expireHours: Type.Optional(
            Type.Number({
              minimum: 1,
              maximum: 720,
              default: 24,
              description: 'An unreviewed case expires after this time, h; it is never confirmed by itself',
            }),
          ),
        },
        closed,
      ),
    ),
    notices: Type.Optional(
      Type.Object(
        {
          issuer: Type.Optional(Type.String({ default: '城市管理局', description: 'Issuing body on the notice' })),
          contact: Type.Optional(Type.String({ default: '12319' })),
          correctWithinHours: Type.Optional(Type.Number({ minimum: 1, maximum: 720, default: 24 })),
          linkDays: Type.Optional(Type.Number({ minimum: 1, maximum: 365, default: 30 })),
        },
        closed,
      ),
    ),
    district: Type.Optional(
      Type.String({ pattern: '^\\d{6}$', default: '350500', description: 'Division code at the head of case numbers' }),
    ),
    utcOffsetMinutes: Type.Optional(Type.Integer({ minimum: -720, maximum: 840, default: 480 })),
    retention: Type.Optional(
      Type.Object(
        {
          unconfirmedDays: Type.Optional(
            Type.Number({
              minimum: 1,
              maximum: 365,
              default: 30,
              description: 'Evidence of what nobody confirmed is removed after this time, days',
            }),
          ),
        },
        closed,
      ),
    ),
    evidence: Type.Optional(
      Type.Object(
        {
          freeMegabytes: Type.Optional(
            Type.Number({
              minimum: 0,
              maximum: 1_000_000,
              default: 200,
              description:
                'Room that files leave free for the database, MB; with less, nodes keep their files for later',
            }),
          ),
          scrubDays: Type.Optional(
            Type.Number({
              minimum: 0,
              maximum: 365,
              default: 30,
              description:
                'Every stored file is read again and held against its hash once in this time, days; 0 = never',
            }),
          ),
          scrubMegabytesPerSecond: Type.Optional(Type.Number({ minimum: 0.1, maximum: 1000, default: 4 })),
          uploadHours: Type.Optional(
            Type.Number({
              minimum: 1,
              maximum: 720,
              default: 48,
              description: 'Parts of files that nobody went on with are removed after this time, h',
            }),
          ),
        },
        closed,
      ),
    ),
    clock: Type.Optional(
      Type.Object(
        {
          confirmHours: Type.Optional(
            Type.Number({
              minimum: 1,
              maximum: 720,
              default: 24,
              description: 'After a step of the clock nothing expires or is removed for this time, h, unless confirmed',
            }),
          ),
        },
        closed,
      ),
    ),
    log: Type.Optional(
      Type.Union([Type.Literal('debug'), Type.Literal('info'), Type.Literal('warn'), Type.Literal('error')], {
        default: 'info',
      }),
    ),
    demo: Type.Optional(
      Type.Boolean({
        default: false,
        description: 'The demo: shows its log-ins and says on every page that nothing is real',
      }),
    ),
  },
  { ...closed, $id: 'HubConfig', title: 'Kerbwatch hub configuration' },
);
export type HubConfig = Static<typeof HubConfig>;
