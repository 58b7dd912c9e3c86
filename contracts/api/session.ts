/** Log-in and roles. */
import { type Static, Type } from '@sinclair/typebox';

export const roles = ['viewer', 'operator', 'supervisor', 'admin'] as const;
export const Role = Type.Union([
  Type.Literal('viewer'),
  Type.Literal('operator'),
  Type.Literal('supervisor'),
  Type.Literal('admin'),
]);
export type Role = Static<typeof Role>;

export const LoginBody = Type.Object(
  { name: Type.String({ minLength: 1, maxLength: 64 }), password: Type.String({ minLength: 1, maxLength: 200 }) },
  { additionalProperties: false },
);
export type LoginBody = Static<typeof LoginBody>;

/** The cookie carries the session; `csrf` goes back in the X-Kerbwatch-Csrf header of every change. */
export const Session = Type.Object(
  {
    user: Type.Object({ name: Type.String(), displayName: Type.String(), role: Role }, { additionalProperties: false }),
    csrf: Type.String(),
    demo: Type.Boolean({ description: 'The hub runs the demo: say so on every page' }),
  },
  { additionalProperties: false },
);
export type Session = Static<typeof Session>;

export const CSRF_HEADER = 'x-kerbwatch-csrf';
