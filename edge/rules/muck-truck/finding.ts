/** What is reported of a pass: the finding with its detail and the evidence that proves it, and its observation. */
import type { Detail } from '../../../contracts/violations/index.ts';
import type { EvidenceRequest, Finding, Observation, RuleContext } from '../../domain/rule.ts';
import { clamp, roundTo } from '../../geometry/numbers.ts';
import { pictures, slotOf } from './pictures.ts';
import type { SpillWatch } from './spill.ts';
import type { Truck } from './truck.ts';
import { BETTER, MIN_SIGHTS } from './tuning.ts';
import { type BedDecision, decide } from './votes.ts';
import { isUnwashed, washSeconds } from './wash.ts';

type Context = RuleContext<'muck-truck'>;
type Phase = Finding<'muck-truck'>['phase'];
export type PassFinding = Detail<'muck-truck'>['findings'][number];
export type Pass = {
  readonly truck: Truck;
  readonly decision: BedDecision;
  readonly watch: SpillWatch | undefined;
};

/**
 * A gate pass that is counted, with a finding or without. `at`: the instant of crossing, ms. Null for a flicker, and for
 * what was counted before.
 */
export function observationOf(truck: Truck, context: Context): Observation<'muck-truck'> | null {
  const { crossed } = truck.passage;
  if (!crossed || truck.counted || truck.sights < MIN_SIGHTS) return null;
  const { load, cover } = decide(truck.votes, context.params.minBedFrames);
  return { kind: 'muck-truck', at: crossed.at, observed: { direction: crossed.direction, load, cover } };
}

/** What is wrong with a pass. `no-permit` is not among it: no plate has been read, so nothing is known of permits. */
export function findingsOf({ truck, decision, watch }: Pass, context: Context): PassFinding[] {
  if (truck.passage.crossed?.direction !== 'outbound' || truck.sights < MIN_SIGHTS) return [];
  const found: PassFinding[] = [];
  if (decision.uncovered) found.push('uncovered');
  if (watch?.spill) found.push('spill');
  if (decision.muck && isUnwashed(truck.wash, context)) found.push('unwashed');
  return found;
}

function stillsOf(
  phase: Phase,
  { truck, watch }: Pass,
  found: readonly PassFinding[],
  context: Context,
): EvidenceRequest[] {
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

/** @param at ms; @param found all that is wrong with the pass by now, in the order in which it was found */
export function findingOf(
  phase: Phase,
  pass: Pass,
  found: readonly PassFinding[],
  at: number,
  context: Context,
): Finding<'muck-truck'> {
  const { truck, decision, watch } = pass;
  const crossed = truck.passage.crossed ?? { at: truck.firstAt, x: truck.foot[0], direction: 'outbound' as const };
  const key = truck.fired?.key ?? `${crossed.at}-${Math.round(crossed.x * 1000)}`;
  const box = truck.box.map((v) => roundTo(clamp(v, -1, 2), 5)) as [number, number, number, number];
  const score = roundTo(truck.score, 4);
  const startedAt = truck.fired ? Number(key.split('-')[0]) : crossed.at;
  return {
    kind: 'muck-truck',
    phase,
    key,
    startedAt,
    at,
    endedAt: phase === 'end' ? Math.max(startedAt, truck.seenAt) : null,
    score,
    objects: [{ track: truck.track, class: decision.muck ? 'muck_truck' : 'truck', score, box }],
    detail: {
      direction: 'outbound',
      load: decision.load,
      cover: decision.cover,
      spill: watch?.spill
        ? { areaM2: watch.spill.areaM2, polygon: watch.spill.polygon.map(([x, y]) => [roundTo(x, 5), roundTo(y, 5)]) }
        : null,
      washSeconds: washSeconds(truck.wash, context),
      plate: null,
      permit: null,
      findings: [...found],
      site: context.zone.site ?? null,
      bedFrames: decision.bedFrames,
    },
    stills: stillsOf(phase, pass, found, context),
  };
}
