/** The models that ship: what the cards say of the files is so, and an int8 file is one. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { verifyModel } from '../../edge/inference/verify-model.ts';
import { readModel } from '../../edge/models/load-model.ts';
import { packageRoot } from '../../platform/paths.ts';

const models = join(packageRoot(), 'models');
const shipped = readdirSync(models).filter((name) => name.startsWith('kerb-'));
const int8 = shipped.filter((name) => name.endsWith('-int8'));

/** Nodes of one operator in an ONNX file: `op_type` is field 4 of a node, a length and the name. */
function countNodes(file: string, operator: string): number {
  const bytes = readFileSync(file);
  const mark = Buffer.concat([Buffer.from([0x22, operator.length]), Buffer.from(operator)]);
  let found = 0;
  for (let at = bytes.indexOf(mark); at >= 0; at = bytes.indexOf(mark, at + mark.length)) found++;
  return found;
}

it('there are two sizes of the detector, each in both forms', () => {
  expect(shipped).toEqual(expect.arrayContaining(['kerb-n', 'kerb-n-int8', 'kerb-s', 'kerb-s-int8']));
});

describe.each(shipped)('%s', (name) => {
  it('is what its card says: hash, input, outputs, labels', async () => {
    expect((await verifyModel(join(models, name))).faults).toEqual([]);
  });

  it('takes pixels as they are and has free weights', async () => {
    const { spec } = await readModel(join(models, name));
    expect(spec).toMatchObject({ licence: 'Apache-2.0', input: { type: 'uint8', layout: 'nhwc', channels: 'rgb' } });
  });

  it('says from what it learnt, and on what each figure was measured, in both languages', () => {
    const text = readFileSync(join(models, name, 'CARD.md'), 'utf8');
    expect(text).toMatch(/each figure says on what it was measured, and none of rendered scenes holds on real streets/);
    expect(text).toMatch(/### Real pictures\n/);
    if (!name.endsWith('-int8')) expect(text).toMatch(/渲染画面上的数字不能当作真实街道的准确率/);
    expect(text).toMatch(/在未参与训练的真实图片上/);
  });
});

describe.each(shipped.filter((name) => !int8.includes(name)))('%s', (name) => {
  it('names every real set that it learnt from, with origin and licence', () => {
    const text = readFileSync(join(models, name, 'CARD.md'), 'utf8');
    const card = parse(readFileSync(join(models, name, 'model.yaml'), 'utf8')) as {
      training: { realSets: Record<string, { pictures: number; from: string; licence: string }> };
    };
    const sets = Object.entries(card.training.realSets);
    expect(sets.length).toBeGreaterThan(0);
    for (const [set, { pictures, from, licence }] of sets) {
      expect(text).toContain(`| ${set} | ${pictures} | ${from} | ${licence} |`);
    }
  });
});

describe.each(int8)('%s', (name) => {
  const file = join(models, name, 'model.onnx');
  const parent = join(models, name.replace(/-int8$/, ''), 'model.onnx');

  it('holds its feature maps and weights in 8 bits', () => {
    // One pair for each feature map at least; a plain file has none.
    expect(countNodes(file, 'QuantizeLinear')).toBeGreaterThan(40);
    expect(countNodes(file, 'DequantizeLinear')).toBeGreaterThan(80);
    expect(countNodes(parent, 'QuantizeLinear')).toBe(0);
    expect(statSync(file).size).toBeLessThan(0.55 * statSync(parent).size);
  });
});
