/** Figures of events over many clips: by kind, by what the scene was like, and false alarms in an hour of watching. */
import { type ViolationKind, violationKinds } from '../../contracts/violations/index.ts';
import { type Delays, delaysOf, type Rate, rateOf, type Share, shareOf } from '../metrics/share.ts';
import { addScores, type KindScore, type MatchOutcome, scoreOutcomes } from '../scoring/event-match.ts';
import type { SceneKey } from '../truth/truth.ts';

/** What became of one clip's violations and events. */
export type ClipOutcomes = {
  readonly clip: string;
  readonly scene: SceneKey;
  /** Hard negatives that are in the clip. */
  readonly negatives: readonly string[];
  /** Kinds that its zones watch for. */
  readonly kinds: readonly ViolationKind[];
  /** Length of what was watched, s. */
  readonly seconds: number;
  readonly outcomes: readonly MatchOutcome[];
};

export type KindReport = Omit<KindScore, 'delays'> & {
  readonly precision: Share;
  readonly recall: Share;
  /** From due to reported, s. */
  readonly delaySeconds: Delays | null;
};
export type SceneRow = KindReport & Partial<SceneKey> & { readonly kind: ViolationKind; readonly clips: number };
export type FalseAlarms = {
  readonly clips: number;
  readonly all: Rate;
  readonly byKind: Readonly<Record<ViolationKind, Rate>>;
};
export type EventReport = {
  readonly byKind: Readonly<Record<ViolationKind, KindReport>>;
  readonly breakdown: {
    readonly byWorld: readonly SceneRow[];
    readonly byLight: readonly SceneRow[];
    readonly byWeather: readonly SceneRow[];
    /** Each kind, world, light and weather that there is a clip of. */
    readonly cells: readonly SceneRow[];
  };
  /** On clips without a violation; whatever is reported there is false. */
  readonly hardNegatives: FalseAlarms & {
    readonly byNegative: readonly (Rate & { readonly name: string; readonly clips: number })[];
  };
  /** On all clips, those with violations too. */
  readonly falseAlarms: FalseAlarms;
};

function kindReport({ truth, detected, falseAlarms, delays }: KindScore): KindReport {
  return {
    truth,
    detected,
    falseAlarms,
    precision: shareOf(detected, detected + falseAlarms),
    recall: shareOf(detected, truth),
    delaySeconds: delaysOf(delays),
  };
}

const isFalse = ({ verdict }: MatchOutcome): boolean => verdict === 'false';
const hoursOf = (clips: readonly ClipOutcomes[]) => clips.reduce((sum, { seconds }) => sum + seconds, 0) / 3600;

/** One row a kind and each combination of the given keys that a clip has. */
function rowsBy(clips: readonly ClipOutcomes[], keys: readonly (keyof SceneKey)[]): SceneRow[] {
  return violationKinds.flatMap((kind) => {
    const groups = new Map<string, ClipOutcomes[]>();
    for (const clip of clips) {
      if (!clip.kinds.includes(kind) && !clip.outcomes.some((outcome) => outcome.kind === kind)) continue;
      const name = keys.map((key) => clip.scene[key]).join(' ');
      groups.set(name, [...(groups.get(name) ?? []), clip]);
    }
    return [...groups]
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([, own]): SceneRow => {
        const scene = Object.fromEntries(keys.map((key) => [key, own[0]?.scene[key]])) as Partial<SceneKey>;
        const score = addScores(own.map(({ outcomes }) => scoreOutcomes(outcomes)))[kind];
        return { kind, ...scene, clips: own.length, ...kindReport(score) };
      });
  });
}

function falseAlarmsOf(clips: readonly ClipOutcomes[]): FalseAlarms {
  const outcomes = clips.flatMap((clip) => clip.outcomes).filter(isFalse);
  const rateOfKind = (kind: ViolationKind) =>
    rateOf(
      outcomes.filter((outcome) => outcome.kind === kind).length,
      hoursOf(clips.filter(({ kinds }) => kinds.includes(kind))),
    );
  return {
    clips: clips.length,
    all: rateOf(outcomes.length, hoursOf(clips)),
    byKind: Object.fromEntries(violationKinds.map((kind) => [kind, rateOfKind(kind)])) as Record<ViolationKind, Rate>,
  };
}

function byNegative(clips: readonly ClipOutcomes[]) {
  return [...new Set(clips.flatMap(({ negatives }) => negatives))].sort().map((name) => {
    const own = clips.filter(({ negatives }) => negatives.includes(name));
    return { name, ...falseAlarmsOf(own).all, clips: own.length };
  });
}

/** Figures of all clips; shares with Wilson intervals, rates with Poisson intervals, delays in s. */
export function reportEvents(clips: readonly ClipOutcomes[]): EventReport {
  const all = addScores(clips.map(({ outcomes }) => scoreOutcomes(outcomes)));
  const calm = clips.filter(({ outcomes }) => outcomes.every(isFalse));
  return {
    byKind: Object.fromEntries(violationKinds.map((kind) => [kind, kindReport(all[kind])])) as Record<
      ViolationKind,
      KindReport
    >,
    breakdown: {
      byWorld: rowsBy(clips, ['world']),
      byLight: rowsBy(clips, ['light']),
      byWeather: rowsBy(clips, ['weather']),
      cells: rowsBy(clips, ['world', 'light', 'weather']),
    },
    hardNegatives: { ...falseAlarmsOf(calm), byNegative: byNegative(calm) },
    falseAlarms: falseAlarmsOf(clips),
  };
}
