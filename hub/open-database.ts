/** The hub's database: locked for it, brought up to date, with the root of trust that belongs to it. */
import type { Clock } from '../platform/clock.ts';
import type { Disposer } from '../platform/disposer.ts';
import type { Log } from '../platform/log.ts';
import type { HubConfig } from './config.ts';
import { placeOf } from './load-hub.ts';
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
  const { url, options } = await placeOf({ config, log, configDir: configDir ?? '.' });
  const unlock = await lockDatabase(url);
  disposer.add('lock', async () => unlock());
  const store = await openStore(url, options);
  disposer.add('database', () => store.close());
  await recount(store.db);
  const place = { dataDir: config.dataDir, secret: config.trust?.key, ...(configDir ? { configDir } : {}) };
  const root = await openRootKey(store, place, clock.now());
  log.info({ fingerprint: root.fingerprint }, 'root of trust: give this fingerprint to whoever checks evidence');
  return { store, root };
}
