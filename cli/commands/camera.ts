/** `kerbwatch camera probe URL`: what a camera sends, and a still to draw zones on. */
import { resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { aspectRatio } from '../../edge/domain/aspect.ts';
import type { CameraProbe } from '../../edge/source/probe/facts.ts';

type Options = {
  user?: string;
  password?: string;
  transport: string;
  save?: string;
  timeout: string;
  aspect?: number;
  json?: boolean;
};

function aspectOf(text: string): number {
  const ratio = aspectRatio(text);
  if (ratio === null) throw new InvalidArgumentError('Width over height, e.g. 16:9, or a number from 0.2 to 5.');
  return ratio;
}

function keyframes(probe: CameraProbe): string {
  const { keyframeSeconds, keyframes: seen, firstKeyframeSeconds, watchedSeconds } = probe;
  if (seen === 0) return `none within ${watchedSeconds} s`;
  const first = firstKeyframeSeconds ? `, the first after ${firstKeyframeSeconds} s` : '';
  return `${keyframeSeconds === null ? `one within ${watchedSeconds} s` : `each ${keyframeSeconds} s`}${first}`;
}

function rate({ fps, fpsMeasured }: CameraProbe): string {
  const measured = fpsMeasured === null ? '' : `${fpsMeasured} measured`;
  if (fps === null) return measured ? `not said, ${measured}` : 'not said';
  return `${fps} frames/s${measured ? `, ${measured}` : ''}`;
}

/** How the coded picture becomes the shown one, where the two differ. */
function coding({ coded, pixelAspect, rotation, width, height }: CameraProbe): string | null {
  if (!coded || (coded.width === width && coded.height === height)) return null;
  const pixels = pixelAspect === null ? 'not said' : `${Math.round(pixelAspect * 1000) / 1000}:1`;
  return `${coded.width}×${coded.height}, pixels ${pixels}${rotation ? `, turned by ${rotation}°` : ''}`;
}

export function describeProbe(probe: CameraProbe): string {
  const size = probe.width > 0 ? `${probe.width}×${probe.height}` : 'size not known';
  const coded = coding(probe);
  const rows: [string, string][] = [
    ['address', probe.url],
    ['codec', probe.profile ? `${probe.codec} (${probe.profile})` : probe.codec],
    ['picture', probe.range ? `${size} ${probe.pixelFormat}, ${probe.range} range` : size],
    ...(coded ? [['coded', coded] as [string, string]] : []),
    ['rate', rate(probe)],
    ['bit rate', probe.kbps === null ? 'not known' : `${probe.kbps} kb/s`],
    ['keyframes', keyframes(probe)],
    ['sound', probe.audio ? 'yes (never read)' : 'no'],
    ...(probe.saved ? [['still', probe.saved] as [string, string]] : []),
    ...probe.notes.map((note): [string, string] => ['note', note]),
  ];
  return rows.map(([name, value]) => `${name.padEnd(10)} ${value}\n`).join('');
}

async function probe(url: string, options: Options): Promise<void> {
  const [{ probeCamera }, { AppError }, { readSecret }, { writeResult }] = await Promise.all([
    import('../../edge/pipeline/probe-camera.ts'),
    import('../../platform/app-error.ts'),
    import('../../platform/secret.ts'),
    import('../support/write-result.ts'),
  ]);
  const password = options.password ? await readSecret(options.password) : '';
  const look = await probeCamera(url, {
    credentials: options.user ? { user: options.user, password } : null,
    transport: options.transport === 'udp' ? 'udp' : 'tcp',
    timeoutMs: Math.max(1, Number(options.timeout) || 20) * 1000,
    aspect: options.aspect ?? null,
  });
  const saved = options.save && look.still ? resolve(options.save) : null;
  if (saved && look.still) await writeResult('--save', saved, look.still);
  const found: CameraProbe = { ...look.probe, saved };
  process.stdout.write(options.json ? `${JSON.stringify(found)}\n` : describeProbe(found));
  if (options.save && !saved) throw new AppError('EDGE_SOURCE_NO_KEYFRAME', `${found.url}: nothing to save`);
}

export function registerCamera(program: Command): void {
  const camera = program.command('camera').description('look at a camera');
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
}
