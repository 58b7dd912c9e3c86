import { describe, expect, it } from 'vitest';
import { inputAddress, urlKind } from './ffmpeg-arguments.ts';
import { createLogReader, faultCode, redact } from './ffmpeg-log.ts';
import { parseVideoLine } from './probe.ts';

const strip = (filter: number, n: number, pts: string, size: string) =>
  `[Parsed_showinfo_${filter} @ 0x5ad7ac0] [info] n:${String(n).padStart(4)} pts:${pts.padStart(7)} pts_time:0.2     pos:   174464 fmt:yuvj420p sar:1/1 s:${size} i:P iskey:0 type:P checksum:ED plane_checksum:[50] mean:[73 96 185 ] stdev:[46.6 ]\n`;

describe('createLogReader', () => {
  it('joins the two strips of a frame, in whatever pieces they come', () => {
    const reader = createLogReader();
    const text = strip(4, 0, '200000', '1920x2') + strip(7, 0, '200000', '2x1080') + strip(7, 1, 'NOPTS', '2x1080');
    const frames = [...text].flatMap((letter) => reader.read(letter));
    frames.push(...reader.read(strip(4, 1, 'NOPTS', '1920x2')));
    expect(frames).toEqual([
      { ptsUs: 200_000, width: 1920, height: 1080, fullRange: true, bt709: false },
      { ptsUs: null, width: 1920, height: 1080, fullRange: true, bt709: false },
    ]);
  });

  it('gives the most telling line, without address and secrets', () => {
    const reader = createLogReader(['pa:ss']);
    reader.read(
      '[rtsp @ 0x55] [error] method DESCRIBE failed: 401 Unauthorized for pa%3Ass\n[error] Conversion failed!\n',
    );
    expect(reader.reason()).toBe('method DESCRIBE failed: 401 Unauthorized for ***');
    reader.read('[fatal] rtsp://li:pa%3Ass@10.0.0.9/live: Server returned 401 Unauthorized\n[error] later\n');
    expect(reader.reason()).toBe('Server returned 401 Unauthorized');
  });
});

it.each([
  ['rtsp://u:p@host/x', [], 'rtsp://host/x'],
  ['see rtsp://u:p@ss@host/x now', [], 'see rtsp://host/x now'],
  ['http://host/a@b', [], 'http://host/a@b'],
  ['key geheim end', ['geheim'], 'key *** end'],
])('redact %s', (text, secrets, expected) => {
  expect(redact(text, secrets)).toBe(expected);
});

it.each([
  ['Connection refused', 0, 'EDGE_SOURCE_UNREACHABLE'],
  ['Server returned 401 Unauthorized', 0, 'EDGE_SOURCE_UNREACHABLE'],
  ['Invalid data found when processing input', 0, 'EDGE_SOURCE_NO_VIDEO'],
  ['Invalid data found when processing input', 9, 'EDGE_SOURCE_DECODE'],
  [null, 0, 'EDGE_SOURCE_NO_VIDEO'],
  ['Cannot allocate memory', 3, 'EDGE_SOURCE_DECODE'],
] as const)('faultCode %s after %i frames', (reason, frames, code) => {
  expect(faultCode(reason, frames)).toBe(code);
});

it.each([
  ['/a:b.mp4', null, 'file:/a:b.mp4'],
  ['file:///a.mp4', null, 'file:/a.mp4'],
  ['-i', null, 'file:-i'],
  ['rtsp://h:554/x', { user: 'li', password: 'p@s/s' }, 'rtsp://li:p%40s%2Fs@h:554/x'],
  ['rtsp://old:one@h/x', { user: 'li', password: 'x' }, 'rtsp://li:x@h/x'],
] as const)('inputAddress %s', (url, credentials, expected) => {
  expect(inputAddress(url, credentials)).toBe(expected);
});

it('tells kinds of addresses', () => {
  expect(['rtsps://h/x', 'HTTP://h/x.m3u8', 'a.mp4', 'C:/a.mp4', 'srt://h:1'].map(urlKind)).toEqual([
    'rtsp',
    'http',
    'file',
    'file',
    'other',
  ]);
});

it('reads how FFmpeg describes a stream', () => {
  const line = 'h264 (High), yuv420p(tv, bt709, progressive), 1920x1080 [SAR 1:1 DAR 16:9], 3012 kb/s, 25 fps, 25 tbr';
  expect(parseVideoLine(line)).toEqual({
    codec: 'h264',
    profile: 'High',
    pixelFormat: 'yuv420p',
    width: 1920,
    height: 1080,
    fps: 25,
    kbps: 3012,
  });
});
