/** `kerbwatch bench`: the table of what is measured, each figure beside its ceiling of the same run. */
import type { Command } from 'commander';
import { numberFrom } from '../support/option-values.ts';

type BenchArguments = {
  readonly only?: string[];
  readonly against?: string;
  readonly json: boolean;
  readonly cameras: number;
  readonly minutes?: number;
  readonly hours?: number;
};

/** The largest fleet of one node, as its configuration bounds it. */
const MAX_CAMERAS = 256;

async function bench({ only, against, minutes, hours, ...rest }: BenchArguments): Promise<void> {
  const { runBench } = await import('../../bench/main.ts');
  const limits = { minutes: minutes ?? null, hours: hours ?? null };
  await runBench({ only: only ?? null, against: against ?? null, ...limits, ...rest });
}

/** Adds the command to the program. */
export function registerBench(program: Command): void {
  program
    .command('bench')
    .description('measure this machine: each figure beside its ceiling of the same run')
    .option('--only <ids>', 'some figures, e.g. P1,P6', (text) => text.toUpperCase().split(','))
    .option('--against <folder>', 'run another built checkout in the same rounds')
    .option('--cameras <n>', 'P4, P9: street cameras', numberFrom(1, MAX_CAMERAS, true), 145)
    .option('--minutes <m>', 'P4: minutes of each run (default: 1, three rounds)', numberFrom(0.2, 600))
    .option('--hours <h>', 'P10: hours (default: five minutes)', numberFrom(0.01, 72))
    .option('--json', 'print JSON on stdout', false)
    .action(bench);
}
