/** The matters that ship: what each violation's entry says of the tables, and items of the tables without a detector. */
import type { MatterBody, MatterLimit } from './api/matter.ts';
import type { Bilingual } from './text.ts';
import { violationKinds, violations } from './violations/index.ts';
import type { FilingItem, HandlingLimit } from './violations/violation.ts';

/** A table that is in use in cities; where one is not known by its standard, it is said. */
export const matterSchemes: Readonly<Record<string, Bilingual>> = {
  'gbt30428.2-2013': {
    zh: '默认值：表 A，2013 年版代码（归于 GB/T 30428.2-2013，未核对原文），无处置时限',
    en: 'Default: table A, codes of 2013 (said to be GB/T 30428.2-2013, not checked against its text), without limits',
  },
  'city-table-b': {
    zh: '默认值：表 B，某城市公布的立案表；泉州自己的时限未找到，请按本地规定修改',
    en: 'Default: table B, the filing table that one city publishes; Quanzhou’s own limits were not found, edit to yours',
  },
};

const units = { 'running-hours': 'urgent_hour', 'working-hours': 'work_hour', 'working-days': 'work_day' } as const;
const toLimit = ({ amount, unit }: HandlingLimit): MatterLimit => ({ amount, unit: units[unit] });

const slot = (scheme: string, code: string, zh: string, en: string, limit: MatterLimit | null): MatterBody => ({
  ...{ scheme, code, title: { zh, en }, kind: null, reasons: [], limit },
});

/** Items for cases that people bring; no camera finds them. */
const slots: readonly MatterBody[] = [
  slot('city-table-b', '03-04', '工地扬尘', 'Dust of a site', { amount: 2, unit: 'work_hour' }),
  slot('city-table-b', '01-29', '露天烧烤', 'Barbecue in the open', { amount: 2, unit: 'urgent_hour' }),
  slot('city-table-b', '01-10', '暴露垃圾', 'Exposed rubbish', { amount: 4, unit: 'work_hour' }),
  slot('city-table-b', '01-11', '积存垃圾渣土', 'Dumped muck', { amount: 5, unit: 'work_day' }),
  slot('gbt30428.2-2013', '03-02', '工地扬尘', 'Dust of a site', null),
  slot('gbt30428.2-2013', '05-10', '露天烧烤', 'Barbecue in the open', null),
  slot('gbt30428.2-2013', '01-02', '暴露垃圾', 'Exposed rubbish', null),
  slot('gbt30428.2-2013', '01-03', '积存垃圾渣土', 'Dumped muck', null),
];

/** Every matter as it ships; a violation that lists no items is filed under its codes, and the limits of its entry count. */
export function shippedMatters(): MatterBody[] {
  const found = violationKinds.flatMap((kind) => {
    const { matters, filing, title } = violations[kind];
    const items: readonly FilingItem[] = filing ?? matters.map((matter) => ({ ...matter, title }));
    return items.map(({ scheme, code, title, reasons = [], limit = null }) => ({
      ...{ scheme, code, title, kind, reasons: [...reasons], limit: limit && toLimit(limit) },
    }));
  });
  return [...found, ...slots];
}
