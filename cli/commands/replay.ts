/** `kerbwatch replay`: a recording through the whole edge line; prints the signed events. */
import type { Command } from 'commander';
import { print } from '../support/print.ts';

type ReplayArguments = {
  readonly config: string;
  readonly camera: string;
  readonly json: boolean;
  readonly data?: string;
};

async function replay(clip: string, options: ReplayArguments): Promise<void> {
  const { describeEvent, describeReplay, replayFile } = await import('../../edge/replay-file.ts');
  const played = await replayFile(clip, options);
  for (const event of played.events) print(options.json, event, `${describeEvent(event)}\n`);
  process.stderr.write(`${describeReplay(played)}\n`);
}

/** Adds the command to the program. */
export function registerReplay(program: Command): void {
  program
    .command('replay')
    .description('play a recording through the whole edge line; the same input gives the same bytes')
    .argument('<clip>', 'video file')
    .requiredOption('--config <file>', 'edge configuration (YAML)')
    .requiredOption('--camera <id>', 'camera whose zones, cadence and model are used')
    .option('--json', 'print each event as one line of JSON', false)
    .option('--data <folder>', 'keep outbox and evidence in this folder')
    .action(replay);
}
