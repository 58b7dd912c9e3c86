/** One hub from its configuration file: run until it is told to stop, its first administrator, a new root of trust. */
import { UserBody } from '../contracts/api/registry.ts';
import { AppError, describeError } from '../platform/app-error.ts';
import { systemClock } from '../platform/clock.ts';
import { stopSignal } from '../platform/stop-signal.ts';
import { faultsOf } from '../platform/validate.ts';
import { loadHub, openHubStore } from './load-hub.ts';
import { startHub } from './main.ts';
import { refuseWeakPassword } from './registry/password-rule.ts';
import { renewRootKey } from './registry/root-key.ts';
import { upsertUser } from './registry/users.ts';
import { hasAdmin } from './storage/users.ts';

/** @param file the configuration (YAML). @throws CFG_*, HUB_* of the start */
export async function runHub(file: string): Promise<void> {
  const { config, log, configDir } = await loadHub(file);
  const stopped = stopSignal();
  const hub = await startHub(config, { log, clock: systemClock, configDir });
  // Events are taken all the same; only nobody can look at them yet.
  if (!(await hasAdmin(hub.store.db))) log.warn(describeError(new AppError('HUB_NO_ADMIN', 'nobody can log in')));
  await stopped;
  log.info('stopping');
  await hub.close();
}

/** Makes an administrator, or gives one a new password. @param askPassword asked once the configuration is sound. @throws CFG_*, API_VALIDATION */
export async function createAdmin(file: string, name: string, askPassword: () => Promise<string>): Promise<void> {
  const loaded = await loadHub(file);
  const body = { name, displayName: name, role: 'admin' as const, password: await askPassword() };
  const faults = faultsOf(UserBody, body);
  if (faults.length > 0) throw new AppError('API_VALIDATION', name, { faults });
  if (!loaded.config.demo) refuseWeakPassword(name, body.password);
  const store = await openHubStore(loaded);
  await upsertUser(store, body).finally(() => store.close());
}

/** Begins a new root of trust where every copy of the root key is lost. @returns its fingerprint. @throws CFG_* */
export async function renewRoot(file: string): Promise<string> {
  const loaded = await loadHub(file);
  const { config, configDir } = loaded;
  const store = await openHubStore(loaded);
  const place = { dataDir: config.dataDir, secret: config.trust?.key, configDir };
  const root = await renewRootKey(store, place, Date.now()).finally(() => store.close());
  return root.fingerprint;
}
