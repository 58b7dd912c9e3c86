/** Tables of box AP: by class and size, by light and weather. */
import type { BoxScore, GroupAp } from '../scoring/box-score.ts';
import { ap } from './figures.ts';
import { bilingual, type Html, html, note, section, table } from './html.ts';
import { wordOf } from './words.ts';

function classTable(boxes: BoxScore): Html {
  const sizes = boxes.bySize;
  const head = [
    '',
    bilingual({ zh: '框数', en: 'boxes' }),
    'AP50',
    'AP50:95',
    ...sizes.map(({ name }) => `${name} px`),
  ];
  const bySize = (label: string) =>
    sizes.map(({ byClass }) => {
      const own = byClass.find((row) => row.label === label);
      return own ? html`${ap(own.ap50)}<small>${own.truths}</small>` : html`<span class="soft">–</span>`;
    });
  const mean = [
    html`<b>${bilingual({ zh: '平均', en: 'mean' })}</b>`,
    boxes.byClass.reduce((sum, row) => sum + row.truths, 0),
    html`<b>${ap(boxes.ap50)}</b>`,
    html`<b>${ap(boxes.ap)}</b>`,
    ...sizes.map((size) => html`${ap(size.ap50)}<small>${size.truths}</small>`),
  ];
  return table(head, [
    mean,
    ...boxes.byClass.map((row) => [
      bilingual(wordOf(row.label)),
      row.truths,
      ap(row.ap50),
      ap(row.ap),
      ...bySize(row.label),
    ]),
  ]);
}

function groupTable(rows: readonly GroupAp[]): Html {
  return table(
    ['', bilingual({ zh: '框数', en: 'boxes' }), 'AP50'],
    rows.map((row) => [bilingual(wordOf(row.name)), row.truths, ap(row.ap50)]),
  );
}

/** The section of box AP. @param thresholds a sentence about the scores that count */
export function boxTables(boxes: BoxScore, thresholds: { readonly zh: string; readonly en: string }): Html {
  const missing = boxes.notInModel.join(', ');
  return section(
    { zh: '检测框', en: 'Boxes' },
    classTable(boxes),
    note({
      zh: `大小为模型输入上的 √(宽×高)。小于 ${boxes.leastPixels} 像素或可见不足三成的不计入 AP50；首列小于号一栏仅供参考。${thresholds.zh}`,
      en: `Size is √(w·h) at the model’s input. AP50 leaves out what is under ${boxes.leastPixels} px or shows less than three tenths; the column below that is for information. ${thresholds.en}`,
    }),
    missing
      ? note({
          zh: `模型没有的类别，未计：${missing}`,
          en: `Classes that the model has no word for, left out: ${missing}`,
        })
      : html``,
    html`<div class="pair"><div><h3>${bilingual({ zh: '光照', en: 'light' })}</h3>${groupTable(boxes.byLight)}</div><div><h3>${bilingual({ zh: '天气', en: 'weather' })}</h3>${groupTable(boxes.byWeather)}</div></div>`,
  );
}
