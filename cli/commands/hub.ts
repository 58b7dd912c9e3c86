/** `kerbwatch hub`: runs the hub until it is told to stop, or makes its first administrator. */
import { dirname, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { Command } from 'commander';

/** Without echo on a terminal; from a pipe, the first line. */
async function askPassword(prompt: string): Promise<string> {
  const { stdin, stderr } = process;
  const lines = createInterface({ input: stdin, terminal: false });
  try {
    if (!stdin.isTTY) {
      for await (const line of lines) return line;
      return '';
    }
    stderr.write(prompt);
    stdin.setRawMode(true);
    let typed = '';
    for await (const chunk of stdin) {
      for (const sign of String(chunk)) {
        if (sign === '\r' || sign === '\n') return typed;
        if (sign === '\u0003') process.exit(130);
        typed = sign === '\u007f' ? typed.slice(0, -1) : typed + sign;
      }
    }
    return typed;
  } finally {
    if (stdin.isTTY) stdin.setRawMode(false);
    stderr.write('\n');
    lines.close();
    stdin.pause();
  }
}

async function loadHub(file: string) {
  const [{ HubConfig }, { loadConfig }, { createLog }] = await Promise.all([
    import('../../hub/config.ts'),
    import('../../platform/load-config.ts'),
    import('../../platform/log.ts'),
  ]);
  const config = await loadConfig(HubConfig, file);
  const level = process.env.KERBWATCH_LOG ?? config.log;
  return { config, log: createLog(level ? { level } : {}), configDir: dirname(resolve(file)) };
}

async function makeAdmin(file: string, name: string): Promise<void> {
  const { config, log, configDir } = await loadHub(file);
  const [{ openStore }, { upsertUser }, { readSecret }, { UserBody }, { faultsOf }, { AppError }, { passwordFaults }] =
    await Promise.all([
      import('../../hub/storage/store.ts'),
      import('../../hub/registry/users.ts'),
      import('../../platform/secret.ts'),
      import('../../contracts/api/registry.ts'),
      import('../../platform/validate.ts'),
      import('../../platform/app-error.ts'),
      import('../../hub/registry/registry-faults.ts'),
    ]);
  const body = {
    name,
    displayName: name,
    role: 'admin' as const,
    password: await askPassword(`Password of ${name}: `),
  };
  const faults = [...faultsOf(UserBody, body), ...passwordFaults(name, body.password)];
  if (faults.length > 0) throw new AppError('API_VALIDATION', name, { faults });
  const password = config.databasePassword ? await readSecret(config.databasePassword, configDir) : undefined;
  const url = config.database ?? 'sqlite:data/hub.db';
  const store = await openStore(url, { log, ...(password === undefined ? {} : { password }) });
  await upsertUser(store, body).finally(() => store.close());
  process.stderr.write(`administrator ${name} is ready\n`);
}

async function runHub(file: string): Promise<void> {
  const { config, log, configDir } = await loadHub(file);
  const [{ startHub }, { systemClock }, { hasAdmin }, { AppError, describeError }] = await Promise.all([
    import('../../hub/main.ts'),
    import('../../platform/clock.ts'),
    import('../../hub/registry/users.ts'),
    import('../../platform/app-error.ts'),
  ]);
  const stopped = new Promise<void>((done) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => done());
  });
  const hub = await startHub(config, { log, clock: systemClock, configDir });
  // Events are taken all the same; only nobody can look at them yet.
  if (!(await hasAdmin(hub.store))) log.warn(describeError(new AppError('HUB_NO_ADMIN', 'nobody can log in')));
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
    .action((options: { config: string; createAdmin?: string }) =>
      options.createAdmin === undefined ? runHub(options.config) : makeAdmin(options.config, options.createAdmin),
    );
}
