/** What the rule says of a pass: the finding with its detail and the stills that prove it. */
import type { Detail } from '../../../contracts/violations/index.ts';
import type { EvidenceRequest, Finding, Observation, RuleContext } from '../../domain/rule.ts';
import { pictures, slotOf } from './pictures.ts';
import type { Watch } from './spill.ts';
import type { Truck } from './truck.ts';
import { decide, type Verdict } from './votes.ts';
import { isUnwashed, washSeconds } from './wash.ts';

type Context = RuleContext<'muck-truck'>;
type Phase = Finding<'muck-truck'>['phase'];
export type Found = Detail<'muck-truck'>['findings'][number];
export type Pass = {
  readonly truck: Truck;
  readonly verdict: Verdict;
  readonly watch: Watch | undefined;
};

/** Sights below which nothing is said of a truck: a flicker is no pass. */
const LEAST_SIGHTS = 3;
/** The plate's picture must have become so much better to be sent once more. */
const BETTER = 1.15;

const round = (value: number, digits: number) => Number(value.toFixed(digits));

/**
 * A gate pass that is counted, with a finding or without. `at`: the instant of crossing, ms. Null for a flicker, and for
 * what was counted before.
 */
export function observationOf(truck: Truck, context: Context): Observation<'muck-truck'> | null {
  const { crossed } = truck.passage;
  if (!crossed || truck.counted || truck.sights < LEAST_SIGHTS) return null;
  const { load, cover } = decide(truck.votes, context.params.minBedFrames);
  return { kind: 'muck-truck', at: crossed.at, observed: { direction: crossed.direction, load, cover } };
}

/** No plate has been read, so that nothing is known of permits and `no-permit` is not said. */
export function findingsOf({ truck, verdict, watch }: Pass, context: Context): Found[] {
  if (truck.passage.crossed?.direction !== 'outbound' || truck.sights < LEAST_SIGHTS) return [];
  const found: Found[] = [];
  if (verdict.uncovered) found.push('uncovered');
  if (watch?.spill) found.push('spill');
  if (verdict.muck && isUnwashed(truck.wash, context)) found.push('unwashed');
  return found;
}

function stillsOf(phase: Phase, { truck, watch }: Pass, found: readonly Found[], context: Context): EvidenceRequest[] {
  const stills: EvidenceRequest[] = [];
  if (phase === 'start') {
    for (const what of pictures) {
      if (truck[what] > 0) stills.push({ role: what, from: 'slot', slot: slotOf(context, truck, what) });
    }
    stills.push({ role: 'during', from: 'frame' });
  } else if (truck.fired && truck.plate > truck.fired.plate * BETTER) {
    stills.push({ role: 'plate', from: 'slot', slot: slotOf(context, truck, 'plate') });
  }
  const spillIsNew = found.includes('spill') && !truck.fired?.findings.includes('spill');
  if (watch?.spill && spillIsNew) {
    stills.push(
      { role: 'ground-before', from: 'history', before: watch.beforeAt },
      { role: 'ground-after', from: 'frame' },
    );
  }
  if (phase === 'end') {
    if (!watch?.spill) stills.push({ role: 'after', from: 'frame' });
    stills.push({ role: 'clip', from: 'clip', slot: slotOf(context, truck, 'pass') });
  }
  return stills;
}

export function findingOf(
  phase: Phase,
  pass: Pass,
  found: readonly Found[],
  at: number,
  context: Context,
): Finding<'muck-truck'> {
  const { truck, verdict, watch } = pass;
  const crossed = truck.passage.crossed ?? { at: truck.firstAt, x: truck.foot[0], direction: 'outbound' as const };
  const key = truck.fired?.key ?? `${crossed.at}-${Math.round(crossed.x * 1000)}`;
  const box = truck.box.map((v) => round(Math.min(2, Math.max(-1, v)), 5)) as [number, number, number, number];
  const score = round(truck.score, 4);
  const startedAt = truck.fired ? Number(key.split('-')[0]) : crossed.at;
  return {
    kind: 'muck-truck',
    phase,
    key,
    startedAt,
    at,
    endedAt: phase === 'end' ? Math.max(startedAt, truck.seenAt) : null,
    score,
    objects: [{ track: truck.track, class: verdict.muck ? 'muck_truck' : 'truck', score, box }],
    detail: {
      direction: 'outbound',
      load: verdict.load,
      cover: verdict.cover,
      spill: watch?.spill
        ? { areaM2: watch.spill.areaM2, polygon: watch.spill.polygon.map(([x, y]) => [round(x, 5), round(y, 5)]) }
        : null,
      washSeconds: washSeconds(truck.wash, context),
      plate: null,
      permit: null,
      findings: [...found],
      site: context.zone.site ?? null,
      bedFrames: verdict.bedFrames,
    },
    stills: stillsOf(phase, pass, found, context),
  };
}
