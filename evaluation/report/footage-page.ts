/** The page of an evaluation of footage, in Chinese and English: rates, boxes, and the still of each false alarm. */
import type { Bilingual } from '../../contracts/text.ts';
import { violationKinds } from '../../contracts/violations/index.ts';
import type { DayRate, FootageAlarm, FootageFigures, FootageReport } from './footage-report.ts';
import { bilingual, type Cell, type Html, html, note, section, table } from './html.ts';
import { document } from './page.ts';
import { kindOf, wordOf } from './words.ts';

/** Where the page finds a picture: beside it, or inside as `data:`. */
export type PictureSource = (name: string) => string;

function dayRateText({ count, hours, perDay, interval95 }: DayRate): Html {
  if (perDay === null || interval95 === null) return html`<span class="soft">–</span>`;
  const unit = bilingual({ zh: '次/摄像机日', en: 'a camera-day' });
  return html`${count}<small>${perDay.toFixed(2)} ${unit} · ${interval95.low.toFixed(2)}–${interval95.high.toFixed(2)} · ${hours.toFixed(2)} h</small>`;
}

const nameOf = ({ model }: FootageFigures): Cell => html`${model.name}<small>${model.version}</small>`;

function rates({ models, repeatToSeconds }: FootageReport): Html {
  const kinds = violationKinds.filter((kind) => models.some((own) => own.byKind[kind].hours > 0));
  const folders = models[0]?.byFolder ?? [];
  const rows: (readonly Cell[])[] = [
    [bilingual({ zh: '合计', en: 'all' }), ...models.map((own) => dayRateText(own.all))],
    ...kinds.map((kind) => [bilingual(kindOf(kind)), ...models.map((own) => dayRateText(own.byKind[kind]))]),
    ...(folders.length < 2
      ? []
      : folders.map(({ folder, clips }, i) => [
          html`${folder}<small>${clips} ${bilingual({ zh: '段', en: 'clips' })}</small>`,
          ...models.map(({ byFolder }) => (byFolder[i] ? dayRateText(byFolder[i].all) : '–')),
        ])),
  ];
  const repeated: Bilingual = {
    zh: '重复播放的片段画面相同，并非互不相关的样本：区间只说明播放时长内的次数，不说明换一条街会怎样。',
    en: 'A repeated clip shows the same again and is no new sample: the interval speaks of the hours played, not of other streets.',
  };
  return section(
    { zh: '误报', en: 'False alarms' },
    table(['', ...models.map(nameOf)], rows),
    note({
      zh: '小字：每摄像机日次数、泊松计数的精确 95 % 区间（Garwood 1936）、观看小时数。',
      en: 'Small print: a camera-day, the exact 95 % interval of a Poisson count (Garwood 1936), hours watched.',
    }),
    repeatToSeconds === null ? html`` : note(repeated),
  );
}

function boxes({ models }: FootageReport): Html {
  const concepts = [...new Set(models.flatMap((own) => own.boxes.map(({ concept }) => concept)))];
  const cell = (own: FootageFigures, concept: string): Cell => {
    const row = own.boxes.find((drawn) => drawn.concept === concept);
    return row?.per100Frames == null ? '0' : html`${row.per100Frames.toFixed(1)}<small>${row.boxes}</small>`;
  };
  return section(
    { zh: '每百帧检测框', en: 'Boxes a hundred frames' },
    table(
      ['', ...models.map(nameOf)],
      [
        [bilingual({ zh: '送入模型的帧', en: 'frames inferred' }), ...models.map((own) => own.boxFrames)],
        ...concepts.map((concept) => [bilingual(wordOf(concept)), ...models.map((own) => cell(own, concept))]),
      ],
    ),
    note({
      zh: '按模型卡的分数阈值，只计每段片段的第一遍。片段中没有摊位、推车、渣土车时，这三类的框都是误检；其余类别可能确有其物。',
      en: 'At the card’s thresholds, in the first playing of each clip. Where clips show no stall, cart or muck truck, every box of these three is false; the other classes may be there.',
    }),
  );
}

function card(alarm: FootageAlarm, own: FootageFigures, sourceOf: PictureSource): Html {
  const { picture, clip, kind, reportedSeconds, startSeconds, score, objects, zone } = alarm;
  const image = picture
    ? html`<img src="${sourceOf(picture.name)}" width="${picture.width}" height="${picture.height}" loading="lazy" alt="${kindOf(kind).en}">`
    : html`<p class="soft">${bilingual({ zh: '无截图', en: 'no still' })}</p>`;
  const things = objects.map(({ class: word, score: own }) => `${wordOf(word).en} ${own.toFixed(2)}`).join(', ');
  return html`<article class="false"><h3><span class="tag">${bilingual({ zh: '误报', en: 'False alarm' })}</span> ${bilingual(kindOf(kind))} <small>${own.model.name} · ${clip}</small></h3>
<figure>${image}</figure>
<dl><dt>${bilingual({ zh: '区域', en: 'Zone' })}</dt><dd>${zone}</dd><dt>${bilingual({ zh: '时间', en: 'Time' })}</dt><dd>${bilingual({ zh: `始于 ${startSeconds.toFixed(1)} 秒，${reportedSeconds.toFixed(1)} 秒上报`, en: `begun at ${startSeconds.toFixed(1)} s, reported at ${reportedSeconds.toFixed(1)} s` })}</dd><dt>${bilingual({ zh: '分数', en: 'Score' })}</dt><dd>${score.toFixed(2)} · ${things}</dd></dl></article>`;
}

function alarmCards({ models }: FootageReport, sourceOf: PictureSource): Html {
  const cards = models.flatMap((own) =>
    own.clips.flatMap(({ alarms }) => alarms.map((alarm) => card(alarm, own, sourceOf))),
  );
  const title = { zh: `每次误报的截图（${cards.length}）`, en: `The still of each false alarm (${cards.length})` };
  if (cards.length === 0) return section(title, note({ zh: '没有误报。', en: 'No false alarm.' }));
  return section(title, html`<div class="cards">${cards}</div>`);
}

function clipList({ models }: FootageReport): Html {
  const rows = (models[0]?.clips ?? []).map(({ clip, sha256, ownSeconds }, i) => [
    clip,
    ownSeconds.toFixed(1),
    ...models.map((own) => own.clips[i]?.alarms.length ?? 0),
    html`<code>${sha256.slice(0, 16)}</code>`,
  ]);
  const head = ['', bilingual({ zh: '秒', en: 's' }), ...models.map(nameOf), 'SHA-256'];
  return section(
    { zh: '各段片段', en: 'The clips' },
    html`<details><summary>${bilingual({ zh: '误报次数与校验值', en: 'False alarms and hashes' })} (${rows.length})</summary>${table(head, rows)}</details>`,
  );
}

function facts({ program, clips, ownHours, repeatToSeconds, wholePicture, cadence, resumed }: FootageReport): Html {
  const zones = wholePicture
    ? { zh: '整幅画面为区域，默认参数', en: 'zones over the whole picture, default parameters' }
    : { zh: '区域由文件给出', en: 'zones as given' };
  const length =
    repeatToSeconds === null
      ? { zh: '各播放一遍', en: 'played once' }
      : { zh: `每段重复至 ${repeatToSeconds} 秒`, en: `each repeated to ${repeatToSeconds} s` };
  const kept =
    resumed === 0
      ? { zh: '', en: '' }
      : { zh: `；${resumed} 项取自先前的运行`, en: `; ${resumed} results from an earlier run` };
  return html`<p class="soft">${program.name} ${program.version} · ${bilingual({
    zh: `${clips} 段，不同画面共 ${ownHours.toFixed(2)} 小时，${length.zh}，每秒 ${cadence} 帧；${zones.zh}${kept.zh}`,
    en: `${clips} clips, ${ownHours.toFixed(2)} h of different pictures, ${length.en}, ${cadence} frames a second; ${zones.en}${kept.en}`,
  })}</p>`;
}

/** The page as HTML. @param sourceOf address of a kept picture, by its name */
export function renderFootage(report: FootageReport, sourceOf: PictureSource): string {
  return document(
    { zh: 'Kerbwatch 实拍误报评测', en: 'Kerbwatch on footage' },
    {
      zh: '没有真值的录像：按片段中没有违规计，凡上报的事件都是误报。',
      en: 'Footage without truth: taken to show no violation, so that every event is a false alarm.',
    },
    facts(report),
    [rates(report), alarmCards(report, sourceOf), boxes(report), clipList(report)],
  );
}
