/** configs/schema/*.json: what an editor needs to complete and check the two configurations. */
import type { TSchema } from '@sinclair/typebox';
import { EdgeConfig } from '../../edge/config.ts';
import { HubConfig } from '../../hub/config.ts';

/** A configuration’s schema as JSON Schema draft 7, for editors. */
export function configSchema(schema: TSchema): unknown {
  const { $id: _, ...rest } = JSON.parse(JSON.stringify(schema)) as Record<string, unknown>;
  return { $schema: 'http://json-schema.org/draft-07/schema#', ...rest };
}

/** configs/schema/edge.json. */
export const edgeSchema = (): unknown => configSchema(EdgeConfig);
/** configs/schema/hub.json. */
export const hubSchema = (): unknown => configSchema(HubConfig);
