/** Recordings demuxed in process: what is told of them, their times, refusals in one plain line, turns for others. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { demuxMedia } from '../../edge/media/demux.ts';
import { needs } from '../needs.ts';
import { refusal, serve } from './network.ts';
import { folder, make, moving, orderOf, packetsOf, x264 } from './stage.ts';

const it = test.skipIf(!needs('ffmpeg'));
const plain = ['-pix_fmt', 'yuv420p', ...x264('keyint=5:scenecut=0:bframes=0')];

it('a recording: description, times, keyframes, extradata', async () => {
  const clip = make('a clip: with a colon.mp4', moving('320x180', 2), plain);
  const told: unknown[] = [];
  const packets = await packetsOf(clip, { onStream: (stream) => told.push(stream) });
  expect(told).toEqual([{ text: 'h264 (Constrained Baseline), 320x180, 25 fps', fps: 25, audio: false }]);
  expect(packets.map(({ ptsUs }) => ptsUs)).toEqual(Array.from({ length: 50 }, (_, i) => i * 40_000));
  expect(packets.flatMap(({ key }, i) => (key ? [i] : []))).toEqual([0, 5, 10, 15, 20, 25, 30, 35, 40, 45]);
  expect(packets[0]?.format).toMatchObject({ codec: 'h264', width: 320, height: 180, rotation: 0 });
  expect(packets[0]?.format.extradata?.[0]).toBe(1);
  expect(new Set(packets.map(({ format }) => format)).size).toBe(1);
  expect(await packetsOf(`file:${clip}`)).toHaveLength(50);
  expect(await packetsOf(`file://${clip}`)).toHaveLength(50);
});

it('sound beside the picture is told and left out; a codec of keyframes only has them only', async () => {
  const clip = join(folder, 'sound.mkv');
  const inputs = ['-f', 'lavfi', '-i', moving('160x90', 1), '-f', 'lavfi', '-i', 'sine=duration=1'];
  execFileSync('ffmpeg', [
    '-v',
    'error',
    '-y',
    ...inputs,
    '-c:v',
    'mjpeg',
    '-pix_fmt',
    'yuvj420p',
    '-c:a',
    'aac',
    clip,
  ]);
  let audio: boolean | null = null;
  const packets = await packetsOf(clip, {
    onStream: (stream) => {
      audio = stream.audio;
    },
  });
  expect(audio).toBe(true);
  expect(packets).toHaveLength(25);
  expect(packets.every(({ key, format }) => key && format.codec === 'mjpeg')).toBe(true);
});

it('refusals of files', async () => {
  const clip = make('whole.mp4', moving('160x90', 1), plain);
  const cut = join(folder, 'cut.mp4');
  copyFileSync(clip, cut);
  truncateSync(cut, readFileSync(clip).length >> 1);
  const text = join(folder, 'notes.txt');
  writeFileSync(text, 'no video at all\n'.repeat(100));
  const sound = join(folder, 'sound.mp4');
  execFileSync('ffmpeg', ['-v', 'error', '-y', '-f', 'lavfi', '-i', 'sine=duration=1', '-c:a', 'aac', sound]);
  const empty = join(folder, 'empty.mp4');
  writeFileSync(empty, '');
  expect(await refusal(sound)).toEqual({
    code: 'EDGE_SOURCE_NO_VIDEO',
    message: `source holds no video: camera cam-1, ${sound}: no video stream in it`,
  });
  for (const file of [cut, text, folder, empty]) expect((await refusal(file)).code).toBe('EDGE_SOURCE_NO_VIDEO');
  const missing = await refusal(join(folder, 'missing.mp4'));
  expect(missing.code).toBe('EDGE_SOURCE_UNREACHABLE');
  expect(missing.message).toContain('no such file');
});

it('a playlist in a recording reaches nothing else', async () => {
  let asked = 0;
  const port = await serve((_request, response) => {
    asked++;
    response.end();
  });
  const list = join(folder, 'list.m3u8');
  const head = '#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n';
  writeFileSync(list, `${head}http://127.0.0.1:${port}/part.ts\n#EXT-X-ENDLIST\n`);
  await refusal(list);
  expect(asked).toBe(0);
});

it('a recording waits for its consumer, and lets others have their turn', async () => {
  const clip = make('turns.mp4', moving('160x90', 20), plain);
  let busy = 0;
  let most = 0;
  let count = 0;
  let turns = 0;
  let over = false;
  const tick = () => {
    turns++;
    if (!over) setImmediate(tick);
  };
  setImmediate(tick);
  await demuxMedia(
    orderOf(clip),
    async () => {
      most = Math.max(most, ++busy);
      await null;
      busy--;
      count++;
    },
    new AbortController().signal,
  );
  over = true;
  expect([count, most]).toEqual([500, 1]);
  expect(turns).toBeGreaterThan(40);
});
