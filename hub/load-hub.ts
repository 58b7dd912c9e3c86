/** What stands in a hub's configuration file, for whoever works on its data from outside: the hub itself, its upkeep. */
import { join, resolve } from 'node:path';
import { createLog, type Log } from '../platform/log.ts';
import { readSecret } from '../platform/secret.ts';
import type { HubConfig } from './config.ts';
import { readHubConfig } from './read-config.ts';
import { openStore, type Store, type StoreOptions } from './storage/store.ts';

export type LoadedHub = { readonly config: HubConfig; readonly log: Log; readonly configDir: string };

/** @param file the configuration (YAML). @throws CFG_* */
export async function loadHub(file: string): Promise<LoadedHub> {
  const { config, configDir } = await readHubConfig(file);
  const level = process.env.KERBWATCH_LOG ?? config.log;
  return { config, log: createLog(level ? { level } : {}), configDir };
}

/** Where a hub's data lies. */
export type HubPlace = {
  readonly url: string;
  readonly options: StoreOptions;
  readonly dataDir: string;
  /** Folder of `blobs`. */
  readonly evidenceDir: string;
  /** Private root key of the configuration, `file:` or `env:`; undefined: a file in `dataDir`. */
  readonly rootSecret: string | undefined;
  readonly configDir: string;
};

/** @throws CFG_SECRET */
export async function placeOf({ config, log, configDir }: LoadedHub): Promise<HubPlace> {
  const password = config.databasePassword ? await readSecret(config.databasePassword, configDir) : undefined;
  const dataDir = resolve(config.dataDir);
  return {
    url: config.database ?? 'sqlite:data/hub.db',
    options: { log, ...(password === undefined ? {} : { password }) },
    dataDir,
    evidenceDir: join(dataDir, 'evidence'),
    rootSecret: config.trust?.key,
    configDir,
  };
}

/** The database, brought up to date. @throws HUB_DATABASE, CFG_SECRET */
export async function openHubStore(loaded: LoadedHub): Promise<Store> {
  const { url, options } = await placeOf(loaded);
  return openStore(url, options);
}
