/** The rules of one camera's zones: one state each, stepped together, saved and restored together. */
import type { Calendar } from '../../contracts/schedule.ts';
import type { ZoneConfig } from '../../contracts/zone.ts';
import { canonicalJson, sha256Hex } from '../../platform/canonical.ts';
import type { CameraConfig } from '../config.ts';
import type { Composite } from '../domain/composite.ts';
import type { Finding, Keep } from '../domain/rule.ts';
import type { Scene } from '../domain/scene.ts';
import { type AnyRule, ruleOf, settingOf } from '../rules/index.ts';

/** What an event says of the rule that made it. */
export type RuleRef = { readonly version: string; readonly params: string };
export type ZoneFinding = { readonly zone: string; readonly rule: RuleRef; readonly finding: Finding };
export type ZoneKeep = { readonly zone: string; readonly keep: Keep };
/** `fingerprint`: state is taken up again only by the same rule on the same zone. */
export type SavedZone = { readonly fingerprint: string; readonly state: unknown };
export type SavedZones = Readonly<Record<string, SavedZone>>;

function createZone(zone: ZoneConfig, camera: CameraConfig, calendar: Calendar, composites: readonly Composite[]) {
  const rule: AnyRule = ruleOf(zone.kind);
  const setting = settingOf(zone, { kind: camera.kind, calendar, composites });
  return {
    id: zone.id,
    rule,
    setting,
    ref: { version: rule.version, params: sha256Hex(canonicalJson(setting.params)) },
    fingerprint: sha256Hex(canonicalJson([rule.version, zone, camera.kind])),
    state: rule.init(),
  };
}

export function createZoneRules(camera: CameraConfig, calendar: Calendar, composites: readonly Composite[]) {
  const zones = camera.zones.map((zone) => createZone(zone as ZoneConfig, camera, calendar, composites));
  return {
    step(scene: Scene): { readonly findings: readonly ZoneFinding[]; readonly keeps: readonly ZoneKeep[] } {
      const findings: ZoneFinding[] = [];
      const keeps: ZoneKeep[] = [];
      for (const zone of zones) {
        const next = zone.rule.step(zone.state, scene, zone.setting);
        zone.state = next.state;
        for (const finding of next.findings) findings.push({ zone: zone.id, rule: zone.ref, finding });
        for (const keep of next.keeps) keeps.push({ zone: zone.id, keep });
      }
      return { findings, keeps };
    },
    save: (): SavedZones => Object.fromEntries(zones.map(({ id, fingerprint, state }) => [id, { fingerprint, state }])),
    /** Takes up saved states; returns the zones that begin anew because they or their rule changed. */
    restore(saved: SavedZones): string[] {
      const anew: string[] = [];
      for (const zone of zones) {
        const found = saved[zone.id];
        if (found?.fingerprint === zone.fingerprint) zone.state = found.state;
        else anew.push(zone.id);
      }
      return anew;
    },
    reset(): void {
      for (const zone of zones) zone.state = zone.rule.init();
    },
  };
}
