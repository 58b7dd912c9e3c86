/** `camera probe`: what it says of real files and cameras, each of a kind that users have. */
import { execFileSync, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, describe, expect, it } from 'vitest';
import { probeCamera } from '../../edge/pipeline/probe-camera.ts';
import { protocolOf } from '../../edge/source/protocols.ts';
import { packageRoot } from '../../platform/paths.ts';
import { needs } from '../needs.ts';
import { folder, makeClip, startCamera } from './stage.ts';

const ffmpeg = (...args: string[]) => execFileSync('ffmpeg', ['-v', 'error', '-y', ...args]);
const pattern = (size: string, rate: number, seconds: number) => [
  ...['-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=${rate}:duration=${seconds}`],
];
const x264 = (params: string) => ['-c:v', 'libx264', '-preset', 'ultrafast', '-x264-params', params];
const at = (name: string) => join(folder, name);

async function look(url: string, options: Parameters<typeof probeCamera>[1] = {}) {
  const { probe, still } = await probeCamera(url, options);
  const size = still ? await sharp(still).metadata() : null;
  return { ...probe, still: size && `${size.width}x${size.height}` };
}

describe.skipIf(!needs('ffmpeg'))('a file', () => {
  it('is told in figures, with what is beside the picture', async () => {
    const sound = ['-f', 'lavfi', '-i', 'sine=duration=6', '-c:a', 'aac'];
    const coding = x264('keyint=25:min-keyint=25:scenecut=0');
    ffmpeg(...pattern('320x180', 25, 6), ...sound, '-pix_fmt', 'yuv420p', ...coding, at('with-sound.mp4'));
    expect(await look(at('with-sound.mp4'))).toMatchObject({
      ...{ url: at('with-sound.mp4'), codec: 'h264', profile: expect.stringMatching(/^\w/), pixelFormat: 'yuv420p' },
      ...{ width: 320, height: 180, coded: { width: 320, height: 180 }, rotation: 0, range: 'limited', audio: true },
      ...{ fps: 25, fpsMeasured: 25, keyframeSeconds: 1, keyframes: 4, refreshes: 0, firstKeyframeSeconds: 0 },
      ...{ notes: [], still: '320x180' },
    });
  });

  it('is measured at its bit rate', async () => {
    const path = makeClip('rate.mp4', { size: '320x180', seconds: 4, codec: x264('keyint=25:scenecut=0') });
    const { kbps } = await look(path);
    const whole = (readFileSync(path).length * 8) / 4 / 1000;
    expect((kbps as number) / whole).toBeGreaterThan(0.7);
    expect((kbps as number) / whole).toBeLessThan(1.3);
  });

  it.each([
    ['pixels that are not square', '352x576', ['-vf', 'setsar=2/1'], { width: 704, height: 576, pixelAspect: 2 }],
    ['an odd size', '321x181', ['-vf', 'crop=321:181:exact=1'], { width: 321, height: 181 }],
    ['full range', '320x180', ['-vf', 'scale=out_range=full', '-color_range', 'pc'], { range: 'full' }],
  ])('%s: what it says is what the still shows', async (name, size, filter, facts) => {
    const path = at(`${name.replaceAll(' ', '-')}.mkv`);
    // The pattern itself comes in even sizes only.
    const drawn = size === '321x181' ? '340x200' : size;
    ffmpeg(...pattern(drawn, 5, 2), ...filter, '-pix_fmt', 'yuv444p', '-c:v', 'libx264', '-preset', 'ultrafast', path);
    const found = await look(path);
    const [width, height] = size.split('x').map(Number);
    expect(found).toMatchObject({
      coded: { width, height },
      pixelFormat: expect.stringMatching(/^yuvj?444p$/),
      ...facts,
    });
    expect(found.still).toBe(`${found.width}x${found.height}`);
  });

  it('that is turned is told upright', async () => {
    makeClip('lying.mp4', { size: '320x180', seconds: 2 });
    ffmpeg('-i', at('lying.mp4'), '-c', 'copy', '-metadata:s:v', 'rotate=90', at('turned.mp4'));
    const found = await look(at('turned.mp4'));
    expect(found).toMatchObject({ width: 180, height: 320, coded: { width: 320, height: 180 }, still: '180x320' });
    // FFmpeg turns what it shows by itself: whichever way round that is, the still shows the same.
    ffmpeg('-i', at('turned.mp4'), '-frames:v', '1', at('turned.png'));
    const small = (input: string | Uint8Array) => sharp(input).resize(18, 32, { fit: 'fill' }).raw().toBuffer();
    const wanted = await small(at('turned.png'));
    const { still } = await probeCamera(at('turned.mp4'));
    const shown = await small(still as Uint8Array);
    const off = shown.reduce((sum, level, i) => sum + Math.abs(level - (wanted[i] as number)), 0) / shown.length;
    expect(off).toBeLessThan(12);
  });

  it('in a size of recorders that does not say its pixels’ shape is asked about, until one says it', async () => {
    const path = makeClip('704.mp4', { size: '704x576', seconds: 1, rate: 5 });
    const found = await look(path);
    expect(found).toMatchObject({ width: 704, height: 576 });
    if (found.pixelAspect === null) expect(found.notes).toEqual([expect.stringContaining('aspect: "16:9"')]);
    expect(await look(path, { aspect: 16 / 9 })).toMatchObject({ width: 1024, height: 576, still: '1024x576' });
  });

  it.each([25, 30, 50, 60, 125])('of open GOPs of %i frames tells their distance', async (frames) => {
    const path = at(`open-${frames}.mp4`);
    const params = `keyint=${frames}:min-keyint=${frames}:open-gop=1:bframes=3:b-adapt=0:scenecut=0:b-pyramid=0`;
    ffmpeg(
      ...pattern('160x90', 25, frames / 5),
      '-pix_fmt',
      'yuv420p',
      '-c:v',
      'libx264',
      '-x264-params',
      params,
      path,
    );
    const found = await look(path);
    expect(Math.abs((found.keyframeSeconds as number) - frames / 25)).toBeLessThan(0.05);
    expect(found).toMatchObject({ keyframes: 4, refreshes: 0 });
    expect(Math.abs((found.fpsMeasured as number) - 25)).toBeLessThan(0.5);
  });

  it('of open GOPs in H.265 does so too', async () => {
    const params = 'keyint=30:min-keyint=30:open-gop=1:bframes=3:scenecut=0:log-level=error';
    const coding = ['-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', params];
    ffmpeg(...pattern('160x90', 15, 9), '-pix_fmt', 'yuv420p', ...coding, at('open.265.mp4'));
    const found = await look(at('open.265.mp4'));
    expect(found).toMatchObject({ codec: 'hevc', keyframes: 4 });
    expect(Math.abs((found.keyframeSeconds as number) - 2)).toBeLessThan(0.1);
  });

  it('of intra refresh is told to be one, with a still and what to do', async () => {
    const coding = x264('intra-refresh=1:keyint=20:bframes=0');
    ffmpeg(...pattern('320x180', 10, 12), '-pix_fmt', 'yuv420p', ...coding, at('refresh.mp4'));
    const found = await look(at('refresh.mp4'));
    expect(found).toMatchObject({ keyframes: 1, keyframeSeconds: null, still: '320x180' });
    expect(found.refreshes).toBeGreaterThanOrEqual(3);
    expect(found.notes).toEqual([expect.stringMatching(/intra refresh.*no further keyframe.*a number as `cadence`/)]);
  });

  it('with rare keyframes is told how rare', async () => {
    const coding = x264('keyint=100:min-keyint=100:scenecut=0');
    ffmpeg(...pattern('160x90', 5, 45), '-pix_fmt', 'yuv420p', ...coding, at('rare.mp4'));
    const found = await look(at('rare.mp4'));
    expect(found).toMatchObject({ keyframeSeconds: 20, keyframes: 3 });
    expect(found.notes).toEqual([expect.stringMatching(/^a keyframe each 20 s only/)]);
  });

  it.each([
    ['sound alone', 'sound.mp4', 'EDGE_SOURCE_NO_VIDEO'],
    ['words', 'words.mp4', 'EDGE_SOURCE_NO_VIDEO'],
    ['nothing', 'nothing.mp4', 'EDGE_SOURCE_NO_VIDEO'],
    ['not there', 'not-there.mp4', 'EDGE_SOURCE_UNREACHABLE'],
  ])('that is %s is refused in one line', async (_, name, code) => {
    ffmpeg('-f', 'lavfi', '-i', 'sine=duration=1', '-c:a', 'aac', at('sound.mp4'));
    writeFileSync(at('words.mp4'), 'these are words, not pictures\n'.repeat(500));
    writeFileSync(at('nothing.mp4'), '');
    const failing = probeCamera(at(name));
    await expect(failing).rejects.toMatchObject({ code });
    await expect(failing).rejects.toThrow(new RegExp(`^[^\\n]*${name}: [^\\n]+$`));
  });
});

describe.skipIf(!needs('ffmpeg') || !needs('rtsp'))('a camera', () => {
  const endings: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const end of endings.splice(0).reverse()) await end();
  });
  async function camera(clip: string) {
    const started = await startCamera(clip);
    endings.push(started.kill);
    return started;
  }

  it('is told as its file would be', async () => {
    const { url } = await camera(makeClip('live.mp4', { size: '320x180', seconds: 5 }));
    const found = await look(url);
    expect(found).toMatchObject({ url, codec: 'h264', width: 320, height: 180, fps: 25, keyframeSeconds: 1 });
    expect(found).toMatchObject({ audio: false, notes: [], still: '320x180' });
  });

  it('with a keyframe a minute is there, whenever one comes', async () => {
    const coding = x264('keyint=600:min-keyint=600:scenecut=0');
    ffmpeg(...pattern('160x90', 10, 70), '-pix_fmt', 'yuv420p', ...coding, at('minute.mp4'));
    const { url } = await camera(at('minute.mp4'));
    // The first to come is there for the keyframe, and keeps the camera's film running for the next.
    const stop = new AbortController();
    let came = () => {};
    const first = new Promise<void>((resolve) => {
      came = resolve;
    });
    const order = { camera: 'first', url, credentials: null, transport: 'tcp' as const };
    const watching = protocolOf(url).open({ ...order, loop: false }, 'live')(order, () => came(), stop.signal);
    endings.push(async () => {
      stop.abort();
      await watching;
    });
    await first;
    const found = await look(url, { timeoutMs: 4000 });
    expect(found).toMatchObject({ codec: 'h264', width: 160, height: 90, keyframes: 0, keyframeSeconds: null });
    expect(found.fpsMeasured).toBeGreaterThan(8);
    expect(found.still).toBeNull();
    expect(found.notes).toEqual([
      expect.stringMatching(/^the stream is there \(h264, 160×90\); no keyframe within 4(\.\d)? s/),
    ]);
    const saved = probe(url, '--timeout', '2', '--save', at('none.jpg'));
    expect(saved.status).toBe(1);
    expect(saved.stdout).toMatch(/^keyframes {2}none within 2(\.\d)? s$/m);
    expect(saved.stderr).toMatch(/^kerbwatch: EDGE_SOURCE_NO_KEYFRAME .*: nothing to save\n/);
  });

  it('whose only keyframe is past says so', async () => {
    const coding = x264('keyint=600:min-keyint=600:scenecut=0');
    ffmpeg(...pattern('160x90', 10, 70), '-pix_fmt', 'yuv420p', ...coding, at('once.mp4'));
    const { url } = await camera(at('once.mp4'));
    const found = await look(url, { timeoutMs: 4000 });
    expect(found).toMatchObject({ keyframes: 1, still: '160x90' });
    expect(found.notes).toEqual([
      expect.stringMatching(/^no further keyframe within 4(\.\d)? s.*a number as `cadence`/),
    ]);
  });
});

describe.skipIf(!needs('ffmpeg'))('a camera of pictures without times', () => {
  it('is measured by their arrival', async () => {
    ffmpeg(...pattern('320x180', 1, 1), '-frames:v', '1', at('one.jpg'));
    const jpeg = readFileSync(at('one.jpg'));
    const server = createServer((_, response) => {
      response.writeHead(200, { 'content-type': 'multipart/x-mixed-replace; boundary=next' });
      const timer = setInterval(() => {
        response.write(`--next\r\nContent-Type: image/jpeg\r\nContent-Length: ${jpeg.length}\r\n\r\n`);
        response.write(jpeg);
        response.write('\r\n');
      }, 200);
      response.on('close', () => clearInterval(timer));
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    try {
      const found = await look(`http://127.0.0.1:${(server.address() as AddressInfo).port}/video`);
      expect(found).toMatchObject({ codec: 'mjpeg', width: 320, height: 180, fps: null, notes: [], still: '320x180' });
      expect(found.fpsMeasured).toBeGreaterThan(4);
      expect(found.fpsMeasured).toBeLessThan(6);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  it('that answers and sends nothing is stalled or unreachable within the time', async () => {
    const server = createServer(() => {});
    await once(server.listen(0, '127.0.0.1'), 'listening');
    try {
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/video`;
      const started = performance.now();
      await expect(probeCamera(url, { timeoutMs: 1500 })).rejects.toMatchObject({ code: 'EDGE_SOURCE_UNREACHABLE' });
      expect(performance.now() - started).toBeLessThan(5000);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
});

function probe(...args: string[]) {
  const program = ['--import', 'tsx', join(packageRoot(), 'cli', 'main.ts'), 'camera', 'probe', ...args];
  return spawnSync(process.execPath, program, { cwd: packageRoot(), encoding: 'utf8' });
}

describe.skipIf(!needs('ffmpeg'))('the command', () => {
  it('prints a row a fact, and the same as JSON', async () => {
    ffmpeg(...pattern('352x576', 5, 3), '-vf', 'setsar=2/1', '-pix_fmt', 'yuv420p', ...x264('keyint=5'), at('cli.mp4'));
    const said = probe(at('cli.mp4'), '--save', at('cli.jpg'));
    expect(said.stderr).toBe('');
    for (const row of [
      `address    ${at('cli.mp4')}`,
      'picture    704×576 yuv420p, limited range',
      'coded      352×576, pixels 2:1',
      'rate       5 frames/s, 5 measured',
      'keyframes  each 1 s',
      'sound      no',
      `still      ${at('cli.jpg')}`,
    ])
      expect(said.stdout.split('\n')).toContain(row);
    expect(await sharp(at('cli.jpg')).metadata()).toMatchObject({ width: 704, height: 576 });
    expect(JSON.parse(probe(at('cli.mp4'), '--json').stdout)).toMatchObject({
      ...{ width: 704, height: 576, fps: 5, keyframeSeconds: 1, saved: null, pixelAspect: 2 },
    });
  });

  it('refuses what is no aspect', () => {
    const { status, stderr } = probe('x.mp4', '--aspect', 'wide');
    expect(status).toBe(2);
    expect(stderr).toContain('16:9');
  });
});
