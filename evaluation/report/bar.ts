/** The recorded bar: figures under which an evaluation must not fall, kept as data beside the clips' truth. */
import { type Static, Type } from '@sinclair/typebox';
import { ModelRef } from '../../contracts/event.ts';
import { type ViolationKind, violationKinds } from '../../contracts/violations/index.ts';
import { AppError } from '../../platform/app-error.ts';
import { faultsOf } from '../../platform/validate.ts';
import type { MediaReport } from './media-report.ts';

const closed = { additionalProperties: false } as const;
const Share = Type.Number({ minimum: 0, maximum: 1 });

export const Bar = Type.Object(
  {
    /** How it came about, for who reads the file. */
    comment: Type.Array(Type.String()),
    recordedWith: Type.Object({ model: ModelRef, clips: Type.Array(Type.String()) }, closed),
    events: Type.Record(Type.String(), Type.Object({ precision: Share, recall: Share }, closed)),
    /** By `kind/reason`. */
    reasons: Type.Record(Type.String(), Type.Object({ precision: Share, recall: Share }, closed)),
    mostFalseAlarms: Type.Integer({ minimum: 0 }),
    mostMedianDelaySeconds: Type.Number(),
    boxes: Type.Object({ ap50: Share, byClass: Type.Record(Type.String(), Share) }, closed),
    passes: Type.Object({ load: Share, cover: Share }, closed),
    frames: Type.Object({ load: Share, cover: Share }, closed),
  },
  closed,
);
export type Bar = Static<typeof Bar>;

export type BarFault = { readonly path: string; readonly bar: number; readonly measured: number | null };

/** A median later than this is never recorded as good enough, s (issue: time from due to reported). */
const MAX_MEDIAN_DELAY = 2;
/** Floating point differs a little between processors; boxes near a threshold come and go. */
const AP_SLACK = 0.02;
const FRAME_SLACK = 0.02;

const floor = (value: number) => Math.floor(Math.max(0, value) * 1000 + 1e-6) / 1000;

/** Medians of each kind that has a case. */
function medians(report: MediaReport): [string, number][] {
  return violationKinds.flatMap((kind): [string, number][] => {
    const delays = report.byKind[kind].delaySeconds;
    return delays ? [[kind, delays.median]] : [];
  });
}

const COMMENT = [
  'Figures under which an evaluation of these clips must not fall: `kerbwatch eval --media DIR --bar FILE`.',
  'Recorded with `kerbwatch eval --media DIR --record-bar FILE`: events and passes as measured, boxes and frames less',
  '0.02, because floating point differs a little between processors. Raise it when a model is better; when it has to',
  'be lowered, the commit says why.',
];

/** A bar at what this run reached: events and passes as they are, boxes and frames with a little slack. */
export function proposeBar(report: MediaReport): Bar {
  const shareOf = (value: number | null, slack = 0) => floor((value ?? 0) - slack);
  const { passes, frames } = report.trucks;
  const kinds = violationKinds.filter((kind) => report.byKind[kind].truth > 0);
  return {
    comment: COMMENT,
    recordedWith: { model: report.model, clips: report.clips.map(({ clip }) => clip) },
    events: Object.fromEntries(
      kinds.map((kind) => {
        const { precision, recall } = report.byKind[kind];
        return [kind, { precision: shareOf(precision.value), recall: shareOf(recall.value) }];
      }),
    ),
    reasons: Object.fromEntries(
      report.reasons
        .filter(({ recall }) => recall.cases > 0)
        .map(({ kind, reason, recall, precision }) => [
          `${kind}/${reason}`,
          { precision: shareOf(precision.value), recall: shareOf(recall.value) },
        ]),
    ),
    mostFalseAlarms: report.falseAlarms.all.count,
    mostMedianDelaySeconds: MAX_MEDIAN_DELAY,
    boxes: {
      ap50: shareOf(report.boxes.ap50, AP_SLACK),
      byClass: Object.fromEntries(report.boxes.byClass.map(({ label, ap50 }) => [label, shareOf(ap50, AP_SLACK)])),
    },
    passes: { load: shareOf(passes.load.right.value), cover: shareOf(passes.cover.right.value) },
    frames: {
      load: shareOf(frames.load.right.value, FRAME_SLACK),
      cover: shareOf(frames.cover.right.value, FRAME_SLACK),
    },
  };
}

type Minimum = readonly [path: string, bar: number, measured: number | null];
type PrecisionRecall = {
  readonly precision: { readonly value: number | null };
  readonly recall: { readonly value: number | null };
};

function pair(path: string, own: PrecisionRecall | undefined, precision: number, recall: number): Minimum[] {
  const minima: Minimum[] = [[`${path}.recall`, recall, own?.recall.value ?? null]];
  // Where nothing was reported there is no precision; recall tells it.
  if (own?.precision.value !== null) minima.push([`${path}.precision`, precision, own?.precision.value ?? null]);
  return minima;
}

/** Every figure that lies under the bar. A figure that the bar asks for and the run has no case of is one of them. */
export function faultsUnderBar(report: MediaReport, bar: Bar): BarFault[] {
  const minima: Minimum[] = [];
  for (const [kind, { precision, recall }] of Object.entries(bar.events)) {
    const own = (report.byKind as Record<string, MediaReport['byKind'][ViolationKind] | undefined>)[kind];
    minima.push(...pair(`events.${kind}`, own, precision, recall));
  }
  for (const [name, { precision, recall }] of Object.entries(bar.reasons)) {
    const own = report.reasons.find(({ kind, reason }) => `${kind}/${reason}` === name);
    minima.push(...pair(`reasons.${name}`, own, precision, recall));
  }
  minima.push(['boxes.ap50', bar.boxes.ap50, report.boxes.ap50]);
  for (const [label, ap50] of Object.entries(bar.boxes.byClass)) {
    const own = report.boxes.byClass.find((row) => row.label === label);
    minima.push([`boxes.byClass.${label}`, ap50, own?.ap50 ?? null]);
  }
  for (const where of ['passes', 'frames'] as const) {
    for (const part of ['load', 'cover'] as const) {
      const value = report.trucks[where][part].right.value;
      // Clips without a truck have none; a bar of 0 asks for none.
      if (value !== null || bar[where][part] > 0) minima.push([`${where}.${part}`, bar[where][part], value]);
    }
  }
  const maxima: (readonly [string, number, number])[] = [
    ['mostFalseAlarms', bar.mostFalseAlarms, report.falseAlarms.all.count],
    ...medians(report).map(([kind, s]) => [`mostMedianDelaySeconds (${kind})`, bar.mostMedianDelaySeconds, s] as const),
  ];
  return [
    ...minima.filter(([, wanted, measured]) => measured === null || measured < wanted),
    ...maxima.filter(([, wanted, measured]) => measured > wanted),
  ].map(([path, wanted, measured]) => ({ path, bar: wanted, measured }));
}

/** Each fault in one line. */
export function describeFault({ path, bar, measured }: BarFault): string {
  return `${path}: bar ${bar}, measured ${measured === null ? 'no case' : Math.round(measured * 1000) / 1000}`;
}

/** Reads a bar file. @param file its name in messages. @throws EVAL_TRUTH with every fault */
export function parseBar(text: string, file: string): Bar {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new AppError('EVAL_TRUTH', `${file}: not JSON`, { cause });
  }
  const faults = faultsOf(Bar, value);
  if (faults.length > 0) throw new AppError('EVAL_TRUTH', `${file}: ${faults.length} faults`, { faults });
  return value as Bar;
}
