/** `npm run dev`: hub, a node that plays the demo's clips in a loop, and the console with hot reload before them. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startDemo } from '../../demo/run.ts';
import { packageRoot } from '../../platform/paths.ts';
import { stopSignal } from '../../platform/stop-signal.ts';

const { values } = parseArgs({ options: { port: { type: 'string', default: '5173' } } });
const stopped = stopSignal();
const demo = await startDemo({ port: 0 });
const program = join(packageRoot(), 'node_modules', 'vite', 'bin', 'vite.js');
const config = join(packageRoot(), 'hub', 'console', 'vite.config.ts');
const args = ['--config', config, '--host', '127.0.0.1', '--port', values.port];
// A process of its own: it would end this one on SIGTERM before hub and node are closed.
const console = spawn(process.execPath, [program, ...args], {
  stdio: ['ignore', 'inherit', 'inherit'],
  env: { ...process.env, KERBWATCH_HUB: demo.hub.url },
});
const ended = once(console, 'exit');
process.stdout.write(
  `\n  Hub ${demo.hub.url}; the console with hot reload is served below. Ctrl-C stops all.\n${demo.logins}\n`,
);
if ((await Promise.race([stopped, ended])) !== 'stop') process.exitCode = 1;
console.kill();
await ended;
await demo.close();
