/** An evaluation of domains in lines for a terminal. */
import type { DomainFigures, DomainReport, DomainRow } from '../report/domain-report.ts';

const ap = (value: number | null) => value?.toFixed(3) ?? '  –  ';
const percent = (value: number | null) => (value === null ? '  –' : value.toFixed(2));

function describeRow({ label, truths, ap50, ap30, atThreshold, reliability }: DomainRow): string {
  const [at50, at30] = atThreshold;
  const { recall, precision, falsePerPicture = 0 } = at50 ?? {};
  const seen = `recall ${percent(recall?.value ?? null)} (IoU .3: ${percent(at30?.recall.value ?? null)}), precision ${percent(precision?.value ?? null)}`;
  const error = reliability.expectedCalibrationError?.toFixed(3) ?? '–';
  return `    ${label.padEnd(14)} AP50 ${ap(ap50)}  AP30 ${ap(ap30)}  ${seen}, ${falsePerPicture.toFixed(2)} false a picture, calibration error ${error}  (${truths} boxes)`;
}

function describeFigures({ model, meanAp50, meanOver, rows, reliability }: DomainFigures): string[] {
  const error = reliability.expectedCalibrationError?.toFixed(3) ?? '–';
  return [
    `  ${model}: mean AP50 ${ap(meanAp50)} of ${meanOver.join(', ') || 'no class that all know'}, calibration error ${error}`,
    ...rows.map(describeRow),
  ];
}

/** The figures of each domain, model by model. */
export function describeDomains({ domains, models, minPixels, wallSeconds }: DomainReport): string {
  return [
    'on labelled pictures: what is not labelled in a domain is not asked there; recall, precision and false boxes at the card’s thresholds',
    `things of ${minPixels} px and more at the input of ${models[0]?.name}; the mean is over classes that all models know; ${wallSeconds} s`,
    ...domains.flatMap(({ domain, images, labelled, models: figures }) => [
      `${domain}: ${images} pictures, labelled: ${labelled.length > 20 ? `${labelled.length} classes` : labelled.join(', ')}`,
      ...figures.flatMap(describeFigures),
    ]),
  ].join('\n');
}
