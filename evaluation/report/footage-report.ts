/** Figures of models on footage that shows no violation: false alarms a camera-day, and boxes of what is not there. */
import type { EventObject, ModelRef } from '../../contracts/event.ts';
import { type ViolationKind, violationKinds } from '../../contracts/violations/index.ts';
import type { ZoneConfig } from '../../contracts/zone.ts';
import { poisson } from '../metrics/poisson.ts';
import type { Interval } from '../metrics/wilson.ts';

/** A false alarm; seconds of the stream, in which a repeated clip goes on. */
export type FootageAlarm = {
  readonly clip: string;
  readonly kind: ViolationKind;
  readonly zone: string;
  readonly startSeconds: number;
  readonly reportedSeconds: number;
  readonly score: number;
  readonly detail: Readonly<Record<string, unknown>>;
  /** What the event counted, as it was first reported; boxes are shares of the frame. */
  readonly objects: readonly EventObject[];
  /** The still with its boxes, or null where the event brought none. */
  readonly picture: FootagePicture | null;
};

/** A kept picture by its name, and its size, px. */
export type FootagePicture = { readonly name: string; readonly width: number; readonly height: number };

/** One clip as one model saw it. */
export type FootagePlay = {
  readonly clip: string;
  readonly folder: string;
  readonly sha256: string;
  /** One playing, and the whole stream, s. */
  readonly ownSeconds: number;
  readonly streamSeconds: number;
  /** Frames that the line took, and those of them that the model looked at. */
  readonly frames: number;
  readonly inferred: number;
  /** Frames of the first playing that the model looked at, and the boxes in them by concept. */
  readonly boxFrames: number;
  readonly boxes: Readonly<Record<string, number>>;
  readonly alarms: readonly FootageAlarm[];
};

/** How often something came in a day of watching one camera; null where nobody watched. */
export type DayRate = {
  readonly count: number;
  readonly hours: number;
  readonly perDay: number | null;
  /** Exact 95 % interval of a Poisson count (Garwood 1936), a day. */
  readonly interval95: Interval | null;
};

/** Boxes at the card's thresholds. */
export type DrawnBoxes = { readonly concept: string; readonly boxes: number; readonly per100Frames: number | null };

type FolderFigures = { readonly folder: string; readonly clips: number; readonly all: DayRate };

/** What one model said of all clips. */
export type FootageFigures = {
  readonly model: ModelRef;
  readonly hours: number;
  readonly all: DayRate;
  readonly byKind: Readonly<Record<ViolationKind, DayRate>>;
  readonly byFolder: readonly FolderFigures[];
  /** Frames of the first playing that the model looked at. */
  readonly boxFrames: number;
  /** What may be a violation first, then whatever else was drawn, the most first. */
  readonly boxes: readonly DrawnBoxes[];
  readonly clips: readonly FootagePlay[];
};

export type FootageReport = {
  readonly program: { readonly name: string; readonly version: string };
  /** Each clip was repeated to this length; null: played once. */
  readonly repeatToSeconds: number | null;
  /** Frames a second that the line took. */
  readonly cadence: number;
  readonly cameraKind: string;
  readonly zones: readonly ZoneConfig[];
  /** Zones of every kind over the whole picture, default parameters. */
  readonly wholePicture: boolean;
  readonly clips: number;
  /** Hours of different pictures, whatever the repetitions. */
  readonly ownHours: number;
  /** Clips with a truth, left out. */
  readonly withTruth: readonly string[];
  readonly models: readonly FootageFigures[];
  /** Plays that an earlier run had kept. */
  readonly resumed: number;
  readonly wallSeconds: number;
};

/** What is asked for in every table, drawn or not. */
export const askedConcepts = ['stall', 'cart', 'muck_truck'] as const;

/** Rate with Garwood's interval. @param hours watched */
export function dayRateOf(count: number, hours: number): DayRate {
  if (hours <= 0) return { count, hours, perDay: null, interval95: null };
  const days = hours / 24;
  const { low, high } = poisson(count);
  return { count, hours, perDay: count / days, interval95: { low: low / days, high: high / days } };
}

const sum = <T>(items: readonly T[], of: (item: T) => number) => items.reduce((total, item) => total + of(item), 0);

function drawnBoxes(plays: readonly FootagePlay[]): DrawnBoxes[] {
  const frames = sum(plays, (play) => play.boxFrames);
  const concepts = new Set<string>([...askedConcepts, ...plays.flatMap((play) => Object.keys(play.boxes))]);
  const rank = (concept: string) => {
    const asked = (askedConcepts as readonly string[]).indexOf(concept);
    return asked < 0 ? askedConcepts.length : asked;
  };
  return [...concepts]
    .map((concept): DrawnBoxes => {
      const boxes = sum(plays, (play) => play.boxes[concept] ?? 0);
      return { concept, boxes, per100Frames: frames === 0 ? null : (100 * boxes) / frames };
    })
    .sort((a, b) => rank(a.concept) - rank(b.concept) || b.boxes - a.boxes || a.concept.localeCompare(b.concept));
}

/** Figures of one model over its plays. @param kinds those that the zones watch; the others have no hours */
export function footageFigures(
  model: ModelRef,
  plays: readonly FootagePlay[],
  kinds: ReadonlySet<ViolationKind>,
): FootageFigures {
  const hoursOf = (some: readonly FootagePlay[]) => sum(some, (play) => play.streamSeconds) / 3600;
  const hours = hoursOf(plays);
  const alarms = plays.flatMap((play) => play.alarms);
  const byKind = violationKinds.map((kind): [ViolationKind, DayRate] => {
    const own = alarms.filter((alarm) => alarm.kind === kind);
    return [kind, dayRateOf(own.length, kinds.has(kind) ? hours : 0)];
  });
  const folders = [...new Set(plays.map(({ folder }) => folder))].sort();
  return {
    model,
    hours,
    all: dayRateOf(alarms.length, hours),
    byKind: Object.fromEntries(byKind) as Record<ViolationKind, DayRate>,
    byFolder: folders.map((folder): FolderFigures => {
      const own = plays.filter((play) => play.folder === folder);
      const count = sum(own, (play) => play.alarms.length);
      return { folder, clips: own.length, all: dayRateOf(count, hoursOf(own)) };
    }),
    boxFrames: sum(plays, (play) => play.boxFrames),
    boxes: drawnBoxes(plays),
    clips: plays,
  };
}
