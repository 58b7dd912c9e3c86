/** Confusion of load and cover, by pass and by frame. */
import type { Bilingual } from '../../contracts/text.ts';
import type { BedConfusion, Confusion } from '../metrics/confusion.ts';
import { shareText } from './figures.ts';
import { bilingual, type Html, html, note, section, table } from './html.ts';
import { wordOf } from './words.ts';

function matrix(title: Bilingual, { truths, said, counts, right }: Confusion): Html {
  const rows = truths.map((truth, i) => {
    const row = counts[i] ?? [];
    const all = row.reduce((sum, count) => sum + count, 0);
    const cells = said.map((word, j) => {
      const share = all === 0 ? 0 : (row[j] ?? 0) / all;
      const kind = word === truth ? 'hit' : 'slip';
      return html`<span class="shade ${kind}" style="--share:${share.toFixed(3)}">${row[j] ?? 0}</span>`;
    });
    return [bilingual(wordOf(truth)), ...cells];
  });
  const head = [
    html`<small>${bilingual({ zh: '真值 ＼ 判断', en: 'true \\ said' })}</small>`,
    ...said.map((word) => bilingual(wordOf(word))),
  ];
  return html`<div><h3>${bilingual(title)} ${shareText(right)}</h3>${table(head, rows)}</div>`;
}

function pair(where: Bilingual, beds: BedConfusion): Html {
  const of = (what: Bilingual): Bilingual => ({ zh: `${what.zh}（${where.zh}）`, en: `${what.en}, ${where.en}` });
  const load = matrix(of({ zh: '载重', en: 'Load' }), beds.load);
  const cover = matrix(of({ zh: '苫盖', en: 'Cover' }), beds.cover);
  return html`<div class="pair">${load}${cover}</div>`;
}

/** The section of confusion matrices. @param passes null for images, which have none */
export function bedMatrices(passes: BedConfusion | null, frames: BedConfusion): Html {
  return section(
    { zh: '载重与苫盖', en: 'Load and cover' },
    passes ? pair({ zh: '每次通过', en: 'by pass' }, passes) : html``,
    pair({ zh: '每帧', en: 'by frame' }, frames),
    note({
      zh: '每次通过：以事件所述为准，无事件者以规则的投票为准；未被看到的车计为不明。每帧：与真值框 IoU ≥ 0.5 的检测框。',
      en: 'By pass: what the event says, else the rule’s votes; a truck that nobody saw counts as unknown. By frame: boxes that overlap the true one by half or more.',
    }),
  );
}
