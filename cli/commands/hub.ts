/** `kerbwatch hub`: runs the hub until it is told to stop, or makes its first administrator. */
import type { Command } from 'commander';
import { askPassword } from '../support/ask-password.ts';

async function loadHub(file: string) {
  const [{ readHubConfig }, { createLog }] = await Promise.all([
    import('../support/read-config.ts'),
    import('../../platform/log.ts'),
  ]);
  // Database, evidence and keys are for this user alone, whatever the unit or the shell says.
  process.umask(0o077);
  const { config, configDir } = await readHubConfig(file);
  const level = process.env.KERBWATCH_LOG ?? config.log;
  return { config, log: createLog(level ? { level } : {}), configDir };
}

async function openHubStore({ config, log, configDir }: Awaited<ReturnType<typeof loadHub>>) {
  const [{ openStore }, { readSecret }] = await Promise.all([
    import('../../hub/storage/store.ts'),
    import('../../platform/secret.ts'),
  ]);
  const password = config.databasePassword ? await readSecret(config.databasePassword, configDir) : undefined;
  const url = config.database ?? 'sqlite:data/hub.db';
  return openStore(url, { log, ...(password === undefined ? {} : { password }) });
}

async function makeAdmin(file: string, name: string): Promise<void> {
  const loaded = await loadHub(file);
  const [{ upsertUser }, { refuseWeakPassword }, { UserBody }, { faultsOf }, { AppError }] = await Promise.all([
    import('../../hub/registry/users.ts'),
    import('../../hub/registry/password-rule.ts'),
    import('../../contracts/api/registry.ts'),
    import('../../platform/validate.ts'),
    import('../../platform/app-error.ts'),
  ]);
  const body = {
    name,
    displayName: name,
    role: 'admin' as const,
    password: await askPassword(`Password of ${name}: `),
  };
  const faults = faultsOf(UserBody, body);
  if (faults.length > 0) throw new AppError('API_VALIDATION', name, { faults });
  if (!loaded.config.demo) refuseWeakPassword(name, body.password);
  const store = await openHubStore(loaded);
  await upsertUser(store, body).finally(() => store.close());
  process.stderr.write(`administrator ${name} is ready\n`);
}

async function renewRoot(file: string): Promise<void> {
  const loaded = await loadHub(file);
  const { config, configDir } = loaded;
  const { renewRootKey } = await import('../../hub/registry/root-key.ts');
  const store = await openHubStore(loaded);
  const place = { dataDir: config.dataDir, secret: config.trust?.key, configDir };
  const root = await renewRootKey(store, place, Date.now()).finally(() => store.close());
  process.stderr.write(`root of trust from now on: ${root.fingerprint}\n`);
}

async function runHub(file: string): Promise<void> {
  const { config, log, configDir } = await loadHub(file);
  const [{ startHub }, { systemClock }, { hasAdmin }, { AppError, describeError }] = await Promise.all([
    import('../../hub/main.ts'),
    import('../../platform/clock.ts'),
    import('../../hub/storage/users.ts'),
    import('../../platform/app-error.ts'),
  ]);
  const stopped = new Promise<void>((done) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => done());
  });
  const hub = await startHub(config, { log, clock: systemClock, configDir });
  // Events are taken all the same; only nobody can look at them yet.
  if (!(await hasAdmin(hub.store.db))) log.warn(describeError(new AppError('HUB_NO_ADMIN', 'nobody can log in')));
  await stopped;
  log.info('stopping');
  await hub.close();
}

export function registerHub(program: Command): void {
  program
    .command('hub')
    .description('run the hub: broker, ingest, cases, API and console')
    .requiredOption('--config <file>', 'hub configuration (YAML)')
    .option('--create-admin <name>', 'make an administrator (the password is asked for) and end')
    .option('--renew-root', 'begin a new root of trust where every copy of the root key is lost, and end')
    .action((options: { config: string; createAdmin?: string; renewRoot?: boolean }) => {
      if (options.renewRoot) return renewRoot(options.config);
      return options.createAdmin === undefined
        ? runHub(options.config)
        : makeAdmin(options.config, options.createAdmin);
    });
}
