/** The report of an evaluation of clips as one page, in Chinese and English. */
import type { Bilingual } from '../../contracts/text.ts';
import { bedMatrices } from './beds.ts';
import { boxTables } from './boxes.ts';
import { breakdown, hardNegatives } from './breakdown.ts';
import { delayChart } from './delay-chart.ts';
import { failureCards, type ShownFailure } from './failures.ts';
import { headline } from './headline.ts';
import { bilingual, type Html, html, section, table, trusted } from './html.ts';
import type { MediaReport, Origin } from './media-report.ts';
import { reasonTable } from './reasons.ts';
import { script, style } from './style.ts';

/** What the figures rest on, said before any figure. */
export function originText(origin: Origin, clips: number): Bilingual {
  if (origin === 'rendered') {
    return {
      zh: `在 ${clips} 段渲染场景上测得，不代表真实街道上的准确率。`,
      en: `Measured on ${clips} clips of rendered scenes; no claim about accuracy on real streets.`,
    };
  }
  if (origin === 'composite') {
    return {
      zh: `在 ${clips} 段合成片段上测得：渲染的物体放在真实街道录像前，画面、遮挡和噪声是真的，违规不是；与渲染场景分开计。`,
      en: `Measured on ${clips} composite clips: rendered things before real street video. Picture, occlusion and noise are real, violations are not; told apart from rendered scenes.`,
    };
  }
  if (origin === 'mixed') {
    return {
      zh: `${clips} 段片段中有渲染或合成的场景，也有其他来源；不代表真实街道上的准确率。`,
      en: `Of ${clips} clips some are rendered or composite scenes and some are not; no claim about accuracy on real streets.`,
    };
  }
  return {
    zh: `在 ${clips} 段片段上测得；真值文件未注明是渲染场景还是真实录像。`,
    en: `Measured on ${clips} clips; their truth files do not say whether they are rendered scenes or real footage.`,
  };
}

function facts(report: MediaReport): Html {
  const { model, program, clips, wallSeconds } = report;
  const hours = clips.reduce((sum, clip) => sum + clip.seconds, 0) / 3600;
  const minutes = (wallSeconds / 60).toFixed(1);
  return html`<p class="soft">${program.name} ${program.version} · ${bilingual({ zh: '模型', en: 'model' })} ${model.name} ${model.version} <code>${model.sha256.slice(0, 12)}</code> · ${bilingual(
    {
      zh: `${clips.length} 段片段，${hours.toFixed(2)} 摄像机小时，每秒 5 帧，评测用时 ${minutes} 分钟`,
      en: `${clips.length} clips, ${hours.toFixed(2)} camera hours at 5 frames a second, evaluated in ${minutes} minutes`,
    },
  )}</p>`;
}

function mediaList(report: MediaReport): Html {
  const rows = report.media.map(({ clip, seed, sha256, truthSha256 }) => [
    clip,
    seed ?? '–',
    html`<code>${sha256}</code>`,
    html`<code>${truthSha256}</code>`,
  ]);
  const list = table(
    ['', bilingual({ zh: '种子', en: 'seed' }), 'SHA-256', bilingual({ zh: '真值', en: 'truth' })],
    rows,
  );
  return section(
    { zh: '评测用的片段', en: 'The clips' },
    html`<details><summary>${bilingual({ zh: '文件与校验值', en: 'Files and their hashes' })} (${rows.length})</summary>${list}</details>`,
  );
}

/** A whole page around sections; loads nothing from anywhere but pictures beside it. */
export function document(title: Bilingual, origin: Bilingual, under: Html, sections: readonly Html[]): string {
  return html`<!doctype html>
<html lang="zh-CN" data-lang="zh"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="referrer" content="no-referrer"><title>${title.zh} · ${title.en}</title><style>${trusted(style)}</style></head>
<body><main><p class="origin">${bilingual(origin)}</p><header><h1>${bilingual(title)}</h1><button type="button">English</button></header>${under}
${sections}</main><script>${trusted(script)}</script></body></html>
`.html;
}

/** The page as HTML. @param failures with their pictures, in the order of the clips */
export function renderReport(report: MediaReport, failures: readonly ShownFailure[]): string {
  return document(
    { zh: 'Kerbwatch 评测报告', en: 'Kerbwatch evaluation' },
    originText(report.origin, report.clips.length),
    facts(report),
    [
      headline(report),
      failureCards(failures),
      reasonTable(report.reasons),
      breakdown(report),
      hardNegatives(report),
      delayChart(report),
      boxTables(report.boxes, {
        zh: '按模型卡上的分数阈值统计，低分框不在其中。',
        en: 'At the card’s own score threshold: weaker boxes are not among them.',
      }),
      bedMatrices(report.trucks.passes, report.trucks.frames),
      mediaList(report),
    ],
  );
}
