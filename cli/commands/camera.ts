/** `kerbwatch camera probe URL`: what a camera sends, and a still to draw zones on. */
import type { Command } from 'commander';

type Options = {
  user?: string;
  password?: string;
  transport: string;
  save?: string;
  timeout: string;
  json?: boolean;
};

export function registerCamera(program: Command): void {
  const camera = program.command('camera').description('look at a camera');
  camera
    .command('probe')
    .description('codec, size, rate and keyframe interval of a camera or file')
    .argument('<url>', 'rtsp(s)://, http(s):// or a file; user and password belong into the options')
    .option('--user <name>', 'user of the camera')
    .option('--password <reference>', 'file:/path or env:NAME, never the password itself')
    .option('--transport <tcp|udp>', 'RTSP transport', 'tcp')
    .option('--save <file.jpg>', 'write a full-size still, for drawing zones')
    .option('--timeout <seconds>', 'give up after', '20')
    .option('--json', 'print JSON on stdout')
    .action(async (url: string, options: Options) => {
      const { findFfmpeg } = await import('../../platform/find-ffmpeg.ts');
      const { readSecret } = await import('../../platform/secret.ts');
      const { probeCamera } = await import('../../edge/source/probe.ts');
      const password = options.password ? await readSecret(options.password) : '';
      const probe = await probeCamera(url, {
        ffmpeg: await findFfmpeg(),
        credentials: options.user ? { user: options.user, password } : null,
        transport: options.transport === 'udp' ? 'udp' : 'tcp',
        ...(options.save ? { save: options.save } : {}),
        timeoutMs: Math.max(1, Number(options.timeout) || 20) * 1000,
      });
      if (options.json) {
        process.stdout.write(`${JSON.stringify(probe)}\n`);
        return;
      }
      const unknown = (value: number | null, unit: string) => (value === null ? 'not said' : `${value} ${unit}`);
      const rows = [
        ['address', probe.url],
        ['codec', probe.profile ? `${probe.codec} (${probe.profile})` : probe.codec],
        ['picture', `${probe.width}×${probe.height} ${probe.pixelFormat}`],
        ['rate', unknown(probe.fps, 'frames/s')],
        ['bit rate', unknown(probe.kbps, 'kb/s')],
        ['keyframes', probe.keyframeSeconds === null ? 'fewer than two seen' : `each ${probe.keyframeSeconds} s`],
        ['sound', probe.audio ? 'yes (never read)' : 'no'],
        ...(probe.saved ? [['still', probe.saved]] : []),
      ];
      for (const [name, value] of rows) process.stdout.write(`${(name ?? '').padEnd(10)} ${value}\n`);
    });
}
