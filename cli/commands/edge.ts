/** `kerbwatch edge`: runs one edge node until it is told to stop. */
import { resolve } from 'node:path';
import type { Command } from 'commander';

/** Evidence, outbox and keys are for this user alone, whatever the unit or the shell says. */
const OWN_FILES = 0o077;

function stopSignal(): Promise<'stop'> {
  return new Promise((done) => {
    // Once only: a second Ctrl-C ends the process the hard way, which the outbox is made for.
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => done('stop'));
  });
}

async function runEdge(file: string): Promise<void> {
  const [{ startEdge }, { readEdgeConfig }, { createLog }, { systemClock }] = await Promise.all([
    import('../../edge/main.ts'),
    import('../support/read-config.ts'),
    import('../../platform/log.ts'),
    import('../../platform/clock.ts'),
  ]);
  process.umask(OWN_FILES);
  const stopped = stopSignal();
  let { config, configDir } = await readEdgeConfig(file);
  for (;;) {
    const level = process.env.KERBWATCH_LOG ?? config.log;
    const log = createLog(level ? { level } : {});
    const reload = async () => {
      ({ config, configDir } = await readEdgeConfig(file));
    };
    const edge = await startEdge(config, { log, clock: systemClock, configDir, reload });
    const reason = await Promise.race([stopped, edge.reloadAsked]);
    log.info(reason === 'stop' ? 'stopping' : 'starting over with a new configuration');
    await edge.close();
    if (reason === 'stop') return;
  }
}

/** The node's public key, for registering it; made when there is none yet. Needs nothing else of the node. */
async function printPublicKey(file: string, json: boolean): Promise<void> {
  const [{ EdgeConfig }, { loadConfig }, { loadOrCreateKey }, { keyFile }] = await Promise.all([
    import('../../edge/config.ts'),
    import('../../platform/load-config.ts'),
    import('../../platform/signing.ts'),
    import('../../edge/key-file.ts'),
  ]);
  process.umask(OWN_FILES);
  const config = await loadConfig(EdgeConfig, file);
  const { publicKeyPem } = await loadOrCreateKey(keyFile(resolve(file, '..', config.dataDir)));
  process.stdout.write(json ? `${JSON.stringify({ node: config.node, publicKey: publicKeyPem })}\n` : publicKeyPem);
}

export function registerEdge(program: Command): void {
  program
    .command('edge')
    .description('run one edge node: cameras, rules, evidence, uplink')
    .requiredOption('--config <file>', 'edge configuration (YAML)')
    .option('--public-key', 'print the node’s public key, for `kerbwatch node add`, and end; makes the key if need be')
    .option('--json', 'with --public-key: print JSON on stdout', false)
    .action((options: { config: string; publicKey?: boolean; json: boolean }) =>
      options.publicKey ? printPublicKey(options.config, options.json) : runEdge(options.config),
    );
}
