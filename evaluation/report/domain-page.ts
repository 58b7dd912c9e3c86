/** The page of an evaluation by domain, in Chinese and English: a table and reliability curves for each. */
import type { DomainFigures, DomainReport, DomainRow, DomainTable } from './domain-report.ts';
import { RELIABILITY_FROM } from './domain-report.ts';
import { ap, shareText } from './figures.ts';
import { bilingual, type Cell, type Html, html, note, section, table } from './html.ts';
import { document } from './page.ts';
import { reliabilityChart } from './reliability-chart.ts';
import { wordOf } from './words.ts';

const soft = html`<span class="soft">–</span>`;

function figureCells(row: DomainRow | undefined): Cell[] {
  if (!row) return [soft, soft, soft, soft];
  const [at50, at30] = row.atThreshold;
  const loose = at30?.recall.value;
  return [
    html`${ap(row.ap50)}<small>IoU 0.3: ${ap(row.ap30)}</small>`,
    at50
      ? html`${shareText(at50.recall)}<small>IoU 0.3: ${loose == null ? '–' : `${(100 * loose).toFixed(1)} %`}</small>`
      : soft,
    at50 ? shareText(at50.precision) : soft,
    at50 ? html`${at50.falsePerPicture.toFixed(2)}<small>${at50.falseBoxes}</small>` : soft,
  ];
}

const heads: readonly Cell[] = [
  'AP50',
  bilingual({ zh: '召回率', en: 'recall' }),
  bilingual({ zh: '精确率', en: 'precision' }),
  bilingual({ zh: '误检/图', en: 'false a picture' }),
];

function classTable({ models }: DomainTable): Html {
  const labels = [...new Set(models.flatMap(({ rows }) => rows.map(({ label }) => label)))];
  const truthsOf = (label: string) =>
    models.flatMap(({ rows }) => rows.find((row) => row.label === label)?.truths ?? [])[0] ?? 0;
  const rowOf = (label: string, { rows }: DomainFigures) => rows.find((row) => row.label === label);
  const body = labels.flatMap((label) =>
    models.map((own, i): Cell[] => [
      i === 0 ? html`${bilingual(wordOf(label))}<small>${truthsOf(label)}</small>` : '',
      own.model,
      ...figureCells(rowOf(label, own)),
    ]),
  );
  const mean = models.map((own, i): Cell[] => [
    i === 0 ? html`<b>${bilingual({ zh: '平均', en: 'mean' })}</b>` : '',
    own.model,
    html`<b>${ap(own.meanAp50)}</b><small>${own.meanOver.join(', ')}</small>`,
    ...['', '', ''],
  ]);
  return table(['', bilingual({ zh: '模型', en: 'model' }), ...heads], [...mean, ...body]);
}

function curves({ models }: DomainTable): Html {
  const together = reliabilityChart(models.map(({ model, reliability }) => ({ name: model, reliability })));
  const labels = [...new Set(models.flatMap(({ rows }) => rows.map(({ label }) => label)))];
  const byClass = labels.map((label) => {
    const own = models.flatMap(({ model, rows }) => {
      const row = rows.find((each) => each.label === label);
      return row ? [{ name: model, reliability: row.reliability }] : [];
    });
    return html`<div><h3>${bilingual(wordOf(label))}</h3>${reliabilityChart(own)}</div>`;
  });
  return html`<h3>${bilingual({ zh: '可靠性曲线，各类合计', en: 'Reliability, all classes together' })}</h3>${together}<details><summary>${bilingual({ zh: '按类别', en: 'By class' })} (${labels.length})</summary><div class="pair">${byClass}</div></details>`;
}

function domainSection(own: DomainTable): Html {
  const listed = own.labelled.length > 20 ? `${own.labelled.length}` : own.labelled.join(', ');
  return section(
    { zh: own.domain, en: own.domain },
    html`<p class="soft">${bilingual({ zh: `${own.images} 张图片；已标注的类别：${listed}`, en: `${own.images} pictures; labelled classes: ${listed}` })} · <code>${own.sha256.slice(0, 12)}</code></p>`,
    classTable(own),
    curves(own),
  );
}

/** The page as HTML. */
export function renderDomains(report: DomainReport): string {
  const { program, models, minPixels, wallSeconds } = report;
  const names = models.map(({ name, version }) => `${name} ${version}`).join(', ');
  return document(
    { zh: 'Kerbwatch 图片评测（按来源）', en: 'Kerbwatch on labelled pictures, by domain' },
    {
      zh: '每个来源分开计：在一处准，不等于在另一处准。某来源未标注的类别，不在该处计算。',
      en: 'Each domain by itself: right on one is not right on the next. What a domain does not label is not asked there.',
    },
    html`<p class="soft">${program.name} ${program.version} · ${names} · ${wallSeconds} s</p>`,
    [
      ...report.domains.map(domainSection),
      note({
        zh: `只计第一个模型输入上 ${minPixels} 像素以上的目标。AP 用全部低分框；召回率、精确率、误检按模型卡的阈值，IoU 0.5，小字为样本数与 Wilson 95 % 区间。平均只取所有模型都有的类别。“vehicle”为小汽车、客车、货车合计，“stall or cart”为摊位与推车合计。可靠性曲线：分数 ${RELIABILITY_FROM} 以上的框，横轴为平均分数，纵轴为判对的比例（Guo et al. 2017）。`,
        en: `Things of ${minPixels} px and more at the first model’s input. AP takes weak boxes too; recall, precision and false boxes are at the card’s thresholds, IoU 0.5, small print cases and Wilson’s 95 % interval. The mean is over classes that every model knows. “vehicle” is car, bus and truck as one, “stall or cart” these two. Reliability: boxes from a score of ${RELIABILITY_FROM} on, mean score across, share of right ones up (Guo et al. 2017).`,
      }),
    ],
  );
}
