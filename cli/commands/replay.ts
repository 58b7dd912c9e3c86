/** `kerbwatch replay`: a recording through the whole edge line; prints the signed events. */
import { dirname, resolve } from 'node:path';
import type { Command } from 'commander';
import type { ViolationEvent } from '../../contracts/event.ts';

type ReplayArguments = {
  readonly config: string;
  readonly camera: string;
  readonly json: boolean;
  readonly data?: string;
};

function describeEvent(event: ViolationEvent): string {
  const score = event.score.toFixed(2);
  return `${event.at}  ${event.phase.padEnd(6)} ${event.kind.padEnd(12)} ${event.zone}  score ${score}  ${event.evidence.length} stills  ${event.id} rev ${event.rev}`;
}

async function replay(clip: string, options: ReplayArguments): Promise<void> {
  const [
    { EdgeConfig },
    { replayClip },
    { createModelChoice },
    { loadConfig },
    { createLog },
    { AppError },
    { readCalendar },
  ] = await Promise.all([
    import('../../edge/config.ts'),
    import('../../edge/replay.ts'),
    import('../../edge/models/model-folder.ts'),
    import('../../platform/load-config.ts'),
    import('../../platform/log.ts'),
    import('../../platform/app-error.ts'),
    import('../../platform/calendar.ts'),
  ]);
  const config = await loadConfig(EdgeConfig, options.config);
  const camera = config.cameras.find(({ id }) => id === options.camera);
  if (!camera) {
    const message = `no camera has the id ${options.camera}; there are ${config.cameras.map(({ id }) => id).join(', ')}`;
    throw new AppError('CFG_INVALID', options.config, { faults: [{ path: 'cameras', message }] });
  }
  const result = await replayClip({
    clip: resolve(clip),
    camera,
    node: config.node,
    modelDir: await createModelChoice(config, dirname(resolve(options.config)))(camera),
    calendar: await readCalendar(config.calendar, dirname(resolve(options.config))),
    ...(options.data ? { dataDir: resolve(options.data) } : {}),
    log: createLog({ level: process.env.KERBWATCH_LOG ?? 'warn' }),
  });
  for (const event of result.events) {
    process.stdout.write(`${options.json ? JSON.stringify(event) : describeEvent(event)}\n`);
  }
  const seconds = (result.wallMs / 1000).toFixed(1);
  const { files, bytes } = result.evidence;
  process.stderr.write(
    `${result.events.length} events, ${result.frames} frames, ${result.inferred} looked at by the model, ${files} stills (${bytes} bytes), ${seconds} s\n`,
  );
}

export function registerReplay(program: Command): void {
  program
    .command('replay')
    .description('play a recording through the whole edge line; the same input gives the same bytes')
    .argument('<clip>', 'video file')
    .requiredOption('--config <file>', 'edge configuration (YAML)')
    .requiredOption('--camera <id>', 'camera whose zones, cadence and model are used')
    .option('--json', 'print each event as one line of JSON', false)
    .option('--data <folder>', 'keep outbox and evidence in this folder')
    .action((clip: string, options: ReplayArguments) => replay(clip, options));
}
