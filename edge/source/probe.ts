/** What a camera or a file is, in the words an engineer needs before configuring it. */
import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { AppError } from '../../platform/app-error.ts';
import type { Ffmpeg } from '../../platform/find-ffmpeg.ts';
import { publicUrl } from '../../platform/log.ts';
import { type Credentials, inputAddress, openingArguments, timingArguments } from './ffmpeg-arguments.ts';
import { createLogReader, faultCode } from './ffmpeg-log.ts';

export type CameraProbe = {
  /** Without user and password. */
  readonly url: string;
  readonly codec: string;
  readonly profile: string | null;
  readonly pixelFormat: string;
  readonly width: number;
  readonly height: number;
  /** As the stream says; null where it says nothing. */
  readonly fps: number | null;
  readonly kbps: number | null;
  /** Mean time between keyframes, s; null when fewer than two came while looking. */
  readonly keyframeSeconds: number | null;
  /** Whether sound is sent too (it is never read). */
  readonly audio: boolean;
  /** Where the still was written, or null. */
  readonly saved: string | null;
};

const ENOUGH_KEYFRAMES = 4;

/** Fields of FFmpeg's `Video: h264 (High), yuv420p(tv, bt709), 1920x1080 [SAR …], 3000 kb/s, 25 fps, …`. */
export function parseVideoLine(
  line: string,
): Pick<CameraProbe, 'codec' | 'profile' | 'pixelFormat' | 'width' | 'height' | 'fps' | 'kbps'> | null {
  const head = /^(\w+)(?: \(([^)/]+)\))?/.exec(line);
  const size = /,\s(\d{2,5})x(\d{2,5})/.exec(line);
  if (!head || !size) return null;
  const number = (pattern: RegExp) => {
    const found = pattern.exec(line)?.[1];
    return found === undefined ? null : Number(found);
  };
  return {
    codec: head[1] as string,
    profile: head[2]?.trim() ?? null,
    pixelFormat: /,\s((?:yuv|gray|rgb|bgr|nv|pal|gbr)\w*)/.exec(line)?.[1] ?? 'unknown',
    width: Number(size[1]),
    height: Number(size[2]),
    fps: number(/([\d.]+) fps/) ?? number(/([\d.]+) tbr/),
    kbps: number(/(\d+) kb\/s/),
  };
}

function keyframeSeconds(log: string): number | null {
  const times = [...log.matchAll(/showinfo_\d+ @ \S+\] \[info\] n: *\d+ .*?pts_time:([\d.]+)/g)].map((found) =>
    Number(found[1]),
  );
  const [first] = times;
  const last = times.at(-1);
  if (times.length < 2 || first === undefined || last === undefined) return null;
  return Math.round(((last - first) / (times.length - 1)) * 100) / 100;
}

/** Runs FFmpeg to its end or for so long; never rejects for what FFmpeg thinks of the input. */
function listen(path: string, args: readonly string[], timeoutMs: number): Promise<string> {
  return new Promise((settle, fail) => {
    execFile(path, args, { timeout: timeoutMs, killSignal: 'SIGKILL', maxBuffer: 32 << 20 }, (error, _out, said) => {
      if (error && (error as NodeJS.ErrnoException).code === 'ENOENT') {
        fail(new AppError('CFG_PROGRAM_MISSING', `FFmpeg at ${path} does not start`, { cause: error }));
      } else settle(said);
    });
  });
}

/**
 * Opens the source, looks for keyframes until a few have come or the time is over, and writes the first of them as a
 * full-size JPEG where `save` says. Rejects with EDGE_SOURCE_UNREACHABLE, EDGE_SOURCE_NO_VIDEO or EDGE_SOURCE_DECODE.
 */
export async function probeCamera(
  url: string,
  options: {
    readonly ffmpeg: Ffmpeg;
    readonly credentials?: Credentials | null;
    readonly transport?: 'tcp' | 'udp';
    readonly save?: string;
    readonly timeoutMs?: number;
  },
): Promise<CameraProbe> {
  const credentials = options.credentials ?? null;
  const saved = options.save ? resolve(options.save) : null;
  const args = [
    ...['-hide_banner', '-nostdin', '-nostats', '-loglevel', 'repeat+level+info', '-y', '-skip_frame', 'nokey'],
    ...openingArguments(url, options.transport ?? 'tcp', options.ffmpeg.libavcodec),
    ...['-i', inputAddress(url, credentials)],
    ...(saved ? ['-map', '0:v:0', '-frames:v', '1', '-q:v', '2', '-f', 'image2', '-update', '1', saved] : []),
    ...['-map', '0:v:0', '-vf', 'crop=16:16:0:0,showinfo', ...timingArguments(options.ffmpeg.libavcodec)],
    ...['-frames:v', String(ENOUGH_KEYFRAMES), '-f', 'null', '-'],
  ];
  const said = await listen(options.ffmpeg.path, args, options.timeoutMs ?? 20_000);
  const reader = createLogReader(credentials ? [credentials.password] : []);
  reader.read(`${said}\n`);
  const stream = reader.stream();
  const video = stream === null ? null : parseVideoLine(stream);
  const frames = /showinfo_\d+ @ \S+\] \[info\] n: *0 /.test(said) ? 1 : 0;
  if (!video || frames === 0) {
    const reason = reader.reason() ?? (said.length === 0 ? 'no answer within the time' : 'no video stream in it');
    const code = said.length === 0 ? 'EDGE_SOURCE_UNREACHABLE' : faultCode(reader.reason(), 0);
    throw new AppError(code, `${publicUrl(url)}: ${reason}`);
  }
  return {
    url: publicUrl(url),
    ...video,
    keyframeSeconds: keyframeSeconds(said),
    audio: /Stream #0:\d+.*: Audio:/.test(said),
    saved,
  };
}
