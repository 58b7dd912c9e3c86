/** What events say of the violations that they found: sub-kinds, reasons, findings. */
import { valueText } from '../../contracts/violations/detail.ts';
import { violations } from '../../contracts/violations/index.ts';
import type { ReasonRow } from '../scoring/reasons.ts';
import { shareText } from './figures.ts';
import { bilingual, type Html, note, section, table } from './html.ts';
import { kindOf, wordOf } from './words.ts';

/** The section of sub-kinds, reasons and findings, one row each. */
export function reasonTable(rows: readonly ReasonRow[]): Html {
  const head = [
    { zh: '违规', en: 'violation' },
    { zh: '认定', en: 'reason' },
    { zh: '召回率', en: 'recall' },
    { zh: '精确率', en: 'precision' },
  ];
  return section(
    { zh: '认定的内容', en: 'What events say' },
    table(
      head.map(bilingual),
      rows.map(({ kind, reason, recall, precision }) => [
        bilingual(kindOf(kind)),
        bilingual(valueText(kind, violations[kind].reasonField, reason) ?? wordOf(reason)),
        shareText(recall),
        shareText(precision),
      ]),
    ),
    note({
      zh: '漏报的违规什么也没有说，计入召回率；误报的事件所说的都不成立，计入精确率。',
      en: 'A missed violation had nothing said of it, which counts in recall; nothing that a false alarm says is so, which counts in precision.',
    }),
  );
}
