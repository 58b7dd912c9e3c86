/** An evaluation in lines for a terminal. */

import type { BedConfusion } from '../metrics/confusion.ts';
import type { Rate, Share } from '../metrics/share.ts';
import type { ImageReport } from '../report/image-report.ts';
import type { MediaReport, Origin } from '../report/media-report.ts';
import type { BoxScore } from '../scoring/box-score.ts';
import type { ReasonRow } from '../scoring/reasons.ts';
import type { ClipReport } from '../scoring/score-clip.ts';
import { UNSTATED } from '../truth/truth.ts';

const origins: Readonly<Record<Origin, string>> = {
  rendered: 'on rendered scenes: no claim about real streets',
  composite:
    'on composite clips: rendered things before real street video; neither rendered scenes nor real violations',
  mixed: 'on rendered or composite scenes and on others: score each kind of clip by itself',
  unstated: 'on pictures that do not say whether they are rendered or real',
};

function describeShare({ hits, cases, value, interval95 }: Share): string {
  if (value === null || interval95 === null) return 'no case';
  return `${value.toFixed(2)} (${hits} of ${cases}, 95 %: ${interval95.low.toFixed(2)}–${interval95.high.toFixed(2)})`;
}

function describeRate({ count, hours, perHour, interval95 }: Rate): string {
  if (perHour === null || interval95 === null) return 'no hour watched';
  const interval = `${interval95.low.toFixed(2)}–${interval95.high.toFixed(2)}`;
  return `${count} in ${hours.toFixed(2)} h, ${perHour.toFixed(2)} an hour (95 %: ${interval})`;
}

const ap = (value: number | null) => value?.toFixed(3) ?? 'no case';

function describeBoxes(boxes: BoxScore): string[] {
  return [
    `boxes of ${boxes.leastPixels} px and more: AP50 ${ap(boxes.ap50)}, AP50:95 ${ap(boxes.ap)} over ${boxes.byClass.length} classes`,
    ...boxes.byClass.map(
      (row) => `  ${row.label.padEnd(14)} AP50 ${ap(row.ap50)}  AP50:95 ${ap(row.ap)}  (${row.truths} boxes)`,
    ),
    ...boxes.bySize.map((row) => `  ${`${row.name} px`.padEnd(14)} AP50 ${ap(row.ap50)}  (${row.truths} boxes)`),
    ...[...boxes.byLight, ...boxes.byWeather]
      .filter(({ name }) => name !== UNSTATED)
      .map((row) => `  ${row.name.padEnd(14)} AP50 ${ap(row.ap50)}  (${row.truths} boxes)`),
    ...(boxes.notInModel.length > 0 ? [`  not in the model: ${boxes.notInModel.join(', ')}`] : []),
  ];
}

function describeBeds(where: string, { load, cover, both }: BedConfusion): string[] {
  if (load.right.cases + cover.right.cases === 0) return [];
  const shares = `load ${describeShare(load.right)}, cover ${describeShare(cover.right)}, both ${describeShare(both)}`;
  return [`${where}: ${shares}`];
}

function describeReason({ kind, reason, recall, precision }: ReasonRow): string {
  return `  ${kind} ${reason}: recall ${describeShare(recall)}, precision ${describeShare(precision)}`;
}

/** The figures of clips, one line each. */
export function describeMedia(report: MediaReport): string {
  const { model, byKind, reasons, boxes, trucks, hardNegatives } = report;
  const events = Object.entries(byKind).map(([kind, score]) => {
    const delay = score.delaySeconds
      ? `, reported ${score.delaySeconds.median.toFixed(1)} s after due (p90 ${score.delaySeconds.p90.toFixed(1)}, worst ${score.delaySeconds.worst.toFixed(1)})`
      : '';
    return `${kind}: recall ${describeShare(score.recall)}, precision ${describeShare(score.precision)}${delay}`;
  });
  return [
    origins[report.origin],
    `model ${model.name} ${model.version}, ${report.clips.length} clips, ${report.wallSeconds} s`,
    ...events,
    ...(reasons.length > 0 ? ['what events say of them:', ...reasons.map(describeReason)] : []),
    `false alarms on ${hardNegatives.clips} clips without a violation: ${describeRate(hardNegatives.all)}`,
    ...hardNegatives.byNegative.filter(({ count }) => count > 0).map((row) => `  ${row.name}: ${describeRate(row)}`),
    ...describeBoxes(boxes),
    ...describeBeds('trucks, by pass', trucks.passes),
    ...describeBeds('trucks, by frame', trucks.frames),
  ].join('\n');
}

/** The figures of images, one line each. */
export function describeImages(report: ImageReport): string {
  const { model, boxes, coco } = report;
  return [
    origins[report.origin],
    `model ${model.name} ${model.version}, ${report.images} images (${report.format}), boxes from a score of ${report.minScore}, ${report.wallSeconds} s`,
    ...describeBoxes(boxes),
    coco
      ? `by label, all sizes, as COCO counts: AP ${ap(coco.ap)}, AP50 ${ap(coco.ap50)}, AP75 ${ap(coco.ap75)} over ${coco.labels} labels`
      : 'no label by the same name in both',
    ...describeBeds('trucks, by box', report.frames),
  ].join('\n');
}

/** One clip's progress. */
export function describeClip({ clip, frames, inferred, events }: ClipReport): string {
  const sum = (figure: 'detected' | 'truth' | 'falseAlarms') =>
    Object.values(events).reduce((total, score) => total + score[figure], 0);
  const found = `${sum('detected')} of ${sum('truth')} found, ${sum('falseAlarms')} false`;
  return `${clip}: ${found}, ${frames} frames, ${inferred} inferred`;
}
