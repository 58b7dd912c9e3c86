/** `kerbwatch demo`: hub, broker, console and an edge node on the shipped clips. */
import { type Command, InvalidArgumentError } from 'commander';

function portOf(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new InvalidArgumentError('a number from 0 to 65535');
  return port;
}

export function registerDemo(program: Command): void {
  const command = program
    .command('demo')
    .description('the whole line on the shipped clips: broker, hub, console and an edge node')
    .option('--once', 'play each clip once as fast as possible, wait until the hub has everything, print a summary')
    .option('--json', 'with --once: print one JSON object on stdout')
    .option('--port <port>', 'port of the console (0 = any free one)', portOf, 8080);
  command.action(async (options: { once?: boolean; json?: boolean; port: number }) => {
    // Without this, who forgot --once would wait for ever for one line of JSON.
    if (options.json && !options.once) command.error('error: --json goes with --once');
    const { runDemo, runDemoOnce } = await import('../../demo/run.ts');
    process.umask(0o077);
    if (!options.once) {
      await runDemo({ port: options.port });
      return;
    }
    const summary = await runDemoOnce();
    process.stdout.write(options.json ? `${JSON.stringify(summary)}\n` : `${JSON.stringify(summary, null, 2)}\n`);
    if (summary.lost > 0) process.exitCode = 1;
  });
}
