/** `kerbwatch edge`: runs one edge node until it is told to stop. */
import { dirname, resolve } from 'node:path';
import type { Command } from 'commander';

function stopSignal(): Promise<'stop'> {
  return new Promise((done) => {
    // Once only: a second Ctrl-C ends the process the hard way, which the outbox is made for.
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => done('stop'));
  });
}

async function runEdge(file: string): Promise<void> {
  const [{ EdgeConfig }, { startEdge }, { loadConfig }, { createLog }, { systemClock }] = await Promise.all([
    import('../../edge/config.ts'),
    import('../../edge/main.ts'),
    import('../../platform/load-config.ts'),
    import('../../platform/log.ts'),
    import('../../platform/clock.ts'),
  ]);
  const configDir = dirname(resolve(file));
  const stopped = stopSignal();
  let config = await loadConfig(EdgeConfig, file);
  for (;;) {
    const level = process.env.KERBWATCH_LOG ?? config.log;
    const log = createLog(level ? { level } : {});
    const reload = async () => {
      config = await loadConfig(EdgeConfig, file);
    };
    const edge = await startEdge(config, { log, clock: systemClock, configDir, reload });
    const reason = await Promise.race([stopped, edge.reloadAsked]);
    log.info(reason === 'stop' ? 'stopping' : 'starting over with a new configuration');
    await edge.close();
    if (reason === 'stop') return;
  }
}

export function registerEdge(program: Command): void {
  program
    .command('edge')
    .description('run one edge node: cameras, rules, evidence, uplink')
    .requiredOption('--config <file>', 'edge configuration (YAML)')
    .action((options: { config: string }) => runEdge(options.config));
}
