/** A hub's data as it is after its first start and an administrator. */
import { join } from 'node:path';
import { openRootKey } from '../../hub/registry/root-key.ts';
import { upsertUser } from '../../hub/registry/users.ts';
import { openStore } from '../../hub/storage/store.ts';
import { PASSWORD } from '../api/seeded-hub.ts';
import { quiet } from '../hub/stores.ts';

/** @param dataDir there already; the database is its `hub.db` */
export async function createEmptyHub(dataDir: string): Promise<void> {
  const store = await openStore(`sqlite:${join(dataDir, 'hub.db')}`, { log: quiet });
  await openRootKey(store, { dataDir }, Date.now());
  await upsertUser(store, { name: 'admin', displayName: 'Admin', role: 'admin', password: PASSWORD });
  await store.close();
}
