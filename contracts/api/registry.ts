/** Nodes, cameras, sites, permits and users: what the hub knows before anything happens. */
import { type Static, Type } from '@sinclair/typebox';
import { Location } from '../geometry.ts';
import { CameraId, NodeId } from '../ids.ts';
import { LocalDate, WeeklyWindow } from '../schedule.ts';
import { NodeStatus } from '../status.ts';
import { Bilingual, words } from '../text.ts';
import { Timestamp } from '../time.ts';
import { ZoneConfigSchema } from '../zone.ts';
import { Role } from './session.ts';

export const CameraKind = Type.Union([
  Type.Literal('street'),
  Type.Literal('heritage'),
  Type.Literal('bike'),
  Type.Literal('gate'),
]);
export type CameraKind = Static<typeof CameraKind>;

export const NodeBody = Type.Object(
  {
    id: NodeId,
    name: Type.Optional(Bilingual),
    publicKey: Type.String({
      maxLength: 400,
      description: 'Ed25519 public key, SPKI PEM; events signed otherwise are quarantined',
    }),
    password: Type.Optional(
      Type.String({
        minLength: 12,
        maxLength: 200,
        writeOnly: true,
        description: 'Broker and upload password; kept hashed',
      }),
    ),
  },
  { additionalProperties: false },
);
export type NodeBody = Static<typeof NodeBody>;

export const NodeView = Type.Object(
  {
    id: NodeId,
    name: Type.Union([Bilingual, Type.Null()]),
    publicKey: Type.String(),
    status: Type.Union([NodeStatus, Type.Null()]),
    lastSeq: Type.Integer(),
    missing: Type.Array(Type.Tuple([Type.Integer(), Type.Integer()]), {
      description: 'Gaps of `seq` not filled yet, [from, to]',
    }),
    quarantined: Type.Integer(),
    lastEventAt: Type.Union([Timestamp, Type.Null()]),
  },
  { additionalProperties: false },
);
export type NodeView = Static<typeof NodeView>;

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
    zones: Type.Array(ZoneConfigSchema, { maxItems: 64 }),
  },
  { additionalProperties: false },
);
export type CameraBody = Static<typeof CameraBody>;

export const SiteBody = Type.Object(
  {
    id: words(64),
    name: Bilingual,
    address: Type.String({ maxLength: 300 }),
    permitNumber: Type.Optional(Type.String({ maxLength: 64 })),
    developer: Type.Optional(Type.String({ maxLength: 120 })),
    contractor: Type.Optional(Type.String({ maxLength: 120 })),
    manager: Type.Object(
      {
        name: Type.String({ maxLength: 60 }),
        phone: Type.Optional(Type.String({ maxLength: 40 })),
        email: Type.Optional(Type.String({ maxLength: 120 })),
      },
      { additionalProperties: false },
    ),
    responsibilityLetter: Type.Optional(
      Type.String({ maxLength: 120, description: 'Number and date of the signed letter' }),
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
    password: Type.Optional(Type.String({ minLength: 12, maxLength: 200, writeOnly: true })),
    disabled: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
);
export type UserBody = Static<typeof UserBody>;
