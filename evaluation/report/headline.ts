/** The first table: what was measured beside what was asked for. */
import type { Bilingual } from '../../contracts/text.ts';
import { violationKinds } from '../../contracts/violations/index.ts';
import type { Share } from '../metrics/share.ts';
import { ap, delayText, rateText, shareText } from './figures.ts';
import { bilingual, type Html, html, note, section, table } from './html.ts';
import type { MediaReport } from './media-report.ts';
import { kindOf, wordOf } from './words.ts';

/** What was asked of scenes that were never used in training or tuning. */
export const aims = {
  precision: 0.95,
  recall: 0.95,
  medianDelaySeconds: 2,
  hardNegativeAlarms: 0,
  ap50: 0.85,
  ap50ByClass: { stall: 0.95, muck_truck: 0.95 },
  bed: 0.95,
} as const;

/** null: no case, nothing to judge. */
type Row = { readonly name: Html; readonly measured: Html; readonly aim: string; readonly met: boolean | null };

function mark(met: boolean | null): Html {
  if (met === null) return html`<span class="soft">${bilingual({ zh: '无样本', en: 'no case' })}</span>`;
  return met
    ? html`<b class="good">${bilingual({ zh: '✓ 达标', en: '✓ met' })}</b>`
    : html`<b class="bad">${bilingual({ zh: '✗ 未达', en: '✗ short' })}</b>`;
}

function shareRow(name: Html, share: Share, min: number): Row {
  const met = share.value === null ? null : share.value >= min;
  return { name, measured: shareText(share), aim: `≥ ${100 * min} %`, met };
}

function named(whose: Bilingual, figure: Bilingual): Html {
  return html`${bilingual(whose)}<small>${bilingual(figure)}</small>`;
}

function eventRows(report: MediaReport): Row[] {
  return violationKinds.flatMap((kind): Row[] => {
    const { precision, recall, delaySeconds } = report.byKind[kind];
    const title = kindOf(kind);
    return [
      shareRow(named(title, { zh: '事件精确率', en: 'event precision' }), precision, aims.precision),
      shareRow(named(title, { zh: '事件召回率', en: 'event recall' }), recall, aims.recall),
      {
        name: named(title, { zh: '应报到上报，中位数', en: 'due to reported, median' }),
        measured: delayText(delaySeconds),
        aim: `≤ ${aims.medianDelaySeconds} s`,
        met: delaySeconds && delaySeconds.median <= aims.medianDelaySeconds,
      },
    ];
  });
}

function boxRows({ boxes }: MediaReport): Row[] {
  const row = (name: Bilingual, value: number | null, min: number): Row => ({
    name: named(name, { zh: `检测框 AP50，≥ ${boxes.leastPixels} 像素`, en: `box AP50, ≥ ${boxes.leastPixels} px` }),
    measured: html`${ap(value)}`,
    aim: `≥ ${min}`,
    met: value === null ? null : value >= min,
  });
  const single = Object.entries(aims.ap50ByClass).map(([label, min]) =>
    row(wordOf(label), boxes.byClass.find((own) => own.label === label)?.ap50 ?? null, min),
  );
  return [row({ zh: '各类平均', en: 'Mean over classes' }, boxes.ap50, aims.ap50), ...single];
}

/** The section of aims; a figure without a case is neither met nor missed. */
export function headline(report: MediaReport): Html {
  const { all } = report.hardNegatives;
  const { load, cover } = report.trucks.passes;
  const truck = wordOf('muck_truck');
  const rows: Row[] = [
    ...eventRows(report),
    {
      name: named({ zh: '难负样本', en: 'Hard negatives' }, { zh: '误报', en: 'false alarms' }),
      measured: rateText(all),
      aim: `${aims.hardNegativeAlarms}`,
      met: all.perHour === null ? null : all.count <= aims.hardNegativeAlarms,
    },
    ...boxRows(report),
    shareRow(named(truck, { zh: '载重判断（每次通过）', en: 'load, by pass' }), load.right, aims.bed),
    shareRow(named(truck, { zh: '苫盖判断（每次通过）', en: 'cover, by pass' }), cover.right, aims.bed),
  ];
  return section(
    { zh: '结果与要求', en: 'Figures against the aims' },
    table(
      ['', bilingual({ zh: '实测', en: 'measured' }), bilingual({ zh: '要求', en: 'aim' })],
      rows.map((row) => [row.name, row.measured, html`${row.aim}<br>${mark(row.met)}`]),
    ),
    note({
      zh: '小字为样本数与 95 % 置信区间（比例：Wilson；误报率：Poisson）。样本少时区间宽，单个百分数不足为凭。',
      en: 'Small print: cases and 95 % interval (shares: Wilson; rates: Poisson). Few cases make wide intervals; the one figure alone proves little.',
    }),
  );
}
