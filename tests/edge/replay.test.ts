/** Recordings through the whole edge line: real FFmpeg, real model, real stills, real outbox. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadClips } from '../../demo/clips.ts';
import type { CameraConfig } from '../../edge/config.ts';
import { replayClip, replayKey } from '../../edge/replay.ts';
import { createLog } from '../../platform/log.ts';
import { packageRoot } from '../../platform/paths.ts';
import { eventHash, verifyEvent } from '../../platform/signing.ts';

const node = 'replay-node';

test('a clip twice: the same signed events to the byte, chained, with stills', async () => {
  const clip = loadClips().find(({ truth }) => truth.violations.some(({ kind }) => kind === 'road-stall'));
  if (!clip) throw new Error('no clip with a stall is shipped');
  const { id, kind, zones } = clip.truth.camera;
  const play = () =>
    replayClip({
      clip: clip.file,
      camera: { id, kind, source: { url: clip.file }, zones } as CameraConfig,
      node,
      modelDir: join(packageRoot(), 'models', 'kerb-s'),
      log: createLog({ level: 'silent' }),
    });
  const first = await play();
  const second = await play();
  expect(first.events.length).toBeGreaterThan(0);
  expect(JSON.stringify(second.events)).toBe(JSON.stringify(first.events));
  const { publicKeyPem } = replayKey(node);
  first.events.forEach((event, i) => {
    expect(event.seq).toBe(i + 1);
    expect(verifyEvent(event, publicKeyPem)).toBe(true);
    const before = first.events[i - 1];
    if (before) expect(event.chain.prev).toBe(eventHash(before));
  });
  expect(first.events[0]).toMatchObject({ phase: 'start', rev: 1, clock: { source: 'pts', offsetMs: 0 } });
  expect(first.events.some((event) => event.evidence.length > 0)).toBe(true);
  expect(first.evidence.files).toBeGreaterThan(0);
  expect(first.inferred).toBeLessThanOrEqual(first.frames);
}, 240_000);

test('a recording that is not there is a fault of the source', async () => {
  const [clip] = loadClips();
  if (!clip) throw new Error('no clip is shipped');
  const { id, kind, zones } = clip.truth.camera;
  const playing = replayClip({
    clip: '/nowhere/gone.mp4',
    camera: { id, kind, source: { url: 'x' }, zones } as CameraConfig,
    node,
    modelDir: join(packageRoot(), 'models', 'kerb-s'),
    log: createLog({ level: 'silent' }),
  });
  await expect(playing).rejects.toMatchObject({ code: 'EDGE_SOURCE_UNREACHABLE' });
});
