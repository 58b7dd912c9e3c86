/** The catalogue of error codes. A test holds it equal to docs/errors.md. */
import { apiErrors } from './errors/api.ts';
import { configurationErrors } from './errors/configuration.ts';
import { edgeErrors } from './errors/edge.ts';
import type { ErrorEntry } from './errors/entry.ts';
import { hubErrors } from './errors/hub.ts';
import { ingestErrors } from './errors/ingest.ts';
import { toolErrors } from './errors/tools.ts';
import { upkeepErrors } from './errors/upkeep.ts';

export type { ErrorEntry };

export const errors = {
  ...configurationErrors,
  ...edgeErrors,
  ...toolErrors,
  ...hubErrors,
  ...upkeepErrors,
  ...ingestErrors,
  ...apiErrors,
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof errors;
