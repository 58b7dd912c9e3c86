// `kerbwatch scenes`: renders ground-truthed scene clips from seeds.
import { type Command, InvalidArgumentError, Option } from 'commander';
import { planClip, planEncoding, sceneKinds } from '../../test-media/scenes/plan.ts';
import type { SceneKind } from '../../test-media/scenes/types.ts';

interface ScenesOptions {
  seed: number;
  count: number;
  kinds: SceneKind[];
  out: string;
  fps: number;
  seconds?: number;
  size: { width: number; height: number };
  codec: 'mixed' | 'h264';
  json?: boolean;
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError('a whole number is needed');
  return value;
}

function positiveNumber(text: string): number {
  const value = wholeNumber(text);
  if (value === 0) throw new InvalidArgumentError('a number above zero is needed');
  return value;
}

function kindList(text: string): SceneKind[] {
  return text.split(',').map((name) => {
    const kind = sceneKinds.find((known) => known === name.trim());
    if (kind === undefined) throw new InvalidArgumentError(`known kinds: ${sceneKinds.join(', ')}`);
    return kind;
  });
}

function frameSize(text: string): { width: number; height: number } {
  const [width = 0, height = 0] = text.split('x').map(Number);
  const usable = [width, height].every((side) => Number.isInteger(side) && side >= 64 && side % 2 === 0);
  if (!usable) throw new InvalidArgumentError('WIDTHxHEIGHT with even numbers, such as 960x540');
  return { width, height };
}

async function renderScenes(options: ScenesOptions): Promise<string[]> {
  const { launchScenes } = await import('../../test-media/scenes/browser.ts');
  const { canWriteH265, renderClip } = await import('../../test-media/scenes/render.ts');
  const { findFfmpeg } = await import('../../platform/find-ffmpeg.ts');
  const { path: ffmpeg } = await findFfmpeg();
  const h265 = options.codec === 'h264' ? false : await canWriteH265(ffmpeg);
  const browser = await launchScenes(options.size);
  const names: string[] = [];
  try {
    for (let i = 0; i < options.count; i++) {
      const seed = options.seed + i;
      const kind = options.kinds[i % options.kinds.length] ?? 'none';
      const name = `${kind}-${seed}`;
      const spec = planClip(kind, seed, options.seconds);
      const { fps, out, size } = options;
      const encoding = planEncoding(seed, h265);
      await renderClip(browser, { name, spec, cameraId: `scene-${seed}`, fps, out, size, encoding, ffmpeg });
      if (!options.json) process.stdout.write(`${name}.mp4\n`);
      names.push(`${name}.mp4`);
    }
  } finally {
    await browser.close();
  }
  return names;
}

export function registerScenes(program: Command): void {
  program
    .command('scenes')
    .description('render ground-truthed scene clips; the same seed gives the same clip and truth')
    .requiredOption('--seed <number>', 'seed of the first clip; the next ones count up', wholeNumber)
    .requiredOption('--count <number>', 'how many clips', positiveNumber)
    .option('--kinds <list>', 'comma-separated kinds, taken in turn', kindList, [...sceneKinds])
    .requiredOption('--out <dir>', 'folder for the clips and their truth')
    .option('--fps <number>', 'frames a second', positiveNumber, 5)
    .option('--seconds <number>', 'length of a clip; by default as long as its story, 44 to 52', positiveNumber)
    .option('--size <WxH>', 'frame size', frameSize, { width: 640, height: 360 })
    .addOption(
      new Option('--codec <name>', 'some clips are H.265 where FFmpeg can write it')
        .choices(['mixed', 'h264'])
        .default('mixed'),
    )
    .option('--json', 'print one JSON object')
    .action(async (options: ScenesOptions) => {
      const clips = await renderScenes(options);
      if (options.json) process.stdout.write(`${JSON.stringify({ out: options.out, clips })}\n`);
    });
}
