/** `kerbwatch bench`: the table of what is measured, each figure beside its ceiling of the same run. */
import { type Command, InvalidArgumentError } from 'commander';

type BenchArguments = {
  readonly only?: string[];
  readonly against?: string;
  readonly json: boolean;
  readonly cameras: number;
  readonly minutes?: number;
  readonly hours?: number;
};

/** The largest fleet of one node, as its configuration bounds it. */
const MOST_CAMERAS = 256;

function above(least: number, most: number, whole: boolean) {
  return (text: string): number => {
    const value = Number(text);
    if (value >= least && value <= most && (!whole || Number.isInteger(value))) return value;
    throw new InvalidArgumentError(`${whole ? 'a whole number' : 'a number'} from ${least} to ${most} is wanted.`);
  };
}

async function bench(options: BenchArguments): Promise<void> {
  const { benchIds, runBench } = await import('../../bench/main.ts');
  const unknown = options.only?.filter((id) => !benchIds.includes(id)) ?? [];
  if (unknown.length > 0) {
    const { AppError } = await import('../../platform/app-error.ts');
    throw new AppError('CFG_INVALID', `--only ${unknown.join(',')}: the figures are ${benchIds.join(', ')}`);
  }
  const { only = null, against = null, json, cameras, minutes = null, hours = null } = options;
  await runBench({ only, against, json, cameras, minutes, hours });
}

export function registerBench(program: Command): void {
  program
    .command('bench')
    .description('measure this machine: each figure beside its ceiling of the same run')
    .option('--only <ids>', 'some figures, e.g. P1,P6', (text) => text.toUpperCase().split(','))
    .option('--against <folder>', 'run another built checkout in the same rounds')
    .option('--cameras <n>', 'P4, P9: street cameras', above(1, MOST_CAMERAS, true), 145)
    .option('--minutes <m>', 'P4: minutes of each run (default: 1, three rounds)', above(0.2, 600, false))
    .option('--hours <h>', 'P10: hours (default: five minutes)', above(0.01, 72, false))
    .option('--json', 'print JSON on stdout', false)
    .action((options: BenchArguments) => bench(options));
}
