/**
 * The promise of `contracts/violations`: a new violation is one entry, one folder of its rule and a line in each of the two
 * written lists. A fourth one is added to a copy of the sources, which must compile, tests and all, and take it from a
 * camera to the notice, the console and the reports. Whoever ties a part to the kinds there are breaks this test.
 */
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { packageRoot } from '../../platform/paths.ts';
import { copyHouse } from './sources.ts';

const run = promisify(execFile);
const root = packageRoot();
const fixture = join(root, 'tests', 'walls', 'fourth-violation', 'fixture');
const copy = mkdtempSync(join(tmpdir(), 'kerbwatch-fourth-'));
const sources = [
  'contracts',
  'platform',
  'edge',
  'hub',
  'cli',
  'evaluation',
  'demo',
  'sim',
  'bench',
  'tests',
  'tools',
  'test-media',
];
const files = ['package.json', 'tsconfig.json', 'tsconfig.base.json', 'vitest.config.ts', 'vitest.crash.config.ts'];
/** What no source needs. */
const heavy = new Set(['.mp4', '.jsonl', '.onnx', '.png', '.jpg', '.woff2']);

/** Tests that go through the written list. */
const kindTests = ['contracts/contracts.test.ts', 'platform/shape-faults.test.ts', 'evaluation/report/report.test.ts'];

/** Adds `line` after the last line that begins as `after` does. */
function addLine(file: string, ...lines: readonly { readonly after: RegExp; readonly line: string }[]): void {
  const text = readFileSync(join(copy, file), 'utf8').split('\n');
  for (const { after, line } of lines) text.splice(text.findLastIndex((one) => after.test(one)) + 1, 0, line);
  writeFileSync(join(copy, file), text.join('\n'));
}

function addViolation(): void {
  const isLight = (path: string) => !/node_modules|test-media.clips.+/.test(path) && !heavy.has(extname(path));
  copyHouse(copy, [...sources, ...files], isLight);
  cpSync(fixture, copy, { recursive: true });
  addLine(
    'contracts/violations/index.ts',
    { after: /^ {2}'[a-z-]+': \w+,$/, line: "  'illegal-parking': illegalParking," },
    { after: /^import /, line: "import { illegalParking } from './illegal-parking.ts';" },
  );
  addLine(
    'edge/rules/index.ts',
    { after: /^ {2}'[a-z-]+': \w+,$/, line: "  'illegal-parking': illegalParking," },
    { after: /^import /, line: "import { illegalParking } from './illegal-parking/rule.ts';" },
  );
}

/** What a compiler must say of a part that knows the kinds there were: that it does say it shows that it read the copy. */
const canary = `import type { ViolationKind } from '../contracts/violations/index.ts';
export const known: Readonly<Record<ViolationKind, 1>> = { 'road-stall': 1, 'bike-clutter': 1, 'muck-truck': 1 };
`;

/** Standard output, whether or not the program ended well. */
async function outputOf(program: string, ...args: readonly string[]): Promise<string> {
  const options = { cwd: copy, maxBuffer: 1 << 26, encoding: 'utf8' } as const;
  try {
    return (await run(process.execPath, [program, ...args], options)).stdout;
  } catch (error) {
    const { stdout, stderr } = error as { readonly stdout: string; readonly stderr: string };
    return `${stdout}${stderr}`;
  }
}

const program = (...path: readonly string[]) => join(root, 'node_modules', ...path);
/** Without the cache of the project itself, which the linked folder would share. */
const compile = (project: string, cache: string) =>
  outputOf(program('typescript', 'bin', 'tsc'), '-p', project, '--tsBuildInfoFile', join(copy, cache));

type Proof = ReturnType<typeof JSON.parse>;
let types: string;
let consoleTypes: string;
let ownTests: string;
let proof: Proof;

beforeAll(async () => {
  addViolation();
  writeFileSync(join(copy, 'hub', 'canary.ts'), canary);
  const clip = join(root, 'test-media', 'clips', 'stall-day.mp4');
  const kindTitle = join(copy, 'hub', 'console', 'src', 'format', 'kind.tsx');
  const proven = outputOf(program('tsx', 'dist', 'cli.mjs'), 'tests/walls/fourth-violation/proof.ts', clip, kindTitle);
  types = await compile('tsconfig.json', 'types.tsbuildinfo');
  consoleTypes = await compile('hub/console/tsconfig.json', 'console.tsbuildinfo');
  ownTests = await outputOf(program('vitest', 'vitest.mjs'), 'run', ...kindTests);
  const text = await proven;
  try {
    proof = JSON.parse(text.split('\n').at(-1) ?? '');
  } catch {
    throw new Error(`the fourth violation did not get through: ${text.slice(-4000)}`);
  }
}, 240_000);
afterAll(() => rmSync(copy, { recursive: true, force: true }));

test('it compiles, tests and console too: nothing asks for another change', () => {
  const faults = types.split('\n').filter((line) => /error TS/.test(line));
  expect(faults).toEqual([expect.stringMatching(/^hub\/canary\.ts.*illegal-parking/)]);
  expect(consoleTypes).toBe('');
});

test('what is asked of every entry is asked of it', () => {
  expect(ownTests).toMatch(/Test Files .*3 passed/);
});

test('whatever is drawn for it is checked and shown', () => {
  expect(proof.kind).toBe('illegal-parking');
  expect(proof.faults).toBe(0);
  expect(proof.crossed).toEqual(['zones[0].hydrants[0].keepClear']);
  expect(proof.shapes).toEqual(['zone true', 'kerb false', 'hydrants-0 true']);
});

test('the line finds it by its own parameters, and by those of the place', () => {
  expect(proof.params).toEqual({
    plain: { parkSeconds: 10, minScore: 0.3 },
    heritage: { parkSeconds: 5, minScore: 0.3 },
  });
  expect(proof.line.map(({ phase }: Proof) => phase)).toEqual(['start', 'end']);
  expect(proof.line[0]).toMatchObject({ detail: { ground: 'fire-lane' }, roles: ['start', 'threshold'] });
  expect(proof.observed).toBeGreaterThan(20);
});

test('the hub makes a case with a deadline, a notice and a plate of it, and counts it', () => {
  const { hub } = proof;
  expect(hub.acks).toEqual(['stored', 'stored']);
  expect(hub.cases).toBe(1);
  expect(hub.thumbnail).toBe(proof.threshold);
  expect(hub.handlingHours).toBeCloseTo(1, 1);
  expect(hub.haulage).toBeNull();
  expect(hub.byPlate).toBe(1);
  expect(hub.zh).toContain('车辆占用消防通道');
  expect(hub.zh).toContain('立即驶离消防通道。');
  expect(hub.en).toContain('a car blocks the fire lane');
  expect(hub.pdf).toBe('application/pdf');
  expect(hub.month.rows).toEqual([expect.objectContaining({ kind: 'illegal-parking', cases: 1 })]);
  const title = { zh: '最多车辆', en: 'Most cars' };
  expect(hub.month.observations).toEqual([
    expect.objectContaining({ kind: 'illegal-parking', statistics: [expect.objectContaining({ title, value: 7 })] }),
  ]);
});

test('the console calls it and its reason by their names in both languages', () => {
  expect(proof.console).toEqual({
    zh: { title: '机动车违法停车', reason: '消防通道' },
    en: { title: 'Illegal parking', reason: 'Fire lane' },
  });
});

test('the evaluation scores it, and its page says what it is', () => {
  const { detected, truths, reasons, bar, page } = proof.evaluation;
  expect([detected, truths]).toEqual([1, 2]);
  expect(reasons).toEqual([expect.objectContaining({ kind: 'illegal-parking', reason: 'fire-lane' })]);
  expect(bar).toEqual({ 'illegal-parking': { precision: 1, recall: 0.5 } });
  for (const word of ['机动车违法停车', 'Illegal parking', '消防通道', 'Fire lane', '占用 消防通道'])
    expect(page).toContain(word);
});
