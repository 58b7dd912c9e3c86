/** A camera that sends JPEG over HTTP, without a word about time, through a camera host: what its clip shows is found. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { loadClips } from '../../demo/clips.ts';
import type { CameraConfig } from '../../edge/config.ts';
import { temporaryFolder } from '../e2e/stage.ts';
import { needs } from '../needs.ts';
import { until } from '../processes.ts';
import { startMjpegCamera } from '../source/mjpeg-camera.ts';
import { openStage } from './hosts-stage.ts';

const folder = temporaryFolder('mjpeg');
afterAll(folder.remove);

describe.skipIf(!needs('ffmpeg'))('a camera that sends JPEG over HTTP', () => {
  test('a truck without a cover passes: one event, as of the file', { timeout: 240_000 }, async () => {
    const clip = loadClips().find(({ file }) => file.endsWith('truck-uncovered.mp4'));
    if (!clip) throw new Error('truck-uncovered is not among the clips');
    const { truth, file } = clip;
    execFileSync('ffmpeg', ['-v', 'error', '-i', file, '-q:v', '2', join(folder.path, 'p-%04d.jpg')]);
    const names = readdirSync(folder.path).filter((name) => name.startsWith('p-'));
    const pictures = names.sort().map((name) => readFileSync(join(folder.path, name)));
    const server = await startMjpegCamera(pictures, truth.fps);
    const { id, kind, zones } = truth.camera;
    const camera = { id, kind, source: { url: server.url, cadence: truth.fps }, zones } as CameraConfig;
    const stage = await openStage(join(folder.path, 'data'), [camera], { hosts: 1 });
    const begun = Date.now();
    try {
      await stage.begin();
      const [right] = truth.violations;
      await until('it is found', () => stage.events().some((event) => event.kind === right?.kind), 120_000);
      const [event] = stage.events();
      expect(event).toMatchObject({ kind: right?.kind, zone: right?.zone, camera: id });
      expect(JSON.stringify(event?.detail)).toContain('uncovered');
      expect(event?.evidence.length).toBeGreaterThan(0);
      const at = Date.parse(event?.at ?? '');
      expect(at).toBeGreaterThan(begun);
      expect(Math.abs(Date.now() - at)).toBeLessThan(5000);
      expect(stage.hosts.countsOf(id).reconnects).toBe(0);
    } finally {
      await stage.close();
      await server.close();
    }
  });
});
