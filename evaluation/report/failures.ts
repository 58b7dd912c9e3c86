/** A picture of every miss, every false alarm and every event that says the wrong thing, with what was true and what was said. */
import type { Bilingual } from '../../contracts/text.ts';
import type { Failure } from '../scoring/score-clip.ts';
import type { SceneKey } from '../truth/truth.ts';
import { explain, momentText } from './failure-text.ts';
import { bilingual, type Html, html, note, section } from './html.ts';
import { kindOf, wordOf } from './words.ts';

/** Address of a picture (relative or `data:`) and its size, px; null where the frame could not be read. */
export type FailurePicture = { readonly src: string; readonly width: number; readonly height: number } | null;
export type ShownFailure = {
  readonly failure: Failure;
  readonly scene: SceneKey;
  /** One a moment. */
  readonly pictures: readonly FailurePicture[];
};

const verdicts: Readonly<Record<Failure['outcome']['verdict'], Bilingual>> = {
  missed: { zh: '漏报', en: 'Missed' },
  false: { zh: '误报', en: 'False alarm' },
  found: { zh: '认定不符', en: 'Found for another reason' },
};

function figures({ failure, pictures }: ShownFailure): Html[] {
  return failure.moments.map((moment, i) => {
    const picture = pictures[i];
    const caption = momentText(moment);
    const image = picture
      ? html`<img src="${picture.src}" width="${picture.width}" height="${picture.height}" loading="lazy" alt="${caption.en}">`
      : html`<p class="soft">${bilingual({ zh: '该帧无法读取', en: 'the frame could not be read' })}</p>`;
    return html`<figure>${image}<figcaption>${bilingual(caption)}</figcaption></figure>`;
  });
}

function card(shown: ShownFailure): Html {
  const { failure, scene } = shown;
  const { truth, line } = explain(failure);
  const { verdict } = failure.outcome;
  const sky = [scene.world, scene.light, scene.weather].map((word) => html` · ${bilingual(wordOf(word))}`);
  return html`<article class="${verdict === 'found' ? 'other' : verdict}">
<h3><span class="tag">${bilingual(verdicts[verdict])}</span> ${bilingual(kindOf(failure.outcome.kind))} <small>${failure.clip}${sky}</small></h3>
${figures(shown)}
<dl><dt>${bilingual({ zh: '真值', en: 'Truth' })}</dt><dd>${bilingual(truth)}</dd><dt>${bilingual({ zh: '系统', en: 'Line' })}</dt><dd>${bilingual(line)}</dd></dl></article>`;
}

/** The section of failures: misses, then false alarms, then events found for another reason. */
export function failureCards(shown: readonly ShownFailure[]): Html {
  const misses = shown.filter(({ failure }) => failure.outcome.verdict === 'missed');
  const alarms = shown.filter(({ failure }) => failure.outcome.verdict === 'false');
  const others = shown.filter(({ failure }) => failure.outcome.verdict === 'found');
  const title = {
    zh: `漏报 ${misses.length}，误报 ${alarms.length}，认定不符 ${others.length}`,
    en: `${misses.length} missed, ${alarms.length} false alarms, ${others.length} found for another reason`,
  };
  if (shown.length === 0)
    return section(
      title,
      note({ zh: '没有漏报，也没有误报，认定都相符。', en: 'Nothing missed, no false alarm, every reason right.' }),
    );
  const legend = html`<p class="legend"><span class="key zone">${bilingual({ zh: '区域', en: 'zone' })}</span> <span class="key true">${bilingual({ zh: '真值框（实线）', en: 'true box (solid)' })}</span> <span class="key seen">${bilingual({ zh: '检测框（虚线）', en: 'detected box (dashed)' })}</span></p>`;
  return section(title, legend, html`<div class="cards">${[...misses, ...alarms, ...others].map(card)}</div>`);
}
