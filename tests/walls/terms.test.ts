/** One thing has one name: what people read in Chinese says the term of the trade, and no second one. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '../../platform/paths.ts';

const rooms = ['cli', 'contracts', 'demo', 'docs/zh', 'edge', 'hub', 'platform'];

/** The product; 整改提醒 with its second name 违规告知 once in the title; 运输路线牌. */
const otherNames = /路缘(观察|守望)|路沿观察|(?<!违规)告知(?!对方)|准运|运输许可|整改(通知|告知)/;

function textsOf(folder: string): { file: string; text: string }[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = join(folder, entry.name);
    if (entry.isDirectory()) return textsOf(file);
    return /\.(tsx?|md|html)$/.test(entry.name) ? [{ file, text: readFileSync(file, 'utf8') }] : [];
  });
}

test('notice, haulage permit and product have one Chinese name each', () => {
  const found = rooms
    .flatMap((room) => textsOf(join(packageRoot(), room)))
    .flatMap(({ file, text }) => text.split('\n').map((line, i) => ({ where: `${file}:${i + 1}`, line })))
    .filter(({ line }) => otherNames.test(line));
  expect(found).toEqual([]);
});
