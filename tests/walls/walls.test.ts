/** The canary: plants forbidden imports and must see the wall check catch them. A check that finds nothing proves nothing. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { packageRoot } from '../../platform/paths.ts';

const root = packageRoot();
const folders = ['contracts', 'platform', 'edge', 'hub', 'cli', 'evaluation', 'bench', 'demo', 'tools', 'tests'];

type Report = { summary: { violations: { rule: { name: string }; from: string }[]; totalCruised: number } };

function cruise(cwd: string, paths: readonly string[]): Report {
  const program = join(root, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruise.mjs');
  const args = [program, '--config', join(root, '.dependency-cruiser.mjs'), '--output-type', 'json', ...paths];
  try {
    return JSON.parse(execFileSync(process.execPath, args, { cwd, encoding: 'utf8', maxBuffer: 1 << 28 })) as Report;
  } catch (error) {
    return JSON.parse((error as { stdout: string }).stdout) as Report;
  }
}

const planted = mkdtempSync(join(root, '.walls-'));
afterAll(() => rmSync(planted, { recursive: true, force: true }));

function plant(path: string, text: string): void {
  mkdirSync(dirname(join(planted, path)), { recursive: true });
  writeFileSync(join(planted, path), text);
}

test('planted violations are caught', () => {
  writeFileSync(
    join(planted, 'tsconfig.json'),
    '{"compilerOptions":{"module":"NodeNext","allowImportingTsExtensions":true,"noEmit":true}}',
  );
  plant('hub/dedupe/join.ts', "import '../../edge/rules/road-stall/rule.ts';\nexport const a = 1;\n");
  plant('edge/rules/road-stall/rule.ts', "import 'node:fs';\nimport '../bike-clutter/rule.ts';\nexport const b = 1;\n");
  plant('edge/rules/bike-clutter/rule.ts', 'export const c = 1;\n');
  plant('edge/source/camera.ts', "import '../outbox/store.ts';\nexport const d = 1;\n");
  plant('edge/outbox/store.ts', 'export const e = 1;\n');
  plant('edge/outbox/pixels.ts', "import 'node-av/lib';\nimport '../media/decoder.ts';\nexport const h = 1;\n");
  plant('edge/media/decoder.ts', "import '../source/camera.ts';\nexport const i = 1;\n");
  plant('edge/models/read.ts', "import '../inference/session.ts';\nexport const j = 1;\n");
  plant('edge/inference/session.ts', "import '../images/read.ts';\nexport const k = 1;\n");
  plant('edge/images/read.ts', "import '../models/read.ts';\nexport const l = 1;\n");
  plant('edge/regions/far.ts', "import '../source/camera.ts';\nexport const m = 1;\n");
  plant('edge/main.ts', "import './source/camera.ts';\nexport const h = 1;\n");
  plant('contracts/event.ts', "import '../platform/clock.ts';\nexport const f = 1;\n");
  plant('platform/clock.ts', 'export const g = 1;\n');
  const caught = new Set(
    cruise(planted, ['contracts', 'platform', 'edge', 'hub']).summary.violations.map((v) => v.rule.name),
  );
  expect([...caught].sort()).toEqual(
    expect.arrayContaining([
      'contracts-stand-alone',
      'edge-stages-never-meet',
      'hub-never-imports-edge',
      'images-are-for-tools',
      'images-know-the-domain-only',
      'media-below-the-stages',
      'media-for-the-stages-that-see-pixels',
      'models-are-files-held-to-cards',
      'node-av-in-one-room',
      'main-process-holds-no-pixels',
      'no-sibling-rules',
      'pure-code-has-no-outside',
      'regions-know-no-stage',
    ]),
  );
});

test('the house keeps its walls, and the check really read it', () => {
  const { summary } = cruise(root, folders);
  expect(summary.totalCruised).toBeGreaterThan(100);
  expect(summary.violations.map((v) => `${v.rule.name}: ${v.from}`)).toEqual([]);
});
