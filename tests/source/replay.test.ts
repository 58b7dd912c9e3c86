/** Recordings through the real FFmpeg: every frame, true times, the same bytes each time. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { placementOf } from '../../edge/domain/placement.ts';
import { needs, sharedFile } from '../needs.ts';
import { folder, input, makeClip, replay, sourceOf } from './stage.ts';

const start = Date.UTC(2026, 0, 1);

describe.skipIf(!needs('ffmpeg'))('a recording', () => {
  let clip = '';
  let twoSizes = '';
  beforeAll(() => {
    clip = makeClip('clip.mp4', { size: '320x180', seconds: 4 });
    const large = makeClip('large.ts', { size: '320x180', seconds: 2 });
    const small = makeClip('small.ts', { size: '160x120', seconds: 2 });
    twoSizes = join(folder, 'two-sizes.ts');
    writeFileSync(twoSizes, Buffer.concat([readFileSync(large), readFileSync(small)]));
  });

  it('gives five frames a second at their own times', async () => {
    const notes = await replay(clip);
    expect(notes.map((note) => note.at - start)).toEqual(Array.from({ length: 20 }, (_, i) => i * 200));
    expect(notes.map((note) => note.index)).toEqual(Array.from({ length: 20 }, (_, i) => i));
    expect(new Set(notes.map((note) => note.hash)).size).toBe(20);
  });

  it('gives the same bytes again, however slow the consumer is', async () => {
    const fast = await replay(clip, { startAt: 1_000_000 });
    expect(fast[0]?.at).toBe(1_000_000);
    expect(await replay(clip, { startAt: 1_000_000 }, 20)).toEqual(fast);
  });

  it('is repeated to a length: the same pictures again, at times that go on', async () => {
    const once = await replay(clip);
    const notes = await replay(clip, { repeatToMs: 10_000 });
    expect(notes.map((note) => note.at - start)).toEqual(Array.from({ length: 50 }, (_, i) => i * 200));
    expect(notes.map((note) => note.hash)).toEqual(Array.from({ length: 50 }, (_, i) => once[i % 20]?.hash));
  });

  it('is repeated with pictures that are stored in another order than they are shown', async () => {
    const codec = ['-c:v', 'libx264', '-preset', 'ultrafast', '-bf', '2', '-g', '50'];
    const mixed = makeClip('mixed.mp4', { size: '320x180', seconds: 4, rate: 5, codec });
    const notes = await replay(mixed, { repeatToMs: 10_000 });
    expect(notes.map((note) => note.at - start)).toEqual(Array.from({ length: 50 }, (_, i) => i * 200));
  });

  it('is played once where it is longer than that', async () => {
    expect(await replay(clip, { repeatToMs: 1_000 })).toHaveLength(5);
  });

  it('keeps the average rate where the cadence does not divide the stream’s', async () => {
    const notes = await replay(makeClip('odd.mp4', { size: '160x90', seconds: 8, rate: 12.5 }));
    expect(notes).toHaveLength(40);
  });

  it('decodes keyframes only where that is asked', async () => {
    const notes = await replay(clip, { config: { cadence: 'keyframes' } });
    expect(notes.map((note) => note.at - start)).toEqual([0, 1000, 2000, 3000]);
  });

  it('decodes H.265', async () => {
    const codec = ['-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', 'log-level=error'];
    expect(await replay(makeClip('hevc.mp4', { size: '320x180', seconds: 2, codec }))).toHaveLength(10);
  });

  it('follows a change of size in mid-stream', async () => {
    const notes = await replay(twoSizes);
    const sizes = notes.map((note) => `${note.width}x${note.height}`);
    expect(sizes).toEqual([...Array(10).fill('320x180'), ...Array(10).fill('160x120')]);
    const times = notes.map((note) => note.at);
    expect(times.every((at, i) => i === 0 || at > (times[i - 1] as number))).toBe(true);
  });

  it('lays the picture where placementOf says, border elsewhere', async () => {
    const white = join(folder, 'white.mp4');
    const { execFileSync } = await import('node:child_process');
    const picture = 'color=white:size=322x180:rate=5:duration=1';
    execFileSync('ffmpeg', ['-v', 'error', '-y', '-f', 'lavfi', '-i', picture, '-pix_fmt', 'yuv420p', white]);
    for (const align of ['top-left', 'center'] as const) {
      const source = await sourceOf(white, { input: { ...input, align } });
      const where = placementOf({ ...input, align }, 322, 180);
      let wrong = 0;
      const onFrame = ({ pixels }: { pixels: Uint8Array }) => {
        for (let y = 0; y < input.height; y++) {
          for (let x = 0; x < input.width; x++) {
            const inside =
              x >= where.offsetX &&
              y >= where.offsetY &&
              x < where.offsetX + where.scaledWidth &&
              y < where.offsetY + where.scaledHeight;
            const level = pixels[y * input.width + x] as number;
            if (inside ? level < 250 : level !== 114) wrong++;
          }
        }
        return undefined;
      };
      await source.run({ onFrame }, new AbortController().signal);
      expect(wrong).toBe(0);
    }
  });

  it.skipIf(!needs('shared'))('decodes an odd codec', async () => {
    const notes = await replay(sharedFile('videos/bgslibrary_video.avi') as string);
    expect(notes).toHaveLength(63);
    expect(notes[0]).toMatchObject({ width: 640, height: 360 });
  });

  it('stops where its signal says, and hands on what the consumer throws', async () => {
    const stop = new AbortController();
    let frames = 0;
    const source = await sourceOf(clip);
    const onFrame = () => {
      if (++frames === 3) stop.abort();
      return undefined;
    };
    await source.run({ onFrame }, stop.signal);
    expect(frames).toBe(3);
    const broken = (await sourceOf(clip)).run(
      {
        onFrame() {
          throw new Error('consumer failed');
        },
      },
      new AbortController().signal,
    );
    await expect(broken).rejects.toThrow('consumer failed');
  });

  it.each([
    ['a file that is not there', 'none.mp4', null, 'EDGE_SOURCE_UNREACHABLE'],
    ['a file that is no video', 'words.mp4', 'these are words, not pictures\n'.repeat(500), 'EDGE_SOURCE_NO_VIDEO'],
    ['an empty file', 'empty.mp4', '', 'EDGE_SOURCE_NO_VIDEO'],
  ])('says in one line: %s', async (_, name, content, code) => {
    const path = join(folder, name);
    if (content !== null) writeFileSync(path, content);
    const failing = replay(path);
    await expect(failing).rejects.toMatchObject({ code });
    await expect(failing).rejects.toThrow(new RegExp(`^[^\\n]*camera cam-1, [^\\n]*${name}: [^\\n]+$`));
  });
});
