/** Many cameras behind one server that refuses a crowd: all are analysed soon, and again soon after it was away, without a storm. */
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { type CameraOptions, startRtspCamera } from '../../test-media/cameras/rtsp-camera.ts';
import { temporaryFolder } from '../e2e/stage.ts';
import { needs } from '../needs.ts';
import { until } from '../processes.ts';
import { makeStream, x264 } from '../source/rtsp-stage.ts';
import { cameraOn, openStage } from './hosts-stage.ts';

const CAMERAS = 24;
/** Viewers that the server takes in a second; the hosts together begin some 20. */
const A_SECOND = 8;
const folder = temporaryFolder('crowd');
afterAll(folder.remove);

describe.skipIf(!needs('ffmpeg'))('two dozen cameras behind a server that takes eight a second', () => {
  test('are all looked at soon, at the start and after the server was away', { timeout: 180_000 }, async () => {
    const asked: number[] = [];
    let refused = false;
    const answer: CameraOptions['answer'] = ({ method, at }) => {
      if (method !== 'DESCRIBE') return null;
      asked.push(at);
      if (asked.filter((one) => one > at - 1000).length <= A_SECOND) return null;
      refused = true;
      return ['503 Service Unavailable'];
    };
    const file = makeStream('crowd.264', { codec: x264('keyint=10:bframes=0') });
    const server = await startRtspCamera({ fps: 10, files: { '': file }, answer });
    const ids = Array.from({ length: CAMERAS }, (_, i) => `cam-${i}`);
    const cameras = ids.map((id) => cameraOn(id, server.url(id), { cadence: 'keyframes' }));
    const stage = await openStage(join(folder.path, 'data'), cameras, { hosts: 2 });
    const frames = () => ids.map((id) => stage.hosts.countsOf(id).frames);
    try {
      await stage.hosts.load();
      const began = performance.now();
      stage.hosts.go();
      await until('all are analysed', () => new Set(stage.begun).size === CAMERAS, 30_000);
      const startMs = performance.now() - began;
      const tries = asked.length;
      expect(startMs).toBeLessThan(20_000);
      expect(tries).toBeLessThanOrEqual(6 * CAMERAS);
      expect(refused, 'the server refuses at all').toBe(true);

      server.cut();
      const before = frames();
      const cutAt = performance.now();
      // Figures come once a second; each must rise twice, for one may have been on its way.
      await until('all are analysed again', () => frames().every((n, i) => n >= (before[i] as number) + 2), 30_000);
      const againMs = performance.now() - cutAt;
      expect(againMs).toBeLessThan(20_000);
      expect(asked.length - tries).toBeLessThanOrEqual(6 * CAMERAS);
      expect(stage.hosts.health()).toMatchObject({ restarts: 0 });
    } finally {
      await stage.close();
      await server.close();
    }
  });
});
