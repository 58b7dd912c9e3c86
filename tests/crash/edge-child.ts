/** An edge node that plays its cameras' files once, to be killed: the real composition root, no hub to talk to. */
import { EdgeConfig } from '../../edge/config.ts';
import { startEdge } from '../../edge/main.ts';
import { systemClock } from '../../platform/clock.ts';
import { loadConfig } from '../../platform/load-config.ts';
import { createLog } from '../../platform/log.ts';

const [file = '', folder = '', startAt = '0'] = process.argv.slice(2);
await startEdge(await loadConfig(EdgeConfig, file), {
  log: createLog({ level: 'warn' }),
  clock: systemClock,
  configDir: folder,
  sourceMode: 'replay',
  startAt: Number(startAt),
});
