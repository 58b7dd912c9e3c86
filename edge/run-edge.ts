/** One node from its configuration file until it is told to stop; a new configuration from the hub starts it over. */
import { systemClock } from '../platform/clock.ts';
import { createLog } from '../platform/log.ts';
import { stopSignal } from '../platform/stop-signal.ts';
import { startEdge } from './main.ts';
import { readEdgeConfig } from './read-config.ts';

/** @param file the configuration (YAML). @throws CFG_*, EDGE_* of the start */
export async function runEdge(file: string): Promise<void> {
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
