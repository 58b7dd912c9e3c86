/** What is proposed for a camera, as a person reads it, in Chinese or English. */
import type { Share } from '../metrics/share.ts';
import type { Adaptation, AdaptationRow } from './adaptation.ts';
import type { ShadowDifference, ShadowEvent } from './compare-events.ts';
import { type AdaptLanguage, adaptWords, conceptName } from './words.ts';

/** Han and full-width signs take two columns of a terminal. */
const widthOf = (text: string): number =>
  [...text].reduce((sum, sign) => sum + (/[\u2e80-\u9fff\uff00-\uff60]/.test(sign) ? 2 : 1), 0);

function tableOf(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => widthOf(row[i] ?? ''))));
  return rows.map((row) =>
    row
      .map((cell, i) => cell + ' '.repeat((widths[i] ?? 0) - widthOf(cell)))
      .join('  ')
      .trimEnd(),
  );
}

const digits = (value: number): string => value.toFixed(2);

function shareCell({ value, interval95 }: Share): string {
  if (value === null || interval95 === null) return '–';
  return `${digits(value)} (${digits(interval95.low)}–${digits(interval95.high)})`;
}

function cellsOf({ concept, right, wrong, proposal }: AdaptationRow, language: AdaptLanguage): string[] {
  const counts = [conceptName(concept, language), String(right), String(wrong)];
  if (!proposal) return [...counts, adaptWords[language].tooFew];
  const { now, proposed, atPresent, atProposed, heldOut } = proposal;
  return [
    ...counts,
    proposed > now ? `${digits(now)} → ${digits(proposed)}` : `${digits(now)} =`,
    shareCell(atPresent.precision),
    shareCell(atProposed.precision),
    shareCell(atProposed.recall),
    String(atProposed.wrongAvoided),
    String(atProposed.rightLost),
    `${heldOut.wrongAvoided} / ${heldOut.rightLost}`,
  ];
}

/** A table, what was left out, and that nothing was changed. */
export function describeAdaptation(adaptation: Adaptation, language: AdaptLanguage): string {
  const words = adaptWords[language];
  const { camera, model, rows, leftOut, aim, scores } = adaptation;
  const left = Object.entries(leftOut).filter(([, count]) => count > 0);
  const lines = [
    words.title(camera, `${model.name} ${model.version}`),
    ...tableOf([words.columns, ...rows.map((row) => cellsOf(row, language))]),
    ...left.map(([why, count]) => words.leftOut(count, words.why[why as keyof typeof leftOut])),
    words.aim(digits(aim.precision), digits(aim.maxLost), aim.minEach),
    scores === null ? words.nothing : words.proposesOnly,
  ];
  return `${lines.join('\n')}\n`;
}

function eventLine(sign: string, { startedAt, kind, zone, score }: ShadowEvent): string {
  return `  ${sign} ${startedAt}  ${kind}  ${zone}  ${digits(score)}`;
}

/** One clip of the shadow run: how many events stay, and each one gained or lost. */
export function describeShadow(clip: string, difference: ShadowDifference, language: AdaptLanguage): string {
  const { kept, gained, lost } = difference;
  const lines = [
    adaptWords[language].clip(clip, kept, gained.length, lost.length),
    ...lost.map((event) => eventLine('−', event)),
    ...gained.map((event) => eventLine('+', event)),
  ];
  return `${lines.join('\n')}\n`;
}
