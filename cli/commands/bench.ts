/** `kerbwatch bench`: the table of what is measured, each figure beside its ceiling of the same run. */
import type { Command } from 'commander';

export function registerBench(program: Command): void {
  program
    .command('bench')
    .description('measure this machine: each figure beside its ceiling of the same run')
    .option('--only <ids>', 'some figures, e.g. P1,P6')
    .option('--json', 'print JSON on stdout')
    .action(async (options: { only?: string; json?: boolean }) => {
      const { runBench } = await import('../../bench/main.ts');
      await runBench({ only: options.only?.split(',') ?? null, json: options.json ?? false });
    });
}
