/** `kerbwatch scenes`: renders ground-truthed scene clips from seeds. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { sceneKinds } from '../../test-media/scenes/plan.ts';
import type { ClipOrder } from '../../test-media/scenes/render-clips.ts';
import type { SceneKind } from '../../test-media/scenes/types.ts';
import { numberFrom } from '../support/option-values.ts';
import { print } from '../support/print.ts';

const MAX_SEED = Number.MAX_SAFE_INTEGER;

function kindList(text: string): SceneKind[] {
  return text.split(',').map((name) => {
    const kind = sceneKinds.find((known) => known === name.trim());
    if (kind === undefined) throw new InvalidArgumentError(`known kinds: ${sceneKinds.join(', ')}`);
    return kind;
  });
}

function frameSize(text: string): ClipOrder['size'] {
  const [width = 0, height = 0] = text.split('x').map(Number);
  const usable = [width, height].every((side) => Number.isInteger(side) && side >= 64 && side % 2 === 0);
  if (!usable) throw new InvalidArgumentError('WIDTHxHEIGHT with even numbers, such as 960x540');
  return { width, height };
}

async function scenes({ json, ...order }: ClipOrder & { readonly json?: boolean }): Promise<void> {
  const { renderClips } = await import('../../test-media/scenes/render-clips.ts');
  const clips: string[] = [];
  for await (const clip of renderClips(order)) {
    clips.push(clip);
    if (!json) print(false, clip, `${clip}\n`);
  }
  if (json) print(true, { out: order.out, clips }, '');
}

/** Adds the command to the program. */
export function registerScenes(program: Command): void {
  program
    .command('scenes')
    .description('render ground-truthed scene clips; the same seed gives the same clip and truth')
    .requiredOption('--seed <number>', 'seed of the first clip; the next ones count up', numberFrom(0, MAX_SEED, true))
    .requiredOption('--count <number>', 'how many clips', numberFrom(1, MAX_SEED, true))
    .option('--kinds <list>', 'comma-separated kinds, taken in turn', kindList, [...sceneKinds])
    .requiredOption('--out <dir>', 'folder for the clips and their truth')
    .option('--fps <number>', 'frames a second', numberFrom(1, MAX_SEED, true), 5)
    .option(
      '--seconds <number>',
      'length of a clip; by default as long as its story, 44 to 52',
      numberFrom(1, MAX_SEED, true),
    )
    .option('--size <WxH>', 'frame size', frameSize, { width: 640, height: 360 })
    .addOption(
      new Option('--codec <name>', 'some clips are H.265 where FFmpeg can write it')
        .choices(['mixed', 'h264'])
        .default('mixed'),
    )
    .option('--json', 'print one JSON object')
    .action(scenes);
}
