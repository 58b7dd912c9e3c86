/** What a camera looks at: some places ask for stricter rules. */
import { type Static, Type } from '@sinclair/typebox';

export const CameraKind = Type.Union([
  Type.Literal('street'),
  Type.Literal('heritage'),
  Type.Literal('bike'),
  Type.Literal('gate'),
]);
export type CameraKind = Static<typeof CameraKind>;
