/** Events by world, light and weather, and false alarms on clips without a violation. */
import type { Bilingual } from '../../contracts/text.ts';
import { violationKinds } from '../../contracts/violations/index.ts';
import type { SceneKey } from '../truth/truth.ts';
import type { SceneRow } from './event-report.ts';
import { delayText, rateText, shareText } from './figures.ts';
import { bilingual, type Cell, type Html, html, note, section, table } from './html.ts';
import type { MediaReport } from './media-report.ts';
import { kindOf, wordOf } from './words.ts';

const keyNames: Readonly<Record<keyof SceneKey, Bilingual>> = {
  world: { zh: '场所', en: 'world' },
  light: { zh: '光照', en: 'light' },
  weather: { zh: '天气', en: 'weather' },
};
const figureNames: readonly Bilingual[] = [
  { zh: '片段', en: 'clips' },
  { zh: '召回率', en: 'recall' },
  { zh: '精确率', en: 'precision' },
  { zh: '误报', en: 'false' },
  { zh: '延迟（中位数）', en: 'delay, median' },
];

function sceneTable(rows: readonly SceneRow[], keys: readonly (keyof SceneKey)[]): Html {
  const head: Cell[] = [bilingual({ zh: '违规', en: 'violation' }), ...keys.map((key) => bilingual(keyNames[key]))];
  return table(
    [...head, ...figureNames.map(bilingual)],
    rows.map((row) => [
      bilingual(kindOf(row.kind)),
      ...keys.map((key) => bilingual(wordOf(row[key] ?? ''))),
      row.clips,
      shareText(row.recall),
      shareText(row.precision),
      row.falseAlarms === 0 ? '0' : html`<b class="bad">${row.falseAlarms}</b>`,
      delayText(row.delaySeconds),
    ]),
  );
}

/** The section of events by world, light, weather and all three. */
export function breakdown({ breakdown: by }: MediaReport): Html {
  return section(
    { zh: '按场所、光照、天气', en: 'By world, light and weather' },
    html`<h3>${bilingual(keyNames.world)}</h3>${sceneTable(by.byWorld, ['world'])}`,
    html`<h3>${bilingual(keyNames.light)}</h3>${sceneTable(by.byLight, ['light'])}`,
    html`<h3>${bilingual(keyNames.weather)}</h3>${sceneTable(by.byWeather, ['weather'])}`,
    html`<details><summary>${bilingual({ zh: '全部组合', en: 'Every combination' })} (${by.cells.length})</summary>${sceneTable(by.cells, ['world', 'light', 'weather'])}</details>`,
  );
}

/** The section of false alarms: on clips without a violation beside all clips, and by hard negative. */
export function hardNegatives({ hardNegatives: calm, falseAlarms }: MediaReport): Html {
  const kinds = violationKinds.filter((kind) => calm.byKind[kind].hours > 0 || falseAlarms.byKind[kind].hours > 0);
  const onCalm = html`${bilingual({ zh: '无违规片段', en: 'clips without a violation' })} (${calm.clips})`;
  const onAll = html`${bilingual({ zh: '全部片段', en: 'all clips' })} (${falseAlarms.clips})`;
  const rates = table(
    ['', onCalm, onAll],
    [
      [bilingual({ zh: '合计', en: 'all' }), rateText(calm.all), rateText(falseAlarms.all)],
      ...kinds.map((kind) => [
        bilingual(kindOf(kind)),
        rateText(calm.byKind[kind]),
        rateText(falseAlarms.byKind[kind]),
      ]),
    ],
  );
  const names = table(
    [
      bilingual({ zh: '画面中有', en: 'in the picture' }),
      bilingual({ zh: '片段', en: 'clips' }),
      bilingual({ zh: '误报', en: 'false alarms' }),
    ],
    calm.byNegative.map((row) => [bilingual(wordOf(row.name)), row.clips, rateText(row)]),
  );
  return section(
    { zh: '误报', en: 'False alarms' },
    rates,
    calm.byNegative.length > 0
      ? html`<h3>${bilingual({ zh: '难负样本', en: 'Hard negatives' })}</h3>${names}`
      : note({ zh: '真值未注明难负样本。', en: 'The truth files name no hard negatives.' }),
  );
}
