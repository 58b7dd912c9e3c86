/** `kerbwatch camera`: what a camera sends, with a still to draw zones on, and what it remembers of its street. */
import { type Command, InvalidArgumentError } from 'commander';
import { aspectRatio } from '../../edge/domain/aspect.ts';
import { print } from '../support/print.ts';

type ProbeArguments = {
  readonly user?: string;
  readonly password?: string;
  readonly transport: string;
  readonly save?: string;
  readonly timeout: string;
  readonly aspect?: number;
  readonly json?: boolean;
};

function aspectOf(text: string): number {
  const ratio = aspectRatio(text);
  if (ratio === null) throw new InvalidArgumentError('Width over height, e.g. 16:9, or a number from 0.2 to 5.');
  return ratio;
}

async function probe(url: string, options: ProbeArguments): Promise<void> {
  const [{ probeCamera, refuseUnsaved, saveStill }, { describeProbe }, { readSecret }] = await Promise.all([
    import('../../edge/pipeline/probe-camera.ts'),
    import('../../edge/source/probe/describe.ts'),
    import('../../platform/secret.ts'),
  ]);
  const password = options.password ? await readSecret(options.password) : '';
  const probed = await probeCamera(url, {
    credentials: options.user ? { user: options.user, password } : null,
    transport: options.transport === 'udp' ? 'udp' : 'tcp',
    timeoutMs: Math.max(1, Number(options.timeout) || 20) * 1000,
    aspect: options.aspect ?? null,
  });
  const found = options.save ? await saveStill(probed, options.save) : probed.probe;
  print(options.json, found, describeProbe(found));
  if (options.save) refuseUnsaved(found);
}

type MemoryArguments = {
  readonly config: string;
  readonly camera: string;
  readonly forget?: boolean;
  readonly zone?: string;
  readonly restore?: boolean;
  readonly json?: boolean;
};

async function memory({ config, camera, forget, zone, restore, json }: MemoryArguments): Promise<void> {
  const { changeMemory, describeMemory, savedMemory } = await import('../../edge/memory-file.ts');
  const place = { config, camera };
  const part = zone === undefined ? {} : { zone };
  const map = forget
    ? await changeMemory(place, { command: 'memory-reset', camera, ...part }, Date.now())
    : restore
      ? await changeMemory(place, { command: 'memory-restore', camera }, Date.now())
      : await savedMemory(place);
  print(json, map, describeMemory(map));
}

/** Adds the command to the program. */
export function registerCamera(program: Command): void {
  const camera = program.command('camera').description('examine a camera');
  camera
    .command('probe')
    .description('codec, size, rate and keyframe interval of a camera or file')
    .argument('<url>', 'rtsp(s)://, http(s):// or a file; user and password belong into the options')
    .option('--user <name>', 'user of the camera')
    .option('--password <reference>', 'file:/path or env:NAME, never the password itself')
    .option('--transport <tcp|udp>', 'RTSP transport', 'tcp')
    .option(
      '--aspect <w:h>',
      'width over height of the picture as it must be shown, where the stream does not say it',
      aspectOf,
    )
    .option('--save <file.jpg>', 'write a full-size still, for drawing zones')
    .option('--timeout <seconds>', 'give up after', '20')
    .option('--json', 'print JSON on stdout')
    .action(probe);
  camera
    .command('memory')
    .description('where its detector draws boxes for nothing, and where more is asked of a stall')
    .requiredOption('--config <file>', 'edge configuration (YAML)')
    .requiredOption('--camera <id>', 'camera of that configuration')
    .option('--forget', 'begin anew; the node must not be running')
    .option('--zone <id>', 'with --forget: only within this zone')
    .option('--restore', 'bring back what was forgotten last; the node must not be running')
    .option('--json', 'print JSON on stdout')
    .action(memory);
}
