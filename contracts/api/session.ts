/** Log-in and roles. */
import { type Static, Type } from '@sinclair/typebox';
import { ApprovalAction } from './approval.ts';
import { UserScope } from './scope.ts';

/** Roles of the office in their order: who may do more may do what others may. */
export const staffRoles = ['viewer', 'operator', 'supervisor', 'admin'] as const;
export const StaffRole = Type.Unsafe<(typeof staffRoles)[number]>(
  Type.Union(staffRoles.map((role) => Type.Literal(role))),
);
export type StaffRole = (typeof staffRoles)[number];
/** `unit` stands beside that order: its users see the cases of one handling unit, and nothing that a viewer sees. */
export const roles = [...staffRoles, 'unit'] as const;
export const Role = Type.Union([
  Type.Literal('viewer'),
  Type.Literal('operator'),
  Type.Literal('supervisor'),
  Type.Literal('admin'),
  Type.Literal('unit'),
]);
export type Role = Static<typeof Role>;

export const LoginBody = Type.Object(
  { name: Type.String({ minLength: 1, maxLength: 64 }), password: Type.String({ minLength: 1, maxLength: 200 }) },
  { additionalProperties: false },
);
export type LoginBody = Static<typeof LoginBody>;

/** A user's own new password; `current` shows that it is her and no open desk. */
export const PasswordChange = Type.Object(
  {
    current: Type.String({ minLength: 1, maxLength: 200, writeOnly: true }),
    password: Type.String({ minLength: 12, maxLength: 200, writeOnly: true }),
  },
  { additionalProperties: false },
);
export type PasswordChange = Static<typeof PasswordChange>;

/** The cookie carries the session; `csrf` goes back in the X-Kerbwatch-Csrf header of every change. */
export const Session = Type.Object(
  {
    user: Type.Object(
      {
        name: Type.String(),
        displayName: Type.String(),
        role: Role,
        unit: Type.Optional(Type.String({ description: 'The handling unit of a user with the role `unit`' })),
        scope: Type.Optional(UserScope),
      },
      { additionalProperties: false },
    ),
    csrf: Type.String(),
    demo: Type.Boolean({ description: 'The hub runs the demo: say so on every page' }),
    fourEyes: Type.Optional(Type.Array(ApprovalAction, { description: 'What needs a second person here' })),
  },
  { additionalProperties: false },
);
export type Session = Static<typeof Session>;

/** What the log-in page asks before anybody is logged in: the log-ins of a demo, and never those of anything else. */
export const DemoLogins = Type.Object(
  {
    demo: Type.Boolean({ description: 'The hub runs the demo' }),
    logins: Type.Array(LoginBody, { description: 'Log-ins of the demo; empty on every other hub' }),
  },
  { additionalProperties: false },
);
export type DemoLogins = Static<typeof DemoLogins>;

export const CSRF_HEADER = 'x-kerbwatch-csrf';
