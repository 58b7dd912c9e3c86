/** `kerbwatch demo`: hub, broker, console and an edge node on the shipped clips. */
import type { Command } from 'commander';
import { numberFrom } from '../support/option-values.ts';
import { print } from '../support/print.ts';

type DemoArguments = { readonly once?: boolean; readonly json?: boolean; readonly port: number };

async function demo({ once, json, port }: DemoArguments, command: Command): Promise<void> {
  // Without this, who forgot --once would wait for ever for one line of JSON.
  if (json && !once) command.error('error: --json goes with --once');
  const { runDemo, runDemoOnce } = await import('../../demo/run.ts');
  process.umask(0o077);
  if (!once) return runDemo({ port });
  const summary = await runDemoOnce();
  print(json, summary, `${JSON.stringify(summary, null, 2)}\n`);
  if (summary.lost > 0) process.exitCode = 1;
}

/** Adds the command to the program. */
export function registerDemo(program: Command): void {
  program
    .command('demo')
    .description('the whole line on the shipped clips: broker, hub, console and an edge node')
    .option('--once', 'play each clip once as fast as possible, wait until the hub has everything, print a summary')
    .option('--json', 'with --once: print one JSON object on stdout')
    .option('--port <port>', 'port of the console (0 = any free one)', numberFrom(0, 65_535, true), 8080)
    .action(demo);
}
