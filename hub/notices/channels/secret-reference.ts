/** How a channel's configuration names a secret: by where it lies, never by itself. */
import { Type } from '@sinclair/typebox';

/** @param description what it is the secret of */
export const secretReference = (description: string) =>
  Type.String({ minLength: 1, pattern: '^(file|env):.+$', description: `${description}: file:/path or env:NAME` });
