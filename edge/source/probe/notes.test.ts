/** What figures mean for a configuration. */
import { expect, test } from 'vitest';
import type { CameraProbe } from './facts.ts';
import { probeNotes } from './notes.ts';

const good: Omit<CameraProbe, 'notes'> = {
  url: 'rtsp://10.0.0.1/main',
  codec: 'h264',
  profile: 'High',
  pixelFormat: 'yuv420p',
  width: 1920,
  height: 1080,
  fps: 25,
  kbps: 3000,
  keyframeSeconds: 2,
  audio: false,
  saved: null,
  coded: { width: 1920, height: 1080 },
  pixelAspect: null,
  rotation: 0,
  range: 'limited',
  fpsMeasured: 25,
  keyframes: 4,
  firstKeyframeSeconds: 0,
  refreshes: 0,
  watchedSeconds: 20,
};
const nothing = { coded: null, rotation: null, range: null, keyframes: 0, keyframeSeconds: null } as const;
const one = { keyframes: 1, keyframeSeconds: null };

test.each<[string, Partial<CameraProbe>, boolean, RegExp[]]>([
  ['a usual camera', {}, true, []],
  ['no keyframe', nothing, true, [/^the stream is there \(h264, 1920×1080\); no keyframe within 20 s/]],
  ['nor a size', { ...nothing, width: 0, height: 0 }, true, [/^the stream is there \(h264\); no keyframe/]],
  ['one keyframe of a camera', one, true, [/^no further keyframe within 20 s/]],
  ['one keyframe of a short file', one, false, []],
  ['keyframes each 30 s', { keyframes: 2, keyframeSeconds: 30 }, true, [/^a keyframe each 30 s only/]],
  ['refreshes that are marked', { ...one, refreshes: 5 }, true, [/intra refresh/]],
  ['refreshes that are not', { keyframes: 0, keyframeSeconds: null }, true, [/intra refresh/]],
  ['keyframes in ruins', { ...nothing, refreshes: 4 }, true, [/none of them could be decoded/]],
  ['a recorder’s size', { coded: { width: 960, height: 1080 } }, true, [/^the stream does not say.* 960×1080 /]],
  ['a recorder’s size with its shape', { coded: { width: 960, height: 1080 }, pixelAspect: 2 }, true, []],
])('%s', (_, change, endless, notes) => {
  expect(probeNotes({ ...good, ...change }, endless)).toEqual(notes.map((note) => expect.stringMatching(note)));
});
