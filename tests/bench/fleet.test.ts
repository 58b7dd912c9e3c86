/** The bench's fleet with real parts: configurations that the product takes, cameras that can be watched, an edge that is. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ownCheckout } from '../../bench/checkout.ts';
import { startEdgeNode } from '../../bench/fleet/edge-node.ts';
import { type Publisher, startPublisher } from '../../bench/fleet/publisher.ts';
import { wideZone } from '../../bench/media.ts';
import { EdgeConfig } from '../../edge/config.ts';
import { loadConfig } from '../../platform/load-config.ts';
import { needs } from '../needs.ts';

const folder = mkdtempSync(join(tmpdir(), 'kerbwatch-bench-test-'));
let publisher: Publisher | null = null;

const source = ['-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=10', '-t', '6'];
const coding = ['-c:v', 'libx264', '-preset', 'ultrafast', '-bf', '0', '-g', '20', '-pix_fmt', 'yuv420p'];

beforeAll(async () => {
  if (!needs('ffmpeg')) return;
  const film = join(folder, 'film.264');
  execFileSync('ffmpeg', ['-v', 'error', '-y', ...source, ...coding, '-f', 'h264', film]);
  publisher = await startPublisher({ film }, 10);
});
afterAll(async () => {
  await publisher?.close();
  rmSync(folder, { recursive: true, force: true });
});

it('writes a configuration that this checkout takes, with more cameras that share a zone than YAML likes', async () => {
  const cameras = Array.from({ length: 145 }, (_, i) => ({
    id: `street-${i}`,
    zones: [wideZone],
    cadence: 'keyframes' as const,
    url: `rtsp://127.0.0.1:9/sub/${i}`,
    main: `rtsp://127.0.0.1:9/main/${i}`,
    gate: false,
  }));
  const node = { folder, cameras, model: 'kerb-s-int8', mqtt: 'mqtt://127.0.0.1:9', evidence: 'http://127.0.0.1:9' };
  const config = await loadConfig(EdgeConfig, ownCheckout().configure(node));
  expect(config.cameras).toHaveLength(145);
  expect(JSON.stringify(config.cameras[144])).toContain('rtsp://127.0.0.1:9/sub/144');
});

describe.skipIf(!needs('ffmpeg'))('with cameras in a process of their own', () => {
  it('sees an edge node watch them, and lets go of it', async () => {
    const cameras = [0, 1, 2].map((i) => ({
      id: `street-${i}`,
      zones: [wideZone],
      cadence: 'keyframes' as const,
      url: publisher?.url('film', i) ?? '',
    }));
    const node = await startEdgeNode({ checkout: ownCheckout(), cameras, model: 'kerb-s-int8' });
    try {
      const status = await node.status(
        ({ cameras: seen }) => Object.values(seen).filter(({ state }) => state !== 'blind').length === 3,
        40_000,
      );
      expect(Object.keys(status?.cameras ?? {})).toHaveLength(3);
      const health = await node.health(
        ({ cameras: seen }) => Object.values(seen).every(({ frames }) => frames > 0),
        30_000,
      );
      expect(health).not.toBeNull();
    } finally {
      await node.close();
    }
    expect(() => process.kill(node.pid, 0)).toThrow();
  }, 120_000);

  it('tells when the node cannot start', async () => {
    const camera = { id: 'street-1', zones: [wideZone], cadence: 5, url: '/nowhere.mp4' };
    const node = await startEdgeNode({ checkout: ownCheckout(), cameras: [camera], model: 'no-such-model' });
    try {
      await expect(node.status(() => false, 60_000)).rejects.toThrow(/ended with [12].*no-such-model/s);
    } finally {
      await node.close();
    }
  }, 90_000);
});
