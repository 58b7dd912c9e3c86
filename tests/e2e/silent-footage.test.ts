/** Real footage that holds no violation stays silent, an odd codec decodes, and a replay gives the same bytes twice. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { needs, sharedFile } from '../needs.ts';
import { cocoModels, kerbwatch, photographClip, temporaryFolder, writeConfig } from './stage.ts';

const ready = needs('shared') && needs('ffmpeg');
const everywhere = [
  [0.01, 0.01],
  [0.99, 0.01],
  [0.99, 0.99],
  [0.01, 0.99],
];
const stallZone = { id: 'forbidden', kind: 'road-stall', polygon: everywhere };
const gateZone = {
  id: 'gate',
  kind: 'muck-truck',
  polygon: everywhere,
  gateLine: [
    [0.02, 0.6],
    [0.98, 0.6],
  ],
  inside: [0.5, 0.2],
};

describe.skipIf(!ready)('real footage through replay', { timeout: 300_000 }, () => {
  const folder = temporaryFolder('silent');
  let config = '';

  beforeAll(() => {
    const modelsDir = cocoModels(folder.path, 'picodet-s');
    const camera = (id: string, kind: string, zones: unknown[], cadence: number) => ({
      id,
      kind,
      source: { url: 'unused.mp4', cadence },
      zones,
    });
    config = writeConfig(join(folder.path, 'edge.yaml'), {
      node: 'silent-edge',
      dataDir: join(folder.path, 'data'),
      modelsDir,
      model: 'picodet-s',
      uplink: { mqtt: 'mqtt://localhost:1', password: 'env:NONE', evidence: 'http://localhost:1' },
      cameras: [
        // A third of the default dwell too: silence must not come from the clip being short.
        camera(
          'street',
          'street',
          [stallZone, { ...stallZone, id: 'strict', params: { candidateSeconds: 20, dwellSeconds: 60 } }],
          2,
        ),
        camera('photograph', 'street', [stallZone], 1),
        camera('gate', 'gate', [gateZone, { ...stallZone, params: { candidateSeconds: 3, dwellSeconds: 8 } }], 5),
      ],
    });
  });
  afterAll(() => folder.remove());

  const replay = (clip: string, camera: string) => {
    const run = () => kerbwatch(['replay', clip, '--config', config, '--camera', camera, '--json']);
    const first = run();
    expect(first.stderr).toBe('');
    expect(first.status).toBe(0);
    expect(run().stdout).toBe(first.stdout);
    return first.stdout.trim();
  };

  test('people standing in a forbidden zone are no stall', () => {
    expect(replay(sharedFile('videos/intel_one-by-one-person-detection.mp4') ?? '', 'street')).toBe('');
  });

  test('cars over a gate line are no muck trucks', () => {
    expect(replay(sharedFile('videos/intel_car-detection.mp4') ?? '', 'gate')).toBe('');
  });

  test('people walking are no stall', () => {
    const frames = join(sharedFile('mot/TUD-Campus/img1') ?? '', '%06d.jpg');
    const clip = join(folder.path, 'tud-campus.mp4');
    execFileSync('ffmpeg', [
      '-v',
      'error',
      '-y',
      '-framerate',
      '25',
      '-i',
      frames,
      '-vf',
      'format=yuv420p',
      '-c:v',
      'libx264',
      '-g',
      '25',
      clip,
    ]);
    expect(replay(clip, 'gate')).toBe('');
  });

  test('MSMPEG4v2 in AVI decodes, and traffic on a road is no violation', () => {
    expect(replay(sharedFile('videos/bgslibrary_video.avi') ?? '', 'gate')).toBe('');
  });

  test.each([
    ['food trucks with customers', '000000000257'],
    ['umbrellas, chairs and people', '000000000315'],
  ])('a photograph of %s is found, and twice with the same bytes', (_title, photo) => {
    const clip = photographClip(
      sharedFile(`images/coco128-train/images/${photo}.jpg`) ?? '',
      join(folder.path, `${photo}.mp4`),
    );
    const events = replay(clip, 'photograph')
      .split('\n')
      .map((line) => JSON.parse(line) as { kind: string; phase: string });
    expect(events.filter((event) => event.phase === 'start')).toHaveLength(1);
    expect(new Set(events.map((event) => event.kind))).toEqual(new Set(['road-stall']));
  });
});
