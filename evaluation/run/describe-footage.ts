/** An evaluation of footage in lines for a terminal. */
import { violationKinds } from '../../contracts/violations/index.ts';
import {
  askedConcepts,
  type DayRate,
  type FootageFigures,
  type FootagePlay,
  type FootageReport,
} from '../report/footage-report.ts';

function describeDayRate({ count, hours, perDay, interval95 }: DayRate): string {
  if (perDay === null || interval95 === null) return 'no hour watched';
  const interval = `${interval95.low.toFixed(2)}–${interval95.high.toFixed(2)}`;
  return `${count} in ${hours.toFixed(2)} h, ${perDay.toFixed(2)} a camera-day (95 %: ${interval})`;
}

function describeModel({ model, all, byKind, byFolder, boxes, boxFrames, clips }: FootageFigures): string[] {
  const asked: readonly string[] = askedConcepts;
  const drawn = boxes
    .filter(({ concept, boxes: count }) => count > 0 || asked.includes(concept))
    .map(({ concept, boxes: count, per100Frames }) => `${concept} ${per100Frames?.toFixed(1) ?? '–'} (${count})`);
  return [
    `${model.name} ${model.version}: false alarms ${describeDayRate(all)}`,
    ...violationKinds
      .filter((kind) => byKind[kind].hours > 0)
      .map((kind) => `  ${kind}: ${describeDayRate(byKind[kind])}`),
    ...(byFolder.length > 1 ? byFolder.map((row) => `  in ${row.folder}: ${describeDayRate(row.all)}`) : []),
    `  boxes a hundred frames, at the card's thresholds, of ${boxFrames} frames: ${drawn.join(', ')}`,
    ...clips.flatMap(({ alarms }) =>
      alarms.map(
        ({ clip, kind, score, reportedSeconds, objects }) =>
          `  ${clip} ${kind} at ${reportedSeconds.toFixed(1)} s, score ${score.toFixed(2)}: ${objects.map((object) => `${object.class} ${object.score.toFixed(2)} [${object.box.map((share) => share.toFixed(3)).join(' ')}]`).join('; ')}`,
      ),
    ),
  ];
}

/** The figures of footage, one line each. */
export function describeFootage(report: FootageReport): string {
  const { clips, ownHours, repeatToSeconds, wholePicture, withTruth, wallSeconds, resumed } = report;
  const repeated = repeatToSeconds === null ? 'played once' : `each repeated to ${repeatToSeconds} s`;
  const zones = wholePicture ? 'zones of every kind over the whole picture, default parameters' : 'zones as given';
  return [
    'on footage without truth: taken to show no violation, so that every event is a false alarm',
    `${clips} clips, ${ownHours.toFixed(2)} h of different pictures, ${repeated}; ${zones}; ${wallSeconds} s${resumed > 0 ? `, ${resumed} results from an earlier run` : ''}`,
    ...(withTruth.length > 0 ? [`left out, as there is a truth beside them: ${withTruth.join(', ')}`] : []),
    ...report.models.flatMap(describeModel),
  ].join('\n');
}

/** One clip's progress. */
export function describeFootagePlay({ clip, frames, inferred, alarms, streamSeconds }: FootagePlay): string {
  return `${clip}: ${alarms.length} false, ${streamSeconds.toFixed(0)} s, ${frames} frames, ${inferred} inferred`;
}
