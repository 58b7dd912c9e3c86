/** One thing has one name: what people read in Chinese says the term of the trade, and no second one. */
import { expect, test } from 'vitest';
import { sourcesIn } from './sources.ts';

const rooms = ['cli', 'contracts', 'demo', 'sim', 'docs/zh', 'edge', 'hub', 'platform'];

/** The product; 整改提醒 with its second name 违规告知 once in the title; 运输路线牌. */
const otherNames = /路缘(观察|守望)|路沿观察|(?<!违规)告知(?!对方)|准运|运输许可|整改(通知|告知)/;

test('notice, haulage permit and product have one Chinese name each', () => {
  const found = sourcesIn(rooms, (file) => /\.(tsx?|md|html)$/.test(file))
    .flatMap(({ file, text }) => text.split('\n').map((line, i) => ({ where: `${file}:${i + 1}`, line })))
    .filter(({ line }) => otherNames.test(line));
  expect(found).toEqual([]);
});
