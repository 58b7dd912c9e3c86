/** The hub's configuration: one schema for type, validation, JSON Schema and documentation. */
import { type Static, Type } from '@sinclair/typebox';
import { CalendarConfig } from '../contracts/schedule.ts';
import { IntakeConfig, WebhooksConfig } from './door-config.ts';
import { FourEyesConfig } from './four-eyes-config.ts';
import { LinksConfig } from './links-config.ts';
import { NoticesConfig } from './notices/config.ts';
import { OidcConfig } from './oidc-config.ts';
import { ReportsConfig } from './reports-config.ts';

const closed = { additionalProperties: false } as const;
const Secret = Type.String({ minLength: 1, pattern: '^(file|env):.+$', description: 'file:/path or env:NAME' });

const Tls = Type.Object(
  {
    cert: Type.String({
      minLength: 1,
      description: 'Certificate with its chain, PEM file; read again when it changes',
    }),
    key: Type.String({ minLength: 1, description: 'Its private key, PEM file of mode 0600' }),
  },
  closed,
);
const HOST = { default: '127.0.0.1', description: 'Address to listen on; 0.0.0.0 = every one' };

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
    trust: Type.Optional(
      Type.Object(
        {
          key: Type.Optional(
            Type.String({
              ...Secret,
              description:
                'Private root key (Ed25519, PKCS #8 PEM) by file:/path or env:NAME; unset: `root-key.pem` in `dataDir`, made at the first start. Hubs on one database need the same',
            }),
          ),
        },
        closed,
      ),
    ),
    mqtt: Type.Optional(
      Type.String({
        pattern: '^(embedded|mqtts?://.+)$',
        default: 'embedded',
        description: '`embedded`, or an MQTT broker',
      }),
    ),
    mqttUser: Type.Optional(Type.String()),
    mqttPassword: Type.Optional(Secret),
    mqttCa: Type.Optional(
      Type.String({ minLength: 1, description: 'CA certificate file for mqtts, where it is not a public one' }),
    ),
    sharedGroup: Type.Optional(
      Type.String({
        pattern: '^[A-Za-z0-9_-]+$',
        description: 'Shared subscription group when several hubs share the load',
      }),
    ),
    broker: Type.Optional(
      Type.Object(
        {
          host: Type.Optional(Type.String(HOST)),
          port: Type.Optional(
            Type.Integer({
              minimum: 0,
              maximum: 65535,
              default: 1883,
              description: 'Port of the embedded broker; 0 = any free one',
            }),
          ),
          tls: Type.Optional(Tls),
        },
        closed,
      ),
    ),
    http: Type.Optional(
      Type.Object(
        {
          host: Type.Optional(Type.String(HOST)),
          port: Type.Optional(
            Type.Integer({ minimum: 0, maximum: 65535, default: 8080, description: '0 = any free one' }),
          ),
          publicUrl: Type.Optional(
            Type.String({
              pattern: '^https?://',
              description: 'Address that people use; links in notices start with it; https makes cookies secure',
            }),
          ),
          tls: Type.Optional(Tls),
          trustProxy: Type.Optional(
            Type.Union(
              [
                Type.Boolean(),
                Type.Integer({ minimum: 1, maximum: 8 }),
                Type.String({ minLength: 1 }),
                Type.Array(Type.String({ minLength: 1 }), { minItems: 1, maxItems: 64 }),
              ],
              {
                default: false,
                description:
                  'Whose X-Forwarded-For is believed: addresses or networks of your proxies (best), their number, or true for one proxy in a private network; limits count by that address',
              },
            ),
          ),
        },
        closed,
      ),
    ),
    oidc: Type.Optional(OidcConfig),
    fourEyes: Type.Optional(FourEyesConfig),
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
    links: Type.Optional(LinksConfig),
    intake: Type.Optional(IntakeConfig),
    webhooks: Type.Optional(WebhooksConfig),
    review: Type.Optional(
      Type.Object(
        {
          claimMinutes: Type.Optional(
            Type.Number({
              minimum: 2,
              maximum: 240,
              default: 5,
              description: 'A claim ends so long after the last sign of life of the browser that holds it, min',
            }),
          ),
          undoSeconds: Type.Optional(
            Type.Number({
              minimum: 0,
              maximum: 3600,
              default: 60,
              description: 'Who decided may take it back for so long; a notice waits until then, s',
            }),
          ),
        },
        closed,
      ),
    ),
    notices: Type.Optional(NoticesConfig),
    limits: Type.Optional(
      Type.Object(
        {
          scheme: Type.Optional(
            Type.String({
              minLength: 1,
              maxLength: 40,
              default: 'city-table-b',
              description:
                'Filing table whose handling limits count; the tables are edited in the hub (`/api/v1/matters`)',
            }),
          ),
          escalation: Type.Optional(
            Type.Array(Type.Number({ minimum: -10_080, maximum: 43_200 }), {
              maxItems: 9,
              uniqueItems: true,
              default: [-30, 0, 240],
              description: 'When a confirmed case is escalated, min after its limit, below 0 before it; empty: never',
            }),
          ),
          closureCode: Type.Optional(
            Type.Union([Type.Literal('optional'), Type.Literal('required')], {
              default: 'optional',
              description: 'Whether a case can be closed without a code of the list of closure codes',
            }),
          ),
        },
        closed,
      ),
    ),
    district: Type.Optional(
      Type.String({ pattern: '^\\d{6}$', default: '350500', description: 'Division code at the head of case numbers' }),
    ),
    utcOffsetMinutes: Type.Optional(Type.Integer({ minimum: -720, maximum: 840, default: 480 })),
    calendar: Type.Optional(
      Type.Omit(CalendarConfig, ['utcOffsetMinutes'], {
        ...closed,
        description: 'Working days: deadlines, hours of haulage permits and notices count by them; as at the nodes',
      }),
    ),
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
    reports: Type.Optional(ReportsConfig),
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
