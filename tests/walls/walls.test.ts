/** The canary: plants forbidden imports and must see the wall check catch them. A check that finds nothing proves nothing. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { packageRoot } from '../../platform/paths.ts';
import { rooms } from '../../tools/walls/rooms.mjs';

const root = packageRoot();
const folders = [
  'contracts',
  'platform',
  'edge',
  'hub',
  'cli',
  'evaluation',
  'bench',
  'demo',
  'sim',
  'tools',
  'tests',
  'test-media',
];

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

/** A file that may stand in the room's own folder. */
const fileIn = (room: string, file: string) => `${room.replace('/*', '')}/${file}`;

/** A room that the other may not import, nor lies around it or within it. */
function forbiddenFor({ name, imports }: (typeof rooms)[number]): string {
  const free = [name, ...imports].map((room) => room.replace(/\/\*$/, '/own'));
  const near = (a: string, b: string) => `${a}/`.startsWith(`${b}/`) || `${b}/`.startsWith(`${a}/`);
  const found = rooms.find((room) => !room.name.endsWith('/*') && !free.some((allowed) => near(allowed, room.name)));
  if (!found) throw new Error(`nothing is forbidden to ${name}`);
  return found.name;
}

test('planted violations are caught: one in every room, and one of each rule beside the rooms', () => {
  writeFileSync(
    join(planted, 'tsconfig.json'),
    '{"compilerOptions":{"module":"NodeNext","allowImportingTsExtensions":true,"noEmit":true}}',
  );
  const walled = rooms.filter(({ imports }) => !imports.includes('*'));
  for (const room of rooms) plant(fileIn(room.name, 'target.ts'), 'export const target = 1;\n');
  for (const room of walled) {
    const from = fileIn(room.name, 'planted.ts');
    const to = relative(dirname(from), fileIn(forbiddenFor(room), 'target.ts'));
    plant(from, `import '${to.startsWith('.') ? to : `./${to}`}';\nexport const planted = 1;\n`);
  }
  plant('edge/rules/road-stall/rule.ts', "import 'node:fs';\nimport '../bike-clutter/rule.ts';\nexport const b = 1;\n");
  plant('edge/rules/bike-clutter/rule.ts', "import '../road-stall/rule.ts';\nexport const c = 1;\n");
  plant('edge/detectors/yolox/decode.ts', "import '../detr/decode.ts';\nexport const c = 1;\n");
  plant('edge/detectors/detr/decode.ts', 'export const c = 1;\n');
  plant('edge/outbox/pixels.ts', "import 'node-av/lib';\nimport 'onnxruntime-node';\nexport const h = 1;\n");
  plant('edge/main.ts', "import './source/target.ts';\nexport const h = 1;\n");
  plant('cli/commands/read.ts', "import 'node:fs/promises';\nexport const i = 1;\n");
  plant('contracts/event.ts', "import 'kysely';\nexport const f = 1;\n");
  plant('hub/cases/row.ts', "import 'kysely';\nexport const a = 1;\n");
  const folder = (name: string) => name.split('/')[0] as string;
  const storeys = [...new Set(rooms.map(({ name }) => folder(name)))];
  const caught = new Set(cruise(planted, storeys).summary.violations.map((v) => v.rule.name));
  const beside = [
    'commands-only-declare',
    'contracts-stand-alone',
    'main-process-holds-no-pixels',
    'no-cycles',
    'no-sibling-detectors',
    'no-sibling-rules',
    'node-av-in-one-room',
    'onnxruntime-in-one-room',
    'pure-code-has-no-outside',
    'sql-in-storage',
  ];
  expect([...caught].sort()).toEqual([...walled.map(({ name }) => `room ${name}`), ...beside].sort());
});

test('the house keeps its walls, and the check really read it', () => {
  const { summary } = cruise(root, folders);
  expect(summary.totalCruised).toBeGreaterThan(100);
  expect(summary.violations.map((v) => `${v.rule.name}: ${v.from}`)).toEqual([]);
});

test('every folder is a room or lies in one', () => {
  const names = new Set(rooms.map(({ name }) => name));
  const storeys = new Set([...names].flatMap((name) => (name.includes('/') ? [name.split('/')[0] as string] : [])));
  const foldersIn = (path: string) =>
    readdirSync(join(root, path), { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() ? [path ? `${path}/${entry.name}` : entry.name] : [],
    );
  const found = folders.flatMap((folder) => (storeys.has(folder) && !names.has(folder) ? foldersIn(folder) : [folder]));
  expect(found.length).toBeGreaterThan(30);
  expect(found.filter((folder) => !names.has(folder))).toEqual([]);
});
