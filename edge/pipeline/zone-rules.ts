/** The rules of one camera's zones: one state each, stepped together, saved and restored together. */
import type { ClockState } from '../../contracts/event.ts';
import type { Calendar } from '../../contracts/schedule.ts';
import type { ZoneConfig } from '../../contracts/zone.ts';
import { canonicalJson, sha256Hex } from '../../platform/canonical.ts';
import type { CameraConfig } from '../config.ts';
import type { Composite } from '../domain/composite.ts';
import type { Finding, Observation, SlotUpdate } from '../domain/rule.ts';
import type { Scene } from '../domain/scene.ts';
import { type AnyRule, contextOf, ruleOf } from '../rules/index.ts';

/** What an event says of the rule that made it. */
export type RuleRef = { readonly version: string; readonly params: string };
export type ZoneFinding = {
  readonly zone: string;
  readonly rule: RuleRef;
  readonly finding: Finding;
  /** Clock that its times belong to, where that is not the frame's. */
  readonly clock?: ClockState;
};
export type ZoneObservation = { readonly zone: string; readonly observation: Observation };
export type ZoneSlotUpdate = { readonly zone: string; readonly update: SlotUpdate };
/** `fingerprint`: state is taken up again only by the same rule on the same zone. `open`: what its events said last. */
export type SavedZone = {
  readonly fingerprint: string;
  readonly state: unknown;
  readonly open?: { readonly rule: RuleRef; readonly findings: readonly Finding[] };
};
export type SavedZones = Readonly<Record<string, SavedZone>>;

function createZone(zone: ZoneConfig, camera: CameraConfig, calendar: Calendar, composites: readonly Composite[]) {
  const rule: AnyRule = ruleOf(zone.kind);
  const context = contextOf(zone, { kind: camera.kind, calendar, composites });
  return {
    id: zone.id,
    rule,
    context,
    ref: { version: rule.version, params: sha256Hex(canonicalJson(context.params)) },
    fingerprint: sha256Hex(canonicalJson([rule.version, zone, camera.kind])),
    state: rule.init(),
    open: [] as readonly Finding[],
  };
}

/** The last word of each event that has not ended. */
function openAfter(open: readonly Finding[], findings: readonly Finding[]): readonly Finding[] {
  if (findings.length === 0) return open;
  const said = new Map([...open, ...findings].map((finding) => [finding.key, finding]));
  return [...said.values()].filter(({ phase }) => phase !== 'end');
}

/** Nobody watches on: the event ends where it was last watched, with what was last seen. */
function broken(zone: string, { rule, findings }: NonNullable<SavedZone['open']>, at: number): ZoneFinding[] {
  return findings.map((last) => {
    const time = Math.max(last.at, at);
    return { zone, rule, finding: { ...last, phase: 'end', at: time, endedAt: time, stills: [] } as Finding };
  });
}

export function createZoneRules(camera: CameraConfig, calendar: Calendar, composites: readonly Composite[]) {
  const zones = camera.zones.map((zone) => createZone(zone as ZoneConfig, camera, calendar, composites));
  /** Ends of events whose zone is no more what it was; they go out with the next scene. */
  let ends: readonly ZoneFinding[] = [];
  return {
    step(scene: Scene): {
      readonly findings: readonly ZoneFinding[];
      readonly slots: readonly ZoneSlotUpdate[];
      readonly observations: readonly ZoneObservation[];
    } {
      const observations: ZoneObservation[] = [];
      const findings: ZoneFinding[] = [...ends];
      const slots: ZoneSlotUpdate[] = [];
      ends = [];
      for (const zone of zones) {
        const next = zone.rule.step(zone.state, scene, zone.context);
        zone.state = next.state;
        zone.open = openAfter(zone.open, next.findings);
        for (const finding of next.findings) findings.push({ zone: zone.id, rule: zone.ref, finding });
        for (const update of next.slots) slots.push({ zone: zone.id, update });
        for (const observation of next.observations) observations.push({ zone: zone.id, observation });
      }
      return { findings, slots, observations };
    },
    save: (): SavedZones =>
      Object.fromEntries(
        zones.map(({ id, fingerprint, state, ref, open }) => [
          id,
          { fingerprint, state, open: { rule: ref, findings: open } },
        ]),
      ),
    /**
     * Takes up the states saved at `at`; returns the zones that begin anew because they or their rule changed. Open events
     * of these, and of zones that are gone, end.
     */
    restore(saved: SavedZones, at: number): string[] {
      const same = zones.filter((zone) => saved[zone.id]?.fingerprint === zone.fingerprint);
      for (const zone of same) {
        const found = saved[zone.id] as SavedZone;
        zone.state = found.state;
        zone.open = found.open?.findings ?? [];
      }
      const kept = new Set(same.map(({ id }) => id));
      ends = Object.entries(saved).flatMap(([id, { open }]) => (open && !kept.has(id) ? broken(id, open, at) : []));
      return zones.filter(({ id }) => !kept.has(id)).map(({ id }) => id);
    },
    /** Things that look like a violation and have stood since the first look, in all zones. */
    presentSinceStart: (): number =>
      zones.reduce((sum, { rule, state }) => sum + (rule.presentSinceStart?.(state) ?? 0), 0),
    /** Nothing is under way in any zone that beginning anew would lose. */
    isIdle: (): boolean =>
      ends.length === 0 && zones.every(({ rule, state, open }) => open.length === 0 && rule.isIdle(state)),
    /** Every zone begins anew; open events end where they were last told of, by the clock of that time. */
    reset(clock?: ClockState): void {
      const cut = zones.flatMap(({ id, ref, open }) => broken(id, { rule: ref, findings: open }, 0));
      ends = [...ends, ...(clock ? cut.map((end) => ({ ...end, clock })) : cut)];
      for (const zone of zones) Object.assign(zone, { state: zone.rule.init(), open: [] });
    },
  };
}
