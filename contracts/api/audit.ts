/** The audit log of the hub: who changed, viewed, exported or deleted what, when, and from which address. */
import { type Static, Type } from '@sinclair/typebox';
import { Sha256 } from '../ids.ts';
import { Timestamp } from '../time.ts';

export const auditActions = [
  ...(['create', 'change', 'delete', 'revoke', 'import', 'export', 'view', 'search'] as const),
  ...(['login', 'login-failed', 'request', 'approve', 'refuse'] as const),
] as const;
export const AuditAction = Type.Unsafe<(typeof auditActions)[number]>(
  Type.Union(auditActions.map((action) => Type.Literal(action))),
);
export type AuditAction = Static<typeof AuditAction>;

export const auditThings = [
  'node',
  'camera',
  'site',
  'permit',
  'carrier',
  'stall-point',
  'unit',
  'user',
  'evidence',
  'case',
  'report',
  'notice',
  'matter',
  'closure-codes',
  'clock',
  'audit',
  'api-key',
  'webhook',
  'contact',
] as const;
export const AuditThing = Type.Unsafe<(typeof auditThings)[number]>(
  Type.Union(auditThings.map((thing) => Type.Literal(thing))),
);
export type AuditThing = Static<typeof AuditThing>;

/** One field that a change wrote; values are left out where they are secret, personal or long. */
export const FieldChange = Type.Object(
  {
    field: Type.String({ description: 'Name of the field, e.g. `manager.name`' }),
    from: Type.Optional(Type.String({ maxLength: 200, description: 'Value before, as text; unset: it was not there' })),
    to: Type.Optional(Type.String({ maxLength: 200, description: 'Value after; unset: it is not there any more' })),
    hidden: Type.Optional(Type.Boolean({ description: 'true: the values are never written to the log' })),
  },
  { additionalProperties: false },
);
export type FieldChange = Static<typeof FieldChange>;

export const AuditEntry = Type.Object(
  {
    n: Type.Integer({ minimum: 1, description: 'Number in the chain, without a gap' }),
    at: Timestamp,
    actor: Type.String({ description: 'Name of the user; `system` for what the hub does by itself' }),
    address: Type.Union([Type.String(), Type.Null()], { description: 'Network address that it came from' }),
    action: AuditAction,
    thing: AuditThing,
    id: Type.String({ description: 'Id of the thing; `*` for many at once' }),
    data: Type.Object(
      { changes: Type.Optional(Type.Array(FieldChange)) },
      { additionalProperties: true, description: 'What was changed, and counts of imports and exports' },
    ),
    prevHash: Sha256,
    hash: Sha256,
  },
  { additionalProperties: false },
);
export type AuditEntry = Static<typeof AuditEntry>;

export const AuditQuery = Type.Object(
  {
    actor: Type.Optional(Type.String({ maxLength: 64 })),
    action: Type.Optional(AuditAction),
    thing: Type.Optional(AuditThing),
    id: Type.Optional(Type.String({ maxLength: 128 })),
    from: Type.Optional(Timestamp),
    to: Type.Optional(Timestamp),
    before: Type.Optional(Type.Integer({ minimum: 1, description: 'Entries with a smaller number: `next` of a page' })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
  },
  { additionalProperties: false },
);
export type AuditQuery = Static<typeof AuditQuery>;

export const AuditPage = Type.Object(
  {
    entries: Type.Array(AuditEntry, { description: 'The latest first' }),
    next: Type.Union([Type.Integer(), Type.Null()], { description: '`before` of the next page; null at the end' }),
  },
  { additionalProperties: false },
);
export type AuditPage = Static<typeof AuditPage>;

export const AuditCheck = Type.Object(
  {
    entries: Type.Integer({ description: 'Entries that were read and found right' }),
    head: Sha256,
    sound: Type.Boolean({ description: 'Every entry follows from the one before, and none is missing at the end' }),
    brokenAt: Type.Union([Type.Integer(), Type.Null()], { description: 'First number that does not fit' }),
  },
  { additionalProperties: false },
);
export type AuditCheck = Static<typeof AuditCheck>;
