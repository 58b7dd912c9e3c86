/** Which form of a model a camera gets: by what the cards say, by what the configuration says, by what the camera judges. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import type { CameraConfig, EdgeConfig } from '../../edge/config.ts';
import { createModelChoice } from '../../edge/models/model-folder.ts';
import { readCard } from '../../edge/models/read-card.ts';
import { readEdgeConfig } from '../../edge/read-config.ts';
import { AppError } from '../../platform/app-error.ts';
import { packageRoot } from '../../platform/paths.ts';

const folder = mkdtempSync(join(tmpdir(), 'kerbwatch-model-choice-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const full = await readCard(join(packageRoot(), 'models', 'kerb-s'));

const measured = (ap50: number, right?: number, on = 'the same frames') => ({
  on,
  ap50,
  ...(right === undefined ? {} : { bedsFound: { right } }),
});

/** A shelf with `m` and, where `small` says something, `m-int8`. */
let shelves = 0;
function shelf(own: object, small: object | null, weights = true): string {
  const dir = join(folder, `shelf-${++shelves}`);
  for (const [name, change] of [['m', own] as const, ['m-int8', small] as const]) {
    if (change === null) continue;
    mkdirSync(join(dir, name), { recursive: true });
    writeFileSync(join(dir, name, 'model.yaml'), stringify({ ...full, name, ...change }));
    if (weights) writeFileSync(join(dir, name, full.file), 'weights');
  }
  return dir;
}

const polygon = [
  [0, 0],
  [1, 0],
  [1, 1],
];
const cameraOf = (kind: 'road-stall' | 'muck-truck', more: object = {}) => ({
  id: 'c1',
  kind: kind === 'muck-truck' ? 'gate' : 'street',
  source: { url: 'rtsp://10.0.0.1/main' },
  zones: [
    {
      id: 'z',
      kind,
      polygon,
      ...(kind === 'muck-truck'
        ? {
            gateLine: [
              [0, 0],
              [1, 1],
            ],
            inside: [0.5, 0.1],
          }
        : {}),
    },
  ],
  ...more,
});
const configOf = (more: object, camera: object) => ({
  node: 'n1',
  dataDir: 'data',
  model: 'm',
  uplink: { mqtt: 'mqtt://127.0.0.1:9', password: 'env:PATH', evidence: 'http://127.0.0.1:9' },
  cameras: [camera],
  ...more,
});

async function chosen(more: object, camera: object = cameraOf('road-stall')): Promise<string> {
  const config = configOf(more, camera) as EdgeConfig;
  return basename(await createModelChoice(config, folder)(config.cameras[0] as CameraConfig));
}

describe('by the cards', () => {
  test.each<[string, object, object | null, string, string]>([
    ['as good', { measured: measured(0.893) }, { measured: measured(0.893) }, 'm-int8', 'm-int8'],
    ['half a point less', { measured: measured(0.893) }, { measured: measured(0.888) }, 'm-int8', 'm-int8'],
    ['a little more than that', { measured: measured(0.893) }, { measured: measured(0.8879) }, 'm', 'm'],
    ['better', { measured: measured(0.893) }, { measured: measured(0.91) }, 'm-int8', 'm-int8'],
    ['worse at truck beds', { measured: measured(0.9, 0.79) }, { measured: measured(0.9, 0.767) }, 'm-int8', 'm'],
    [
      'as good at truck beds',
      { measured: measured(0.9, 0.79) },
      { measured: measured(0.9, 0.786) },
      'm-int8',
      'm-int8',
    ],
    ['silent about truck beds', { measured: measured(0.9, 0.79) }, { measured: measured(0.9) }, 'm-int8', 'm'],
    ['not measured', { measured: measured(0.9) }, { measured: undefined }, 'm', 'm'],
    ['measured on other frames', { measured: measured(0.9) }, { measured: measured(0.9, 0.8, 'others') }, 'm', 'm'],
    ['of another version', { measured: measured(0.9) }, { measured: measured(0.9), version: '0.0.1' }, 'm', 'm'],
    ['under another licence', { measured: measured(0.9) }, { measured: measured(0.9), licence: 'MIT' }, 'm', 'm'],
    ['not there', { measured: measured(0.9) }, null, 'm', 'm'],
  ])('an 8-bit form that is %s', async (_, own, small, street, gate) => {
    const modelsDir = shelf(own, small);
    expect([await chosen({ modelsDir }), await chosen({ modelsDir }, cameraOf('muck-truck'))]).toEqual([street, gate]);
  });

  test('an 8-bit form whose weights were not fetched stays on the shelf', async () => {
    expect(await chosen({ modelsDir: shelf({ measured: measured(0.9) }, { measured: measured(0.9) }, false) })).toBe(
      'm',
    );
  });

  test('what ships runs in 8 bits everywhere: its cards say that boxes and truck beds lose nothing', async () => {
    const gate = cameraOf('muck-truck');
    expect(await chosen({ model: 'kerb-s' })).toBe('kerb-s-int8');
    expect(await chosen({ model: 'kerb-s' }, gate)).toBe('kerb-s-int8');
    expect(await chosen({ model: 'kerb-n' })).toBe('kerb-n-int8');
    expect(await chosen({ model: 'kerb-n' }, gate)).toBe('kerb-n-int8');
  });
});

describe('by the configuration', () => {
  const modelsDir = shelf({ measured: measured(0.9, 0.8) }, { measured: measured(0.1, 0.1) });

  test('fp32 and int8 are taken at their word, and a camera’s own word goes before the node’s', async () => {
    expect(await chosen({ modelsDir })).toBe('m');
    expect(await chosen({ modelsDir, precision: 'int8' })).toBe('m-int8');
    expect(await chosen({ modelsDir, precision: 'int8' }, cameraOf('road-stall', { precision: 'fp32' }))).toBe('m');
    expect(await chosen({ modelsDir, precision: 'fp32' }, cameraOf('muck-truck', { precision: 'int8' }))).toBe(
      'm-int8',
    );
    expect(await chosen({ model: 'kerb-s', precision: 'fp32' })).toBe('kerb-s');
  });

  test('a name that says int8 is one', async () => {
    for (const precision of ['auto', 'fp32', 'int8'])
      expect(await chosen({ modelsDir, model: 'm-int8', precision })).toBe('m-int8');
  });

  test('an 8-bit form that is asked for and not there is a fault of the configuration, at its place', async () => {
    const bare = shelf({ measured: measured(0.9) }, null);
    await expect(chosen({ modelsDir: bare, precision: 'int8' })).rejects.toMatchObject({ code: 'EDGE_MODEL_LOAD' });
    const faults = async (more: object, camera: object) => {
      const file = join(folder, 'edge.yaml');
      writeFileSync(file, stringify(configOf({ modelsDir: bare, ...more }, camera)));
      return readEdgeConfig(file).then(
        () => [],
        (error: unknown) => (error instanceof AppError ? error.faults.map(({ path }) => path) : [String(error)]),
      );
    };
    expect(await faults({ precision: 'int8' }, cameraOf('road-stall'))).toEqual(['model']);
    expect(await faults({}, cameraOf('road-stall', { precision: 'int8' }))).toEqual(['cameras[0].precision']);
    expect(await faults({ precision: 'int8', model: 'kerb-s' }, cameraOf('road-stall'))).toEqual([]);
    expect(await faults({ precision: 'fast' }, cameraOf('road-stall'))).toEqual(['precision']);
  });
});
