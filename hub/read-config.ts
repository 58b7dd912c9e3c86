/** A hub's configuration, read and refused with every fault at once. */
import { dirname, resolve } from 'node:path';
import { type AcceptedConfig, acceptConfig } from '../platform/accept-config.ts';
import { readYaml } from '../platform/read-yaml.ts';
import { HubConfig } from './config.ts';
import { hubReferences } from './config-references.ts';

/** @param value the file as parsed already. @throws CFG_NOT_FOUND, CFG_SYNTAX, CFG_INVALID */
export async function readHubConfig(file: string, value?: unknown): Promise<AcceptedConfig<typeof HubConfig>> {
  const read = value ?? (await readYaml(file));
  return acceptConfig(HubConfig, read, file, await hubReferences(read, dirname(resolve(file))));
}
