/** `kerbwatch models`: which models there are, their licences and figures; fetch, verify, time and adapt them. */
import type { Command } from 'commander';
import { printRows } from '../support/print.ts';
import { registerAdapt } from './adapt.ts';

type ListArguments = { readonly json: boolean; readonly models?: string };
type AcceptingArguments = ListArguments & { readonly acceptLicence: readonly string[] };
type PullArguments = AcceptingArguments & { readonly from?: string; readonly sha256?: string };

const progress = (line: string) => void process.stderr.write(`${line}\n`);

async function list(options: ListArguments): Promise<void> {
  const { modelRows } = await import('../../edge/models/model-rows.ts');
  await printRows(options.json, modelRows(options));
}

async function pull(name: string | undefined, options: PullArguments): Promise<void> {
  const { pullRows } = await import('../../edge/models/model-rows.ts');
  const rows = await printRows(options.json, pullRows(name, { ...options, progress }));
  if (rows.some((row) => 'fault' in row)) process.exitCode = 1;
}

async function verify(name: string | undefined, options: AcceptingArguments): Promise<void> {
  const { verifyRows } = await import('../../edge/inference/model-rows.ts');
  const rows = await printRows(options.json, verifyRows(name, options));
  if (rows.some(({ state }) => state === 'bad')) process.exitCode = 1;
}

async function bench(
  name: string | undefined,
  options: AcceptingArguments & { readonly frames: number },
): Promise<void> {
  const { timingRows } = await import('../../edge/inference/model-rows.ts');
  if (!options.json) process.stdout.write('model  threads  frame, preprocessing, boxes: min / median / p95, ms\n');
  await printRows(options.json, timingRows(name, options));
}

/** Adds the commands to the program. */
export function registerModels(program: Command): void {
  const models = program.command('models').description('models with licence, hash and measured accuracy');
  const sub = (usage: string, description: string) =>
    models
      .command(usage)
      .description(description)
      .option('--models <folder>', 'folder of models (default: the one that comes with the program)')
      .option('--json', 'print one JSON array', false)
      .exitOverride();
  const accepting = (usage: string, description: string) =>
    sub(usage, description).option(
      '--accept-licence <spdx...>',
      'licences beyond the permissive ones that you have read and accept',
      [],
    );
  sub('list', 'what is there').action(list);
  accepting('pull [name]', 'fetch weights; without a name all that are missing')
    .option('--from <place>', 'a folder, or an http(s) address (default: the card’s)')
    .option('--sha256 <hash>', 'what the file must hash to, where the card does not say')
    .action(pull);
  accepting('verify [name]', 'card, licence, hash, load and shapes: every fault at once').action(verify);
  accepting('bench [name]', 'time a frame on this machine, with one and two threads')
    .option('--frames <n>', 'runs to measure', Number, 50)
    .action(bench);
  registerAdapt(models);
}
