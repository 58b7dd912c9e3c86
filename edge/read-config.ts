/** A node's configuration, read and refused with every fault at once. */
import { dirname, resolve } from 'node:path';
import { type AcceptedConfig, acceptConfig } from '../platform/accept-config.ts';
import { readYaml } from '../platform/read-yaml.ts';
import { EdgeConfig } from './config.ts';
import { edgeReferences } from './config-references.ts';

/**
 * @param options `value`: the file as parsed already; `sources`: recordings must be there, too
 * @throws CFG_NOT_FOUND, CFG_SYNTAX, CFG_INVALID
 */
export async function readEdgeConfig(
  file: string,
  { value, sources = false }: { readonly value?: unknown; readonly sources?: boolean } = {},
): Promise<AcceptedConfig<typeof EdgeConfig>> {
  const read = value ?? (await readYaml(file));
  return acceptConfig(EdgeConfig, read, file, await edgeReferences(read, dirname(resolve(file)), { sources }));
}
