/** The hub's database: locked for it, brought up to date, with the root of trust that belongs to it. */
import type { Clock } from '../platform/clock.ts';
import type { Disposer } from '../platform/disposer.ts';
import type { Log } from '../platform/log.ts';
import { readSecret } from '../platform/secret.ts';
import type { HubConfig } from './config.ts';
import { openRootKey } from './registry/root-key.ts';
import { recount } from './storage/case-lists/counts.ts';
import { lockDatabase } from './storage/hub-lock.ts';
import { openStore } from './storage/store.ts';

type DatabaseOptions = {
  readonly log: Log;
  readonly clock: Clock;
  /** Relative paths of the configuration start here. */
  readonly configDir?: string;
};

/** @throws HUB_DATABASE, HUB_DATABASE_IN_USE, HUB_ROOT_KEY, HUB_ROOT_OTHER, CFG_SECRET */
export async function openDatabase(config: HubConfig, { log, clock, configDir }: DatabaseOptions, disposer: Disposer) {
  const password = config.databasePassword ? await readSecret(config.databasePassword, configDir) : undefined;
  const url = config.database ?? 'sqlite:data/hub.db';
  const unlock = await lockDatabase(url);
  disposer.add('lock', async () => unlock());
  const store = await openStore(url, { log, ...(password === undefined ? {} : { password }) });
  disposer.add('database', () => store.close());
  await recount(store.db);
  const place = { dataDir: config.dataDir, secret: config.trust?.key, ...(configDir ? { configDir } : {}) };
  const root = await openRootKey(store, place, clock.now());
  log.info({ fingerprint: root.fingerprint }, 'root of trust: give this fingerprint to whoever checks evidence');
  return { store, root };
}
