/** The edge node's configuration: one schema for type, validation, JSON Schema and documentation. */
import { type Static, Type } from '@sinclair/typebox';
import { CameraKind } from '../contracts/camera-kind.ts';
import { Location } from '../contracts/geometry.ts';
import { CameraId, NodeId } from '../contracts/ids.ts';
import { CalendarConfig } from '../contracts/schedule.ts';
import { Bilingual } from '../contracts/text.ts';
import { ZoneConfigSchema } from '../contracts/zone.ts';
import { CameraScores } from './domain/camera-scores.ts';

const closed = { additionalProperties: false } as const;

export const Secret = Type.String({
  minLength: 1,
  pattern: '^(file|env):.+$',
  description: 'Reference to a secret: file:/path (mode 0600) or env:NAME; never the secret itself',
});

const Address = Type.String({
  minLength: 1,
  description: 'rtsp(s)://, http(s)://, or a file path. User and password go into `user` and `password`',
});

const Transport = Type.Union([Type.Literal('tcp'), Type.Literal('udp')]);

export const Aspect = Type.Union([
  Type.String({ pattern: '^([1-9]\\d{0,4}:[1-9]\\d{0,4}|\\d(\\.\\d{1,4})?)$', examples: ['"16:9"'] }),
  Type.Number({ minimum: 0.2, maximum: 5 }),
]);

const Fingerprint = Type.String({ pattern: '^([0-9a-fA-F]{2}:?){31}[0-9a-fA-F]{2}$' });

const AnalyseConfig = Type.Object(
  {
    url: Address,
    user: Type.Optional(Type.String({ minLength: 1, description: 'Default: the main stream’s user and password' })),
    password: Type.Optional(Secret),
    transport: Type.Optional({ ...Transport, description: 'RTSP transport; default: the main stream’s' }),
    fingerprint: Type.Optional({ ...Fingerprint, description: 'As `source.fingerprint`; default: the main stream’s' }),
    aspect: Type.Optional({ ...Aspect, description: 'As `source.aspect`, of this stream; default: the main stream’s' }),
  },
  {
    ...closed,
    description:
      'The camera’s sub-stream: analysed in place of `url`, at `cadence`. Stills and clips come from `url` all the same',
  },
);

export const SourceConfig = Type.Object(
  {
    url: Address,
    user: Type.Optional(Type.String({ minLength: 1 })),
    password: Type.Optional(Secret),
    transport: Type.Optional({ ...Transport, default: 'tcp', description: 'RTSP transport' }),
    fingerprint: Type.Optional({
      ...Fingerprint,
      description:
        'rtsps: SHA-256 of the certificate that a camera signs itself; the refusal names it. Default: a certificate that this machine trusts',
    }),
    aspect: Type.Optional({
      ...Aspect,
      description:
        'Width over height of the picture as it must be shown, e.g. "16:9", "4:3" or 1.78, for a camera whose stream does not say it',
    }),
    analyse: Type.Optional(AnalyseConfig),
    main: Type.Optional(
      Type.Union([Type.Literal('on-demand'), Type.Literal('always')], {
        description:
          'With `analyse`: whether `url` is connected all the time, so that stills show the very moment and clips begin before it, or only when a still is wanted. Default: always for a gate, else on-demand',
      }),
    ),
    cadence: Type.Optional(
      Type.Union([Type.Literal('keyframes'), Type.Number({ minimum: 0.1, maximum: 30 })], {
        default: 5,
        description:
          'Frames a second to analyse, or `keyframes`: decode keyframes only, enough where a rule works in minutes',
      }),
    ),
    timeoutSeconds: Type.Optional(
      Type.Number({
        minimum: 1,
        maximum: 300,
        default: 10,
        description: 'Without a packet for this long the camera is connected anew, s',
      }),
    ),
    stallSeconds: Type.Optional(
      Type.Number({ minimum: 1, maximum: 300, description: 'Deprecated: the earlier name of `timeoutSeconds`' }),
    ),
    loop: Type.Optional(Type.Boolean({ default: false, description: 'Play a file again and again (demo, tests)' })),
    startAt: Type.Optional(
      Type.String({
        description:
          'UTC instant of a file’s first frame (default 2026-01-01T00:00:00.000Z in replay, now when run live)',
      }),
    ),
  },
  closed,
);
export type SourceConfig = Static<typeof SourceConfig>;

const changeDetection = {
  enabled: Type.Optional(Type.Boolean({ default: true, description: 'Skip inference while nothing changes' })),
  sensitivity: Type.Optional(
    Type.Number({ minimum: 1, maximum: 100, default: 12, description: 'Grey levels by which a cell must change' }),
  ),
};
const longestInterval = Type.Number({
  minimum: 0.2,
  maximum: 600,
  default: 5,
  description: 'Longest time without an inference, s; a slow arrival is found by then',
});

export const MemoryConfig = Type.Object(
  {
    enabled: Type.Optional(
      Type.Boolean({
        default: true,
        description: 'Count where boxes stand, and raise the bar where none ever means a thing',
      }),
    ),
    minDays: Type.Optional(
      Type.Number({
        minimum: 1,
        maximum: 60,
        default: 3,
        description:
          'Days on which a stall’s box must stand on a spot for most of the watched time, without a confirmed case, before more is asked of it; a case rejected as no such thing counts two',
      }),
    ),
    sureScore: Type.Optional(
      Type.Number({
        minimum: 0.5,
        maximum: 1,
        default: 0.85,
        description:
          'A stall that scores so much is told wherever it stands; 1: where there was nothing, nothing is told',
      }),
    ),
    halfLifeDays: Type.Optional(
      Type.Number({
        minimum: 1,
        maximum: 365,
        default: 14,
        description: 'What was counted weighs half after so many days',
      }),
    ),
  },
  {
    ...closed,
    description:
      'What the camera learns of its own street: by place, day and night apart. It begins anew where the camera has moved or its model has changed',
  },
);
export type MemoryConfig = Static<typeof MemoryConfig>;

const Precision = Type.Union([Type.Literal('auto'), Type.Literal('fp32'), Type.Literal('int8')]);

export const CameraConfig = Type.Object(
  {
    id: CameraId,
    name: Type.Optional(Bilingual),
    kind: CameraKind,
    location: Type.Optional(Location),
    source: SourceConfig,
    model: Type.Optional(Type.String({ description: 'Model for this camera, else the node’s' })),
    precision: Type.Optional({ ...Precision, description: 'For this camera, else the node’s' }),
    scores: Type.Optional(CameraScores),
    zones: Type.Array(ZoneConfigSchema, { minItems: 1, maxItems: 64 }),
    memory: Type.Optional({ ...MemoryConfig, description: 'For this camera, in place of the node’s' }),
    changeDetector: Type.Optional(
      Type.Object({ ...changeDetection, maxIntervalSeconds: Type.Optional(longestInterval) }, closed),
    ),
    gate: Type.Optional(
      Type.Object(
        { ...changeDetection, forcedLookSeconds: Type.Optional(longestInterval) },
        {
          ...closed,
          description:
            'Deprecated: the earlier name of `changeDetector`, and `forcedLookSeconds` that of `maxIntervalSeconds`',
        },
      ),
    ),
  },
  closed,
);
export type CameraConfig = Static<typeof CameraConfig>;

export const EdgeConfig = Type.Object(
  {
    node: NodeId,
    dataDir: Type.String({ minLength: 1, description: 'Outbox, evidence, state and key live here' }),
    modelsDir: Type.Optional(Type.String({ default: 'models', description: 'Folder with a folder for each model' })),
    model: Type.String({ minLength: 1, description: 'Name of a model folder in modelsDir' }),
    precision: Type.Optional({
      ...Precision,
      default: 'auto',
      description:
        'Of a model named without `-int8`. `auto`: its 8-bit form where that lies beside it and loses at most half a point by its card (AP50; for a camera with muck-truck zones also truck beds told right). `fp32`: as named. `int8`: the 8-bit form',
    }),
    hosts: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 64,
        description: 'Processes that decode and analyse the cameras, one model thread each; default: processors',
      }),
    ),
    inferenceWorkers: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 64, description: 'Deprecated: the name of `hosts` before 0.4' }),
    ),
    detailPerSecond: Type.Optional(
      Type.Number({
        minimum: 0.1,
        maximum: 1000,
        default: 4,
        description:
          'Most inferences a second on regions of far zones, all cameras together, beside those on whole pictures; each camera has its own part',
      }),
    ),
    acceptLicences: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 80 }), {
        description: 'Licences of models beyond the permissive ones that you have read and accept, e.g. AGPL-3.0-only',
      }),
    ),
    ffmpeg: Type.Optional(
      Type.String({ description: 'Deprecated and without effect: decoding is built in since 0.4' }),
    ),
    uplink: Type.Object(
      {
        mqtt: Type.String({ pattern: '^(mqtt|mqtts)://', description: 'Broker, e.g. mqtts://hub.example:8883' }),
        password: Secret,
        ca: Type.Optional(Type.String({ description: 'CA certificate file for mqtts and https' })),
        evidence: Type.String({
          pattern: '^https?://',
          description: 'The hub’s address for evidence, e.g. https://hub.example',
        }),
      },
      closed,
    ),
    disk: Type.Optional(
      Type.Object(
        {
          maxBytes: Type.Optional(
            Type.Integer({
              minimum: 16_777_216,
              default: 8_589_934_592,
              description:
                'Most that evidence may take; evidence of ended, acknowledged events goes first, an event never',
            }),
          ),
          keepDays: Type.Optional(
            Type.Number({
              minimum: 0,
              maximum: 3650,
              default: 10,
              description: 'Delivered evidence is kept this long, days',
            }),
          ),
        },
        closed,
      ),
    ),
    memory: Type.Optional(MemoryConfig),
    calendar: Type.Optional(CalendarConfig),
    log: Type.Optional(
      Type.Union([Type.Literal('debug'), Type.Literal('info'), Type.Literal('warn'), Type.Literal('error')], {
        default: 'info',
      }),
    ),
    cameras: Type.Array(CameraConfig, { minItems: 1, maxItems: 256 }),
  },
  { ...closed, $id: 'EdgeConfig', title: 'Kerbwatch edge configuration' },
);
export type EdgeConfig = Static<typeof EdgeConfig>;
