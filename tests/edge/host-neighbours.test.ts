/**
 * A camera between bad neighbours in one camera host: streams that do not decode, that send garbage between pictures,
 * fall silent or come and go. It loses no frame beyond its own cadence, and none of theirs that is damaged is analysed.
 */
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { CameraConfig } from '../../edge/config.ts';
import type { CameraFile } from '../../test-media/cameras/annex-b.ts';
import { type Codec, isSlice } from '../../test-media/cameras/annex-b.ts';
import { type CameraOptions, type RtspCamera, startRtspCamera } from '../../test-media/cameras/rtsp-camera.ts';
import { temporaryFolder } from '../e2e/stage.ts';
import { needs } from '../needs.ts';
import { until } from '../processes.ts';
import { makeStream, x264, x265 } from '../source/rtsp-stage.ts';
import { cameraOn, openStage } from './hosts-stage.ts';
import { randomOf } from './noisy-detector.ts';

const FPS = 10;
const RATE = 2;
const SECONDS = 40;
const folder = temporaryFolder('neighbours');
afterAll(folder.remove);

/** Every slice with some bytes behind its header spoilt. */
function spoilt({ codec, units }: { codec: Codec; units: CameraFile['units'] }): CameraFile {
  const random = randomOf(11);
  const spoil = (nal: Buffer) => {
    if (!isSlice(codec, nal)) return nal;
    const copy = Buffer.from(nal);
    for (let i = 0; i < 6; i++) copy[8 + Math.floor(random() * (copy.length - 8))] = Math.floor(random() * 256);
    return copy;
  };
  return { codec, units: units.map(({ nals, key }) => ({ key, nals: nals.map(spoil) })) };
}

describe.skipIf(!needs('ffmpeg'))('a camera with bad neighbours in one host', () => {
  test('loses no frame beyond its own cadence', { timeout: 180_000 }, async () => {
    const good = makeStream('good.264', { codec: x264('keyint=10:bframes=0'), rate: FPS });
    const other = makeStream('good.265', { codec: x265('keyint=10:bframes=0'), rate: FPS });
    const noise = (n: number) => (n % 5 === 2 ? Buffer.alloc(3000, `RTSP/1.0 $${n}`) : null);
    const neighbours: Record<string, Partial<CameraOptions>> = {
      'spoilt-h264': { files: { '': spoilt(good) } },
      'spoilt-h265': { files: { '': spoilt(other) } },
      noise: { noise },
      silent: { drop: (n) => n > 30 },
      leaving: { pictures: 25 },
      lossy: { drop: (n, packet) => n % 3 === 1 && packet === 2, packing: { mtu: 300 } },
    };
    const servers = new Map<string, RtspCamera>();
    const cameras: CameraConfig[] = [];
    for (const [id, options] of Object.entries({ good: {}, ...neighbours })) {
      const server = await startRtspCamera({ fps: FPS, files: { '': good }, ...options });
      servers.set(id, server);
      const cadence = id === 'good' ? RATE : 'keyframes';
      cameras.push(cameraOn(id, server.url('live'), { cadence, stallSeconds: 5 }));
    }
    const stage = await openStage(join(folder.path, 'data'), cameras, { hosts: 1 });
    try {
      await stage.begin();
      await until('it is analysed', () => stage.begun.includes('good'));
      const counts = () => stage.hosts.countsOf('good');
      const counted = (above: number) =>
        until('figures', () => counts().frames > above && { ...counts(), at: performance.now() });
      const before = await counted((await counted(0)).frames);
      const reconnected = (id: string) => stage.hosts.countsOf(id).reconnects > 0;
      await until(
        'the silent one and the one that leaves were lost',
        () => reconnected('silent') && reconnected('leaving'),
      );
      const after = await counted(before.frames + SECONDS * RATE);
      const seconds = (after.at - before.at) / 1000;
      expect(after.frames - before.frames).toBeGreaterThanOrEqual(Math.floor(seconds * RATE) - 2);
      expect(after).toMatchObject({ reconnects: 0, drops: 0 });
      expect(stage.hosts.health()).toMatchObject({ running: 1, restarts: 0 });
      expect(stage.statuses.get('good')).toMatchObject({ state: 'watched' });
      const fault = (id: string) => stage.statuses.get(id)?.fault ?? '';
      expect(stage.hosts.countsOf('spoilt-h264').damaged).toBeGreaterThan(20);
      expect(fault('spoilt-h264')).toMatch(/^EDGE_SOURCE_DECODE .*keyframes in a row do not decode$/);
      expect(fault('noise')).toMatch(/^EDGE_SOURCE_UNREACHABLE .*sends an RTSP head without end$/);
      expect(stage.hosts.countsOf('lossy').frames).toBeGreaterThan(SECONDS / 2);
    } finally {
      await stage.close();
      for (const server of servers.values()) await server.close();
    }
  });
});
