/** Nodes, cameras, sites, permits and users: what the hub knows before anything happens. */
import { type Static, Type } from '@sinclair/typebox';
import { CameraKind } from '../camera-kind.ts';
import { Location } from '../geometry.ts';
import { CameraId, NodeId, Sha256 } from '../ids.ts';
import { LocalDate, WeeklyWindow } from '../schedule.ts';
import { NodeStatus } from '../status.ts';
import { Bilingual, words } from '../text.ts';
import { Timestamp } from '../time.ts';
import { ZoneConfigSchema } from '../zone.ts';
import { UserScope } from './scope.ts';
import { Role } from './session.ts';
import { UnitId } from './unit.ts';

export const NodeBody = Type.Object(
  {
    id: NodeId,
    name: Type.Optional(Bilingual),
    publicKey: Type.String({
      // Room for what is sent by mistake (an RSA key, both keys of a pair), so that the answer says what it is.
      maxLength: 8192,
      description: 'Ed25519 public key, SPKI PEM; events signed otherwise are quarantined. Another key rotates',
    }),
    password: Type.Optional(
      Type.String({
        minLength: 12,
        maxLength: 200,
        writeOnly: true,
        description: 'Broker and upload password; kept hashed',
      }),
    ),
    disabled: Type.Optional(
      Type.Boolean({
        description: 'true cuts the node off at once and takes nothing more from it; left out, it stays as it is',
      }),
    ),
  },
  { additionalProperties: false },
);
export type NodeBody = Static<typeof NodeBody>;

export const Refusals = Type.Object(
  { code: Type.String(), messages: Type.Integer(), times: Type.Integer(), lastAt: Timestamp },
  { additionalProperties: false },
);
export type Refusals = Static<typeof Refusals>;

export const ChainFork = Type.Object(
  {
    seq: Type.Integer({ description: 'Message that does not go on from the one before' }),
    kind: Type.Union([Type.Literal('prev'), Type.Literal('seq'), Type.Literal('rev')], {
      description:
        '`prev`: names another predecessor; `seq`: its number came before with other content; `rev`: its revision did',
    }),
    expected: Sha256,
    got: Sha256,
    at: Timestamp,
  },
  { additionalProperties: false },
);
export type ChainFork = Static<typeof ChainFork>;

export const NodeView = Type.Object(
  {
    id: NodeId,
    name: Type.Union([Bilingual, Type.Null()]),
    publicKey: Type.String(),
    disabled: Type.Boolean({ description: 'An administrator has cut it off; nothing is taken from it' }),
    status: Type.Union([NodeStatus, Type.Null()]),
    lastSeq: Type.Integer(),
    missing: Type.Array(Type.Tuple([Type.Integer(), Type.Integer()]), {
      description: 'Gaps of `seq` not filled yet, [from, to]',
    }),
    quarantined: Type.Integer({ description: 'Refused messages whose cause is not mended yet' }),
    refusals: Type.Array(Refusals, { description: 'The same by reason; `times` counts repetitions too' }),
    forks: Type.Integer({ description: 'Places where the node’s chain does not go on from what the hub has' }),
    latestForks: Type.Array(ChainFork, { maxItems: 20 }),
    lastEventAt: Type.Union([Timestamp, Type.Null()]),
  },
  { additionalProperties: false },
);
export type NodeView = Static<typeof NodeView>;

/** Whose picture it is: systems that the city had before (公安视频、海丝申遗、公共自行车), a gate, or its own. */
export const cameraSources = ['public-security', 'heritage', 'public-bike', 'site-gate', 'own'] as const;

export const SharingAgreement = Type.Object(
  {
    number: words(120, 'Number of the agreement under which its owner shares the picture'),
    until: Type.Optional({ ...LocalDate, description: 'Last day on which it holds' }),
  },
  { additionalProperties: false },
);
export type SharingAgreement = Static<typeof SharingAgreement>;

export const CameraBody = Type.Object(
  {
    id: CameraId,
    node: NodeId,
    name: Bilingual,
    kind: CameraKind,
    location: Type.Union([Location, Type.Null()]),
    district: Type.Optional(Type.String({ pattern: '^\\d{6}$', description: 'Six-digit division code' })),
    grid: Type.Optional(Type.String({ pattern: '^\\d{14,16}$', description: 'Grid cell' })),
    site: Type.Optional(Type.String({ maxLength: 64 })),
    owner: Type.Optional(Type.String({ maxLength: 120, description: 'Authority or firm whose camera it is' })),
    source: Type.Optional(
      Type.Unsafe<(typeof cameraSources)[number]>(Type.Union(cameraSources.map((source) => Type.Literal(source)))),
    ),
    agreement: Type.Optional(SharingAgreement),
    zones: Type.Array(ZoneConfigSchema, { maxItems: 64 }),
  },
  { additionalProperties: false },
);
export type CameraBody = Static<typeof CameraBody>;

const SitePerson = Type.Object(
  {
    name: Type.String({ maxLength: 60 }),
    phone: Type.Optional(Type.String({ maxLength: 40 })),
    email: Type.Optional(Type.String({ maxLength: 120 })),
  },
  { additionalProperties: false },
);

export const gateVideoStates = ['yes', 'no', 'offline'] as const;

export const SiteBody = Type.Object(
  {
    id: words(64),
    name: Bilingual,
    address: Type.String({ maxLength: 300 }),
    permitNumber: Type.Optional(Type.String({ maxLength: 64 })),
    developer: Type.Optional(Type.String({ maxLength: 120 })),
    contractor: Type.Optional(Type.String({ maxLength: 120 })),
    manager: SitePerson,
    managers: Type.Optional(
      Type.Array(SitePerson, { maxItems: 8, description: 'Further managers, e.g. of the night shift' }),
    ),
    responsibilityLetter: Type.Optional(
      Type.String({ maxLength: 120, description: 'Number and date of the signed letter' }),
    ),
    district: Type.Optional(Type.String({ pattern: '^\\d{6}$', description: 'Six-digit division code' })),
    gateVideo: Type.Optional(
      Type.Unsafe<(typeof gateVideoStates)[number]>(
        Type.Union(
          gateVideoStates.map((state) => Type.Literal(state)),
          { description: 'Video at the gate: there, not there, or there and out of order' },
        ),
      ),
    ),
  },
  { additionalProperties: false },
);
export type SiteBody = Static<typeof SiteBody>;

export const PermitBody = Type.Object(
  {
    id: words(64, 'Placard number of the haulage permit'),
    site: words(64),
    carrier: Type.String({ maxLength: 120 }),
    plates: Type.Array(Type.String({ maxLength: 16 }), { maxItems: 500 }),
    route: Type.Optional(Type.String({ maxLength: 1000 })),
    windows: Type.Array(WeeklyWindow, { maxItems: 56 }),
    validFrom: LocalDate,
    validTo: LocalDate,
  },
  { additionalProperties: false },
);
export type PermitBody = Static<typeof PermitBody>;

export const UserBody = Type.Object(
  {
    name: Type.String({ pattern: '^[a-z0-9][a-z0-9._-]{1,62}$' }),
    displayName: words(80),
    role: Role,
    unit: Type.Optional({
      ...UnitId,
      description: 'The handling unit of a user with the role `unit`, and of no other',
    }),
    scope: Type.Optional({
      ...UserScope,
      description: 'Confines a viewer, operator or supervisor; left out: the whole city',
    }),
    password: Type.Optional(Type.String({ minLength: 12, maxLength: 200, writeOnly: true })),
    disabled: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
);
export type UserBody = Static<typeof UserBody>;
