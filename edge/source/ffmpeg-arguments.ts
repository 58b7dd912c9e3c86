/** The command line of a camera's FFmpeg child, written once. Pure. */
import type { SourceConfig } from '../config.ts';
import type { ModelInput } from '../domain/frame.ts';

export type SourceMode = 'live' | 'replay';
export type Credentials = { readonly user: string; readonly password: string };
export type UrlKind = 'rtsp' | 'http' | 'file' | 'other';

/** An intra-only stream has keyframes only: more than this a second are never taken as such. */
const MOST_KEYFRAMES = 5;
/** FFmpeg gives up on a silent network by itself, in case the parent is gone, µs. */
const IO_TIMEOUT_US = 15_000_000;
/** libavcodec 58 is FFmpeg 4, which has no `-autoscale`, and calls RTSP's timeout `-stimeout`. */
const LAVC_FFMPEG_4 = 58;
const LAVC_FFMPEG_5 = 59;

export function urlKind(url: string): UrlKind {
  const scheme = /^([a-z][a-z0-9+.-]+):\/\//i.exec(url)?.[1]?.toLowerCase();
  if (!scheme || scheme === 'file') return 'file';
  if (scheme === 'rtsp' || scheme === 'rtsps') return 'rtsp';
  return scheme === 'http' || scheme === 'https' ? 'http' : 'other';
}

/** Without autoscale the full picture keeps the first size for ever, so a change of size needs a new child. */
export function followsSize(libavcodec: number): boolean {
  return libavcodec > LAVC_FFMPEG_4;
}

/** The address as FFmpeg gets it. A path is marked as one, so that a colon in its name is no protocol. */
export function inputAddress(url: string, credentials: Credentials | null): string {
  if (urlKind(url) === 'file') return `file:${url.replace(/^file:(\/\/)?/i, '')}`;
  if (!credentials) return url;
  const login = `${encodeURIComponent(credentials.user)}:${encodeURIComponent(credentials.password)}`;
  return url.replace(/^([a-z][a-z0-9+.-]+:\/\/)(?:[^/@]*@)?/i, `$1${login}@`);
}

/** Options before `-i` that open an address; shared with the probe. */
export function openingArguments(url: string, transport: 'tcp' | 'udp', libavcodec: number): string[] {
  switch (urlKind(url)) {
    case 'rtsp': {
      const timeout = libavcodec <= LAVC_FFMPEG_4 ? '-stimeout' : '-timeout';
      return ['-rtsp_transport', transport, timeout, String(IO_TIMEOUT_US), '-fflags', 'nobuffer'];
    }
    case 'http':
      return ['-rw_timeout', String(IO_TIMEOUT_US)];
    default:
      return [];
  }
}

/** Every frame as it is: none doubled, none left out. `-vsync` was renamed. */
export function timingArguments(libavcodec: number): string[] {
  return [libavcodec <= LAVC_FFMPEG_5 ? '-vsync' : '-fps_mode', 'passthrough'];
}

/**
 * Chooses frames by their timestamps. The `fps` filter would invent frames in a gap and shift the others; comparing
 * slots of 1/rate with the last chosen frame's keeps the average rate and survives timestamps that jump back.
 */
function selectFilter(cadence: number): string {
  const slot = (t: string) => `floor(${t}*${cadence}+0.001)`;
  return `select='isnan(t)+isnan(prev_selected_t)+not(eq(${slot('t')},${slot('prev_selected_t')}))'`;
}

/** The same formula as `placementOf`, in FFmpeg's words, so that it follows a change of size. */
function modelFilter(input: ModelInput): string {
  const { width, height, pixelFormat, pad } = input;
  if (input.resize === 'stretch') return `scale=${width}:${height}:flags=bilinear,format=${pixelFormat}`;
  const scale = `min(${width}/iw,${height}/ih)`;
  const side = (size: string) => `'max(1,trunc(${size}*${scale}+0.5))'`;
  const grey = pad.toString(16).padStart(2, '0');
  const offset = input.align === 'center' ? `'trunc((ow-iw)/2)':'trunc((oh-ih)/2)'` : '0:0';
  return [
    `scale=w=${side('iw')}:h=${side('ih')}:flags=bilinear`,
    `format=${pixelFormat}`,
    `pad=${width}:${height}:${offset}:0x${grey.repeat(3)}`,
  ].join(',');
}

/**
 * One decode, three branches: two strips of two pixels whose `showinfo` lines tell timestamp, size and colours on
 * stderr (raw video has none of these; whole pictures would be summed up at a cost), the model's pixels, the full
 * picture.
 */
export function filterGraph(input: ModelInput, cadence: SourceConfig['cadence']): string {
  const rate = cadence === 'keyframes' ? MOST_KEYFRAMES : (cadence ?? 5);
  return [
    `[0:v:0]settb=1/1000000,${selectFilter(rate)},split=4[w][h][m][f]`,
    '[w]crop=iw:2:0:0,showinfo,nullsink',
    '[h]crop=2:ih:0:0,showinfo,nullsink',
    `[m]${modelFilter(input)}[model]`,
    '[f]format=yuv420p|yuvj420p[full]',
  ].join(';');
}

export function ffmpegArguments(order: {
  readonly config: SourceConfig;
  readonly credentials: Credentials | null;
  readonly input: ModelInput;
  readonly mode: SourceMode;
  readonly libavcodec: number;
}): string[] {
  const { config, mode, libavcodec } = order;
  const kind = urlKind(config.url);
  const liveFile = kind === 'file' && mode === 'live';
  const raw = [
    ...(followsSize(libavcodec) ? ['-autoscale', '0'] : []),
    ...timingArguments(libavcodec),
    '-f',
    'rawvideo',
  ];
  return [
    ...['-hide_banner', '-nostdin', '-nostats', '-loglevel', 'repeat+level+info', '-filter_complex_threads', '1'],
    ...(config.cadence === 'keyframes' ? ['-skip_frame', 'nokey'] : []),
    ...['-threads', '1'],
    ...openingArguments(config.url, config.transport ?? 'tcp', libavcodec),
    ...(liveFile ? ['-re'] : []),
    ...(liveFile && config.loop ? ['-stream_loop', '-1'] : []),
    ...['-i', inputAddress(config.url, order.credentials)],
    ...['-filter_complex', filterGraph(order.input, config.cadence)],
    ...['-map', '[model]', ...raw, 'pipe:1'],
    ...['-map', '[full]', ...raw, 'pipe:3'],
  ];
}
