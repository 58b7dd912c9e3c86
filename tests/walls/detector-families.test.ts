/** A detector family is one folder and one line in the written list: one more is added to a copy of the sources, and works. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { families } from '../../edge/detectors/families.ts';
import { packageRoot } from '../../platform/paths.ts';
import { copyHouse, sourcesIn } from './sources.ts';

const root = packageRoot();
const copy = mkdtempSync(join(tmpdir(), 'kerbwatch-family-'));
afterAll(() => rmSync(copy, { recursive: true, force: true }));

/** Corners: [1, N, 4 + C] of x1, y1, x2, y2 in shares of the input, then a score a label. */
const cornersFamily = `
import { Type } from '@sinclair/typebox';
import { TensorName } from '../../domain/model-card.ts';
import { labelAbove } from '../best-label.ts';
import { addBox, tensorOf } from '../candidates.ts';
import { defineFamily } from '../family.ts';

export const corners = defineFamily({
  name: 'corners',
  outputs: { table: TensorName, scale: Type.Optional(Type.Number({ default: 1 })) },
  nmsFree: false,
  faultsOf: ({ scale }) => (scale > 0 ? [] : [{ path: 'outputs.scale', message: 'must grow' }]),
  expects: ({ table }, _input, labels) => [{ path: 'outputs.table', name: table, dims: [1, null, 4 + labels] }],
  collect(tensors, { table, scale }, input, min, out) {
    const { data, dims } = tensorOf(tensors, table);
    const row = dims[2] ?? 0;
    for (let at = 0; at < data.length; at += row) {
      const label = labelAbove(data, at + 4, min);
      if (label < 0) continue;
      const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = data.subarray(at, at + 4);
      const [kx, ky] = [input.width * scale, input.height * scale];
      addBox(out, min, label, { data, at: at + 4 }, x1 * kx, y1 * ky, x2 * kx, y2 * ky);
    }
  },
});
`;

/** What a program does with a model: card, shape of the graph, boxes; and a family that lacks a part, which must not compile. */
const use = `
import { createDecoder } from './edge/detectors/decode.ts';
import { defineFamily } from './edge/detectors/family.ts';
import { outputNames, shapeFaults } from './edge/models/check-shape.ts';
import { cardFaults, specOf } from './edge/models/read-card.ts';
import type { ModelCard } from './edge/models/card-schema.ts';

const card = {
  name: 'm', version: '1', family: 'corners', file: 'm.onnx', licence: 'MIT', source: 'here',
  input: { name: 'x', width: 64, height: 32, layout: 'nchw', type: 'float32', channels: 'rgb', resize: 'stretch' },
  outputs: { table: 't' },
  thresholds: { score: 0.3, nmsIou: 0.5 },
  labels: [{ name: 'person', concept: 'person' }, { name: 'stall', concept: 'stall' }],
} as const;
const spec = specOf(card as unknown as ModelCard);
const x = { name: 'x', type: 'float32', shape: [1, 3, 32, 64] };
const shape = (...dims: number[]) => shapeFaults(spec, { inputs: [x], outputs: [{ name: 't', type: 'float32', shape: dims }] });
const data = Float32Array.from([0.25, 0.5, 0.5, 1, 0.1, 0.9, 0.25, 0.5, 0.5, 1, 0.1, 0.8]);
const place = { offsetX: 0, offsetY: 0, scaledWidth: 64, scaledHeight: 32 };

// @ts-expect-error a family must say how boxes are read
defineFamily({ name: 'half', outputs: {}, nmsFree: false, expects: () => [] });
// @ts-expect-error a family must say what its graph gives
defineFamily({ name: 'half', outputs: {}, nmsFree: false, collect() {} });

process.stdout.write(JSON.stringify({
  good: cardFaults(card, 'm'),
  bad: cardFaults({ ...card, outputs: { table: 't', scale: 0, colour: 1 } }, 'm').map(({ path }) => path),
  meaning: cardFaults({ ...card, outputs: { table: 't', scale: 0 } }, 'm').map(({ path }) => path),
  outputs: [spec.outputs, outputNames(spec)],
  shapes: [shape(1, 2, 6), shape(1, 2, 7).map(({ message }) => message)],
  boxes: createDecoder(spec)({ t: { data, dims: [1, 2, 6] } }, place).map(({ label, box }) => [label, box]),
}));
`;

function addFamily(): void {
  const paths = ['contracts', 'platform', 'edge', 'package.json', 'tsconfig.base.json'];
  copyHouse(copy, paths, (file) => !file.endsWith('.test.ts'));
  // One folder.
  mkdirSync(join(copy, 'edge/detectors/corners'));
  writeFileSync(join(copy, 'edge/detectors/corners/family.ts'), cornersFamily);
  // One line, with its import.
  const list = join(copy, 'edge/detectors/families.ts');
  const written = readFileSync(list, 'utf8');
  const longer = written.replace(/^import .*\n/m, "import { corners } from './corners/family.ts';\n$&");
  writeFileSync(list, longer.replace('families = [', 'families = [corners, '));
}

test('one more family is a folder and a line: it compiles, its cards are checked, its boxes are read', () => {
  addFamily();
  writeFileSync(join(copy, 'use.ts'), use);
  const tsconfig = {
    extends: './tsconfig.base.json',
    compilerOptions: { noEmit: true, allowImportingTsExtensions: true },
    include: ['edge/detectors', 'edge/models', 'edge/inference', 'use.ts'],
  };
  writeFileSync(join(copy, 'tsconfig.json'), JSON.stringify(tsconfig));
  const options = { cwd: copy, encoding: 'utf8' } as const;
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  try {
    execFileSync(process.execPath, [tsc, '-p', 'tsconfig.json'], options);
  } catch (error) {
    expect((error as { stdout: string }).stdout).toBe('');
  }
  expect(JSON.parse(execFileSync(process.execPath, ['--import', 'tsx', 'use.ts'], options))).toEqual({
    good: [],
    bad: ['outputs.colour'],
    meaning: ['outputs.scale'],
    outputs: [{ family: 'corners', table: 't', scale: 1 }, ['t']],
    shapes: [[], ['expected [1, N, 6], the graph has [1, 2, 7]']],
    boxes: [['stall', [0.25, 0.5, 0.25, 0.5]]],
  });
}, 120_000);

test('every folder of families stands in the list under its own name', () => {
  const folders = readdirSync(join(root, 'edge/detectors'), { withFileTypes: true }).filter((at) => at.isDirectory());
  expect(folders.map(({ name }) => name).sort()).toEqual(families.map(({ name }) => name).sort());
});

test('no other source steers by the name of a family', () => {
  const literal = new RegExp(`['"\`](${families.map(({ name }) => name).join('|')})['"\`]`);
  const inFamily = /^edge\/detectors\/[^/]+\//;
  const found = sourcesIn(['contracts', 'platform', 'edge', 'evaluation', 'cli', 'tools'])
    .filter(({ file, text }) => !inFamily.test(file) && literal.test(text))
    .map(({ file }) => file);
  expect(found).toEqual([]);
});
