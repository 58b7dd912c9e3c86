/** Verdicts come back, as an administrator does it: fetched from a hub, fitted, shadow-run on a clip, proposed, put into a configuration. */
import { execFile } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadClips } from '../../demo/clips.ts';
import type { CameraScores } from '../../edge/domain/camera-scores.ts';
import { readCard } from '../../edge/models/read-card.ts';
import { readVerdictFile } from '../../evaluation/adapt/read-verdicts.ts';
import { adaptFromVerdicts, shadowRun } from '../../evaluation/run/adapt-camera.ts';
import { packageRoot } from '../../platform/paths.ts';
import { readYaml } from '../../platform/read-yaml.ts';
import { PASSWORD, startSeededHub } from '../api/seeded-hub.ts';
import { street, verdictText } from '../verdict-cases.ts';
import { expectOneClearLine, writeEdge } from './refusals.ts';
import { cli, kerbwatch, temporaryFolder } from './stage.ts';

const folder = temporaryFolder('adapt');
const at = (name: string) => join(folder.path, name);
const clip = loadClips().find(({ truth }) => truth.violations.some(({ kind }) => kind === 'road-stall'));
const camera = clip?.truth.camera;
let config = '';

beforeAll(async () => {
  if (!clip || !camera) throw new Error('no clip with a stall is shipped');
  mkdirSync(at('clips'));
  copyFileSync(clip.file, join(at('clips'), basename(clip.file)));
  config = writeEdge(folder.path, 'edge', {
    model: 'kerb-s',
    cameras: [{ id: 'street-01', kind: camera.kind, source: { url: clip.file, cadence: 2 }, zones: camera.zones }],
  });
  const { version } = await readCard(join(packageRoot(), 'models', 'kerb-s'));
  const model = { name: 'kerb-s', version, sha256: 'a'.repeat(64) };
  // False ones score nearly as high as anything on this camera: only a very high threshold would help.
  const verdicts = [
    ...street(400, 0, { right: 0.99, wrong: 0, spread: 0.005 }),
    ...street(0, 400, { right: 0, wrong: 0.93, spread: 0.02 }),
  ].map((one) => ({ ...one, model }));
  writeFileSync(at('verdicts.ndjson'), verdictText(verdicts));
  writeFileSync(at('few.ndjson'), verdictText(verdicts.slice(0, 5)));
});
afterAll(() => folder.remove());

const adapt = (...words: string[]) => kerbwatch(['models', 'adapt', ...words], { BAD: 'x' });

describe('a proposal from the command line', () => {
  test('is a table, a shadow run and a file; the configuration stays as it is', { timeout: 480_000 }, async () => {
    const before = readFileSync(config, 'utf8');
    const proposal = at('proposal.yaml');
    const { status, stdout, stderr } = adapt(
      ...['--verdicts', at('verdicts.ndjson'), '--config', config, '--clips', at('clips'), '--out', proposal],
    );
    expect(stderr).toBe('');
    expect(status).toBe(0);
    expect(stdout).toContain('camera street-01, model kerb-s');
    expect(stdout).toMatch(/stall +400 +400 +0\.\d\d → 0\.9\d/);
    expect(stdout).toMatch(/\.mp4: \d+ events stay, \d+ lost, 0 gained/);
    expect(readFileSync(config, 'utf8')).toBe(before);
    const { cameras } = (await readYaml(proposal)) as { cameras: { id: string; scores: object }[] };
    expect(cameras).toEqual([
      { id: 'street-01', scores: { fittedTo: expect.anything(), thresholds: { stall: expect.any(Number) } } },
    ]);
    const taken = writeEdge(folder.path, 'taken', {
      cameras: [{ kind: camera?.kind, source: { url: clip?.file }, zones: camera?.zones, ...cameras[0] }],
    });
    expect(kerbwatch(['check', '--config', taken], { BAD: 'x' }).status).toBe(0);
    // Nothing more to say once it stands there.
    const again = adapt('--verdicts', at('verdicts.ndjson'), '--config', taken, '--json');
    const scores = cameras[0]?.scores as { thresholds?: { stall?: number } } | undefined;
    const threshold = scores?.thresholds?.stall;
    expect(JSON.parse(again.stdout)).toMatchObject({ rows: [{ concept: 'stall', proposal: { now: threshold } }] });
  });

  test('the shadow run names what is lost, and what is gained the other way round', { timeout: 480_000 }, async () => {
    const aim = { precision: 0.8, maxLost: 0.05, minEach: 8 };
    const adapted = await adaptFromVerdicts({ verdicts: at('verdicts.ndjson'), config, aim, calibrate: false });
    const { configured } = adapted;
    if (!configured) throw new Error('the camera stands in the configuration');
    const nothing = { thresholds: { stall: 1, cart: 1 } };
    const differenceOf = async (scores: CameraScores | null, present?: CameraScores) => {
      const line = { ...configured.camera, ...(present ? { scores: present } : {}) };
      const shadow = shadowRun(at('clips'), {
        ...adapted,
        configured: { ...configured, camera: line },
        adaptation: { ...adapted.adaptation, scores },
      });
      for await (const clip of shadow) return clip;
      throw new Error('a clip lies there');
    };
    const stall = { kind: 'road-stall', zone: camera?.zones[0]?.id, box: [0, 0, 0, 0].map(() => expect.any(Number)) };
    expect(await differenceOf(nothing)).toMatchObject({ kept: 0, gained: [], lost: [stall] });
    expect(await differenceOf({}, nothing)).toMatchObject({ kept: 0, gained: [stall], lost: [] });
  });

  test('in Chinese, and as JSON', () => {
    const zh = adapt('--verdicts', at('verdicts.ndjson'), '--model', 'kerb-s', '--lang', 'zh');
    expect(zh.stdout).toContain('摄像机 street-01');
    expect(zh.stdout).toContain('以上仅为建议，未做任何更改');
    const json = adapt('--verdicts', at('verdicts.ndjson'), '--calibrate', '--json');
    const { scores, shadow } = JSON.parse(json.stdout) as { scores: { calibration: object }; shadow: unknown[] };
    expect(scores.calibration).toEqual({ stall: { a: expect.any(Number), b: expect.any(Number) } });
    expect(shadow).toEqual([]);
  });

  test.each<[string, readonly string[], number, string, string]>([
    [
      'too few verdicts',
      ['--verdicts', at('few.ndjson'), '--model', 'kerb-s'],
      1,
      'EVAL_FEW_VERDICTS',
      '5 right and 0 wrong',
    ],
    ['another camera', ['--verdicts', at('few.ndjson'), '--camera', 'x'], 1, 'EVAL_FEW_VERDICTS', 'no verdict of it'],
    [
      'another model',
      ['--verdicts', at('few.ndjson'), '--model', 'picodet-s'],
      1,
      'EVAL_FEW_VERDICTS',
      '5 of another model',
    ],
    ['no export', ['--verdicts', at('gone.ndjson')], 1, 'EVAL_VERDICTS', 'ENOENT'],
    ['a video for an export', ['--verdicts', clip?.file ?? ''], 1, 'EVAL_VERDICTS', 'line 1'],
    [
      'clips without zones',
      ['--verdicts', at('verdicts.ndjson'), '--clips', at('clips')],
      2,
      'CFG_INVALID',
      '--config',
    ],
    ['a place that is none', ['--verdicts', at('verdicts.ndjson'), '--out', at('no/p.yaml')], 1, 'CLI_WRITE', '--out'],
  ])('%s: one clear line', (_, words, status, code, said) => {
    expectOneClearLine(adapt(...words), status, code, said);
  });
});

/** Beside a hub in this process, which must be able to answer. */
function runBeside(words: readonly string[]): Promise<{ status: number; stdout: string; stderr: string }> {
  const env = { ...process.env, HERS: PASSWORD };
  return new Promise((settle) => {
    execFile(process.execPath, [cli, ...words], { env }, (error, stdout, stderr) =>
      settle({ status: typeof error?.code === 'number' ? error.code : error ? -1 : 0, stdout, stderr }),
    );
  });
}

test('a hub’s verdicts, fetched by a supervisor, are an export that the command reads', async () => {
  const seeded = await startSeededHub();
  try {
    const out = at('fetched.ndjson');
    const login = ['--hub', seeded.hub.url, '--user', 'supervisor', '--password', 'env:HERS', '--out', out];
    const fetched = await runBeside(['models', 'verdicts', ...login]);
    expect(fetched).toEqual({ status: 0, stdout: '', stderr: '' });
    const { verdicts, header } = readVerdictFile(out, readFileSync(out, 'utf8'));
    expect(header.exportedBy).toBe('supervisor');
    expect(verdicts.map(({ verdict }) => verdict)).toContain('rejected');
    expectOneClearLine(
      adapt('--verdicts', out, '--camera', 'fz-dongtu-03', '--model', 'kerb-s'),
      ...([1, 'EVAL_FEW_VERDICTS', 'fz-dongtu-03'] as const),
    );
    const several = adapt('--verdicts', out);
    expectOneClearLine(several, 1, 'EVAL_VERDICTS', '--camera: dh-gate-01, fz-bike-03, fz-dongtu-03');
    const hers = ['--hub', seeded.hub.url, '--user', 'operator', '--password', 'env:HERS', '--out', at('x')];
    const operator = await runBeside(['models', 'verdicts', ...hers]);
    expect(operator.stderr).toContain('API_FORBIDDEN');
    expect(existsSync(at('x'))).toBe(false);
  } finally {
    await seeded.close();
  }
});
