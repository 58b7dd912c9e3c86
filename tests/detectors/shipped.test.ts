/** The models that ship: what the cards say of the files is so, and an int8 file is one. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
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

  it('says that it was measured on rendered scenes only, in both languages', () => {
    const text = readFileSync(join(models, name, 'CARD.md'), 'utf8');
    expect(text).toMatch(/rendered scenes only/);
    expect(text).toMatch(/never (been measured )?on real streets/);
    if (name.endsWith('-int8')) expect(text).toMatch(/从未在真实街道上测过/);
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
