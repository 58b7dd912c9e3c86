/** Reads FFmpeg's stderr: what each frame is, and which line says best why it stopped. Pure. */
import type { ErrorCode } from '../../contracts/errors.ts';

/** What is known of a frame besides its pixels, in the order in which frames leave the decoder. */
export type FrameInfo = {
  /** µs of the stream's own clock, or null where it has none. */
  readonly ptsUs: number | null;
  readonly width: number;
  readonly height: number;
  readonly fullRange: boolean;
  readonly bt709: boolean;
};

export type LogReader = {
  /** Takes the next piece of stderr; gives frame infos as they become complete. */
  readonly read: (text: string) => FrameInfo[];
  /** The line that explains best why FFmpeg stopped, without secrets; null when it said nothing. */
  readonly reason: () => string | null;
  /** The first video stream as FFmpeg describes it, e.g. `h264 (High), yuv420p, 1920x1080, 25 fps`. */
  readonly stream: () => string | null;
};

const FRAME = /Parsed_showinfo_\d+ @ \S+\] \[info\] n: *\d+ pts: *(NOPTS|-?\d+) .*?fmt:(\S+) .*?s:(\d+)x(\d+) /;
const COLOURS = /Parsed_showinfo_\d+ @ \S+\] \[info\] color_range:(\S+) color_space:(\S+)/;
const VIDEO = /Stream #0:\d+.*?: Video: (.*)$/;
/** Lines that only say that something else failed before. */
const HOLLOW =
  /^(Conversion failed|Error while decoding stream|Exiting normally|Last message repeated|Error initializing|Error marking filters|Terminating)/i;

/** Takes user, password and these secrets out of a text of FFmpeg, which repeats addresses. */
export function redact(text: string, secrets: readonly string[]): string {
  let clean = text.replaceAll(/([a-z][a-z0-9+.-]*:\/\/)[^\s/@']*(?:@[^\s/@']*)*@/gi, '$1');
  for (const secret of secrets) {
    if (secret.length === 0) continue;
    for (const form of [secret, encodeURIComponent(secret)]) clean = clean.replaceAll(form, '***');
  }
  return clean;
}

/** Severity of a line by the tag that `-loglevel level` puts there; 0 when it explains nothing. */
function weight(line: string): number {
  if (line.includes('[fatal]') || line.includes('[panic]')) return 3;
  if (line.includes('[error]')) return 2;
  return 0;
}

function plain(line: string): string {
  return (
    line
      .replaceAll(/\[[^\]]* @ 0x[0-9a-f]+\] ?/g, '')
      .replaceAll(/\[(fatal|error|panic)\] ?/g, '')
      // The caller says which source it is about.
      .replace(/^(?:file:|[a-z][a-z0-9+.-]*:\/\/)\S*: /i, '')
      .trim()
  );
}

export function createLogReader(secrets: readonly string[] = []): LogReader {
  let rest = '';
  // The strips of one frame are told by two filters; which of them speaks first is FFmpeg's affair.
  const wide: { readonly ptsUs: number | null; readonly width: number; readonly format: string }[] = [];
  const tall: number[] = [];
  let colours = { range: 'unknown', space: 'unknown' };
  let reason: string | null = null;
  let reasonWeight = 0;
  let stream: string | null = null;

  /** Line of a strip: the first branch is as wide as the picture and 2 high, the second 2 wide and as high. */
  function frameOf(match: RegExpExecArray): FrameInfo | null {
    const [, pts = 'NOPTS', format = '', width = '0', height = '0'] = match;
    if (height === '2') wide.push({ ptsUs: pts === 'NOPTS' ? null : Number(pts), width: Number(width), format });
    else tall.push(Number(height));
    if (wide.length === 0 || tall.length === 0) return null;
    const strip = wide.shift() as (typeof wide)[number];
    return {
      ptsUs: strip.ptsUs,
      width: strip.width,
      height: tall.shift() as number,
      fullRange: strip.format.startsWith('yuvj') || colours.range === 'pc',
      bt709: colours.space === 'bt709',
    };
  }

  function line(text: string): FrameInfo | null {
    const frame = FRAME.exec(text);
    if (frame) return frameOf(frame);
    const colour = COLOURS.exec(text);
    if (colour) {
      colours = { range: colour[1] ?? 'unknown', space: colour[2] ?? 'unknown' };
      return null;
    }
    if (stream === null) stream = VIDEO.exec(text)?.[1]?.trim() ?? null;
    const severity = weight(text);
    const words = severity > 0 ? plain(text) : '';
    if (severity >= Math.max(1, reasonWeight) && words && !HOLLOW.test(words)) {
      reason = redact(words, secrets).slice(0, 300);
      reasonWeight = severity;
    }
    return null;
  }

  return {
    read(text) {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      // A line without an end must not grow for ever.
      if (rest.length > 65_536) rest = rest.slice(-1024);
      const frames: FrameInfo[] = [];
      for (const next of lines) {
        const frame = line(next);
        if (frame) frames.push(frame);
      }
      return frames;
    },
    reason: () => reason,
    stream: () => stream,
  };
}

const UNREACHABLE =
  /refused|timed out|no route|unreachable|unauthori[sz]ed|forbidden|not found|failed to resolve|name or service|reset by peer|server returned|no such file|permission denied|broken pipe|end of file|input\/output error|protocol not found|immediate exit/i;
const NO_VIDEO =
  /invalid data found|matches no streams|does not contain any stream|codec parameters|decoder .*not found|unknown decoder|moov atom not found|is a directory|unspecified size|invalid argument/i;

/** The catalogue's code for FFmpeg's last word. `frames` delivered before tell a broken stream from a wrong one. */
export function faultCode(reason: string | null, frames: number): ErrorCode {
  if (reason !== null && UNREACHABLE.test(reason)) return 'EDGE_SOURCE_UNREACHABLE';
  if (frames === 0 && (reason === null || NO_VIDEO.test(reason))) return 'EDGE_SOURCE_NO_VIDEO';
  return 'EDGE_SOURCE_DECODE';
}
